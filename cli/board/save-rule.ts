import { randomUUID } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { WorkFault } from '../../src/board/source';
import { decode } from '../../src/events/decode';
import { timeBasisOf } from '../../src/plan/rule-plan';
import { findTactic } from '../../src/rules/catalogue/mitre';
import { formatProblem, hasErrors } from '../../src/rules/problem';
import type { WorkspaceRule } from '../../src/rules/workspace';
import { LegRunner } from '../../src/streaming/leg-runner';
import { openWorkspace } from '../offline/workspace';
import { readCases } from '../testing/case-file';
import { runCase } from '../testing/run-case';
import type { SavedDraft, WorkEvents } from './messages';
import { bodiesOf } from './work-events';

/** Events of a saved test: those that come through the rule, and as many that do not. */
const MOST_HITS = 10;
const MOST_MISSES = 2;
const SEVERITIES = ['Informational', 'Low', 'Medium', 'High'];

/**
 * Writes a rule and its test into a folder: the test holds events of those that were tried and the number of rows that they give now.
 * Nothing is kept of a rule that does not compile. Throws WorkFault.
 */
export async function saveRule(
  draft: SavedDraft,
  events: WorkEvents,
  folder: string,
): Promise<{ readonly rule: string; readonly test: string }> {
  const slug = draft.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
  if (slug === '' || draft.name.length > 200) throw new WorkFault('give the rule a name of letters and digits');
  if (!SEVERITIES.includes(draft.severity)) throw new WorkFault(`the severity is one of ${SEVERITIES.join(', ')}`);
  if (draft.tactic !== '' && !findTactic(draft.tactic)) throw new WorkFault('the tactic is none of MITRE ATT&CK');
  if (draft.technique !== '' && !/^T\d{4}(?:\.\d{3})?$/.test(draft.technique))
    throw new WorkFault('the technique is one like T1021 or T1021.003');
  const rule = join(folder, `${slug}.yaml`);
  const test = join(folder, `${slug}.test.yaml`);
  for (const file of [rule, test]) if (existsSync(file)) throw new WorkFault(`there is a file ${file} already`);
  writeFileSync(rule, ruleText(draft), { flag: 'wx' });
  try {
    const workspace = await openWorkspace([folder], { offline: true }, { orEmpty: true });
    const compiled = workspace.rules.find(({ file }) => file.file === rule);
    if (!compiled || hasErrors(compiled.problems))
      throw new WorkFault(
        `the rule was not saved: ${compiled?.problems.map(formatProblem).join('; ') ?? 'it is no rule'}`,
      );
    const bodies = await chosenEvents(compiled, events);
    writeFileSync(test, testText(draft.name, bodies, 0), { flag: 'wx' });
    const [first] = readCases(test).cases;
    const { rows } = await runCase(workspace, compiled, first!);
    writeFileSync(test, testText(draft.name, bodies, rows.length));
    return { rule, test };
  } catch (error) {
    for (const file of [rule, test]) rmSync(file, { force: true });
    throw error;
  }
}

const ruleText = ({ name, query, severity, tactic, technique }: SavedDraft): string =>
  stringify(
    {
      id: randomUUID(),
      name,
      description: `'${name}'`,
      severity,
      requiredDataConnectors: [],
      queryFrequency: '1h',
      queryPeriod: '1h',
      triggerOperator: 'gt',
      triggerThreshold: 0,
      tactics: tactic === '' ? [] : [tactic],
      relevantTechniques: technique === '' ? [] : [technique],
      query: `${query.trim()}\n`,
      version: '1.0.0',
      kind: 'Scheduled',
    },
    { lineWidth: 0 },
  );

/** A record as text: a test file is YAML, and takes what any shape of event is. */
const testText = (name: string, bodies: readonly string[], rows: number): string =>
  `# Events that this rule was tried on, and the rows that they gave. Run: outrider test\n${stringify(
    [
      {
        name: `the events that '${name}' was tried on`,
        events: bodies.map((raw) => ({ raw })),
        expect: rows === 0 ? 'none' : rows,
      },
    ],
    { lineWidth: 0 },
  )}`;

async function chosenEvents({ plan }: WorkspaceRule, events: WorkEvents): Promise<string[]> {
  const runners = plan!.stream.legs.map((leg) => new LegRunner(leg, plan!.stream.paneMs, timeBasisOf(plan!.schedule)));
  const hits: string[] = [];
  const misses: string[] = [];
  for await (const body of bodiesOf(events)) {
    const { records } = decode({ body });
    const isHit = records.some(({ table, fields }) =>
      runners.some((runner) => {
        try {
          return runner.survivors({ table, fields, ingestion: 0n, origin: '' }).length > 0;
        } catch {
          // An event that the rule fails on is none to show what it finds.
          return false;
        }
      }),
    );
    const list = isHit ? hits : misses;
    if (list.length < (isHit ? MOST_HITS : MOST_MISSES)) list.push(body.toString('utf8'));
    if (hits.length === MOST_HITS && misses.length === MOST_MISSES) break;
  }
  return [...hits, ...misses];
}
