import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measure, Result } from '../frame/measure';
import { type ProcessRun, runNodeWell } from '../frame/process';
import { summaryOf } from '../frame/statistics';
import { writeRows } from '../inputs/rows-file';

const COMMAND = join('dist', 'cli', 'outrider.js');
const RULE = join('rules', 'lateral-movement-via-dcom.yaml');
const PEERS = join('bench', 'peers');

type ResultRow = Readonly<Record<string, unknown>>;

/** A program that runs the rule over a file, and the result rows it found. */
interface Program {
  readonly name: string;
  args(rows: string): readonly string[];
  answer(stdout: string): readonly ResultRow[];
}

const OUTRIDER: Program = {
  name: 'outrider run',
  args: (rows) => [COMMAND, 'run', '--rules', RULE, '--input', rows],
  answer: (stdout) =>
    stdout
      .split('\n')
      .filter(Boolean)
      .flatMap((line) => (JSON.parse(line) as { Results: ResultRow[] }).Results),
};

const DUCKDB: Program = {
  name: 'DuckDB',
  args: (rows) => [join(PEERS, 'duckdb.mjs'), rows],
  answer: (stdout) => (JSON.parse(stdout) as { rows: ResultRow[] }).rows,
};

/** Columns that SQL gives as well; the query makes two more of Computer. */
const COLUMNS = [
  ...['StartTime', 'EndTime', 'EventID', 'Computer', 'User', 'ParentImage', 'ParentProcessGuid', 'ParentCommandLine'],
  ...['ParentUser', 'Image', 'ProcessGuid', 'CommandLine', 'Description'],
];

const asText = (rows: readonly ResultRow[]): string[] =>
  rows.map((row) => JSON.stringify(COLUMNS.map((column) => row[column]))).sort();

/** `outrider run` as a user starts it, the process from its start to its end over a file, in turns with its peers where they are installed. */
export const RUN: Measure = {
  name: 'run',
  title: 'outrider run, whole process, 1 rule (DCOM)',
  async run({ isQuick, progress }) {
    const count = isQuick ? 5_000 : 200_000;
    const programs = [OUTRIDER, ...(existsSync(join(PEERS, 'node_modules', '@duckdb')) ? [DUCKDB] : [])];
    const folder = mkdtempSync(join(tmpdir(), 'outrider-bench-run-'));
    try {
      const rows = join(folder, 'rows.ndjson');
      progress(`writing ${count} rows`);
      const { name: from, bytes } = writeRows(rows, count);
      const rounds: ProcessRun[][] = [];
      // The first reads the file into the memory of the system.
      for (let round = 0; round < (isQuick ? 1 : 6); round++) {
        const runs: ProcessRun[] = [];
        for (const program of programs) {
          progress(`${program.name}, round ${round}`);
          runs.push(await runNodeWell(program.args(rows)));
        }
        if (round > 0 || isQuick) rounds.push(runs);
      }
      const answers = programs.map((program, i) => asText(program.answer(rounds[0]![i]!.stdout)));
      const [own] = answers;
      if (own!.length === 0) throw new Error('outrider run found nothing in rows that hold attacks');
      answers.forEach((answer, i) => {
        if (JSON.stringify(answer) !== JSON.stringify(own))
          throw new Error(
            `${programs[i]!.name} gives ${answer.length} rows, outrider run ${own!.length}, and they differ`,
          );
      });
      const rate = (program: number, of: 'wall' | 'cpu') =>
        summaryOf(rounds.map((runs) => (count / runs[program]![of]) * 1000));
      const sizes = {
        rules: 1,
        events: count,
        MiB: Math.round(bytes / 2 ** 20),
        'result rows': own!.length,
        'events from': from,
      };
      const peers = programs.slice(1).map((peer, i): Result => {
        const ratio = (of: 'wall' | 'cpu') => summaryOf(rounds.map((runs) => runs[i + 1]![of] / runs[0]![of]));
        return {
          name: `run/${peer.name.toLowerCase()}`,
          title: `outrider run against ${peer.name} doing the same rule as SQL, with the same answer`,
          unit: 'events/s',
          wall: rate(i + 1, 'wall'),
          cpu: rate(i + 1, 'cpu'),
          ratio: { to: `${peer.name} (its own rates above)`, wall: ratio('wall'), cpu: ratio('cpu') },
          floor: { of: 'ratio.wall', atLeast: 1 },
          sizes,
        };
      });
      return [
        { name: this.name, title: this.title, unit: 'events/s', wall: rate(0, 'wall'), cpu: rate(0, 'cpu'), sizes },
        ...peers,
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
