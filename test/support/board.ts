import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AlertJson } from '../../src/alerts/sinks/sink';
import { Board, type BoardOptions } from '../../src/board/board';
import type { StoredPage } from '../../src/board/pages';
import { type BoardServer, serveBoard } from '../../src/board/server';
import type { BoardSource } from '../../src/board/source';
import { DeadLetters } from '../../src/deadletters/dead-letters';
import { createEngine, type Engine } from '../../src/engine';
import { rulePages } from '../../src/explain/page/page';
import { deadLetterWriter } from '../../src/host/dead-letters';
import type { RulePlan } from '../../src/plan/rule-plan';
import { loadWorkspace, type WorkspaceRule } from '../../src/rules/workspace';
import { MemoryStore } from '../../src/state/memory';
import { engineOptions } from './engine-options';
import { MemoryBodies } from './memory-bodies';

import { ROOT } from './root';

const TABLES = { state: 'state', alerts: 'alerts', control: 'control' };
export const BOARD_FOLDER = join(ROOT, 'dist', 'board');

/** A board over the engine that is deployed, with a store in memory. */
export interface BoardWorld {
  readonly rules: readonly WorkspaceRule[];
  readonly plans: readonly RulePlan[];
  readonly store: MemoryStore;
  readonly letters: DeadLetters;
  readonly engine: Engine;
  readonly source: BoardSource;
  readonly sent: AlertJson[];
  /** Evaluates rows as messages of a hub; each its own. */
  send(...rows: readonly object[]): Promise<void>;
  board(options?: Partial<BoardOptions>): Board;
  serve(options?: Partial<BoardOptions>): Promise<BoardServer>;
}

/** `files`: text by path, below a folder of rules. */
export async function boardWorld(
  files: Readonly<Record<string, string>>,
  changes: Partial<BoardSource> = {},
): Promise<BoardWorld> {
  const rules = await compiled(files);
  const plans = rules.flatMap(({ plan }) => (plan ? [plan] : []));
  const pages = rulePages(rules, rules).map(
    (page): StoredPage => ({ hash: plans.find(({ rule }) => rule.id === page.id)!.hash, page }),
  );
  const store = new MemoryStore();
  const letters = new DeadLetters(store, 'letters', new MemoryBodies());
  const sent: AlertJson[] = [];
  const sink = {
    name: 'memory',
    async send(alerts: readonly AlertJson[]) {
      sent.push(...alerts);
      return { failed: [] };
    },
  };
  const engine = createEngine(
    engineOptions(store, { plans, mode: 'replay', sinks: [sink], deadLetters: deadLetterWriter(letters) }),
  );
  const source: BoardSource = {
    session: { host: 'local', name: 'test', mode: 'replay' },
    storage: async () => ({ store, tables: TABLES, letters }),
    plans: async () => plans,
    pages: () => pages,
    health: async () => ({ status: 'ok', checks: [{ name: 'store', status: 'ok', detail: 'answers' }], pending: [] }),
    graceMs: () => 300_000,
    ...changes,
  };
  let sequenceNumber = 0;
  const board = (options: Partial<BoardOptions> = {}): Board =>
    new Board({ source, folder: BOARD_FOLDER, isLive: true, ...options });
  return {
    ...{ rules, plans, store, letters, engine, source, sent, board },
    async send(...rows) {
      const messages = rows.map((row) => ({
        body: Buffer.from(JSON.stringify(row)),
        sequenceNumber: sequenceNumber++,
        enqueuedTime: Date.now(),
      }));
      await engine.evaluate({ source: { namespace: 'n', hub: 'h', partition: '0' }, messages });
    },
    serve: (options) => serveBoard(board(options), 0),
  };
}

const known = new Map<string, Promise<readonly WorkspaceRule[]>>();

/** Compiles rules once for all worlds that have them. */
function compiled(files: Readonly<Record<string, string>>): Promise<readonly WorkspaceRule[]> {
  const key = JSON.stringify(files);
  const rules = known.get(key) ?? compile(files);
  known.set(key, rules);
  return rules;
}

async function compile(files: Readonly<Record<string, string>>): Promise<readonly WorkspaceRule[]> {
  const folder = mkdtempSync(join(tmpdir(), 'outrider-board-test-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { rules, problems } = await loadWorkspace({ rules: [folder], tables: [join(ROOT, 'tables')] });
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
    return rules;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The YAML of a rule; `query` is indented as it needs to be. */
export const ruleYaml = (id: string, name: string, query: string, more = ''): string =>
  `id: ${id}
name: ${JSON.stringify(name)}
description: ${JSON.stringify(`'About ${name}'`)}
severity: High
requiredDataConnectors: []
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
tactics:
  - LateralMovement
relevantTechniques:
  - T1021.003
query: |
${query
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
version: 1.0.0
kind: Scheduled
${more}`;

/** A row of the table Event. */
export const eventRow = (time: string, fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  Type: 'Event',
  TimeGenerated: time,
  Computer: 'ws1.corp.example',
  EventID: 1,
  EventLog: 'Microsoft-Windows-Sysmon/Operational',
  Source: 'Microsoft-Windows-Sysmon',
  EventData: '',
  RenderedDescription: '',
  ...fields,
});
