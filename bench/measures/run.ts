import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measure } from '../frame/measure';
import { type ProcessRun, runNodeWell } from '../frame/process';
import { summaryOf } from '../frame/statistics';
import { writeRows } from '../inputs/rows-file';

const COMMAND = join('dist', 'cli', 'outrider.js');
const RULE = join('rules', 'lateral-movement-via-dcom.yaml');

/** `outrider run` as a user starts it: the process from its start to its end, over a file. */
export const RUN: Measure = {
  name: 'run',
  title: 'outrider run, whole process, 1 rule (DCOM)',
  async run({ isQuick, progress }) {
    const count = isQuick ? 2_000 : 200_000;
    const folder = mkdtempSync(join(tmpdir(), 'outrider-bench-run-'));
    try {
      const rows = join(folder, 'rows.ndjson');
      progress(`writing ${count} rows`);
      const { name, bytes } = writeRows(rows, count);
      const runs: ProcessRun[] = [];
      // The first reads the file into the memory of the system.
      for (let round = 0; round < (isQuick ? 1 : 4); round++) {
        progress(`outrider run, round ${round}`);
        const run = await runNodeWell([COMMAND, 'run', '--rules', RULE, '--input', rows]);
        if (round > 0 || isQuick) runs.push(run);
      }
      const alerts = runs[0]!.stdout.split('\n').filter(Boolean).length;
      return [
        {
          name: this.name,
          title: this.title,
          unit: 'events/s',
          wall: summaryOf(runs.map(({ wall }) => (count / wall) * 1000)),
          cpu: summaryOf(runs.map(({ cpu }) => (count / cpu) * 1000)),
          sizes: { rules: 1, events: count, MiB: bytes / 2 ** 20, alerts, 'events from': name },
        },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
