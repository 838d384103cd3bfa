// Breaks a rule of the protocol at a time, in a copy, and shows which of the fixed interleavings notice: node scripts/mutations.mjs [NAME…]
// Exit 1 where a mutation is not noticed, or cannot be made any more.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const TESTS = [
  ...['interleavings', 'zombies', 'clocks', 'suppression', 'one-rule'].map((name) => `test/chaos/${name}.test.ts`),
  ...['rule-race', 'suppression', 'source-names', 'isolation', 'forgetting', 'early', 'guard', 'side-by-side'].map(
    (name) => `test/engine/${name}.test.ts`,
  ),
  ...[
    'progress',
    'lateness',
    'resend-claims',
    'resend-windows',
    'flush-interleavings',
    'flush-budget',
    'held-state',
  ].map((name) => `test/engine/${name}.test.ts`),
  'test/alerts/delivery/interleavings.test.ts',
  'test/host/hub.test.ts',
];
/** Where it is known which test is for a mutation, that one alone is run: `node scripts/mutations.mjs` takes minutes and not hours. */
const NOTICED_BY = {
  'test/chaos/interleavings.test.ts': [
    'skip the mark',
    'send before ready',
    'clear a note without its ETag',
    'read groups before the mark',
    'write over a mark that another has changed',
    'decide now() at arrival',
    'read a window before it is published as closing',
    'look for closing windows before rows are counted',
  ],
  'test/chaos/zombies.test.ts': ['judge a window by what is left of its state'],
  'test/chaos/clocks.test.ts': ['believe the clock of the process', 'take rules for new by one clock'],
  'test/engine/rule-race.test.ts': ['begin a rule that others may have begun'],
  'test/engine/suppression.test.ts': [
    'suppress a window without its record',
    'leave a window suppressed by an alert that was withdrawn',
  ],
  'test/engine/source-names.test.ts': ['name a hub by the namespace of the settings'],
  'test/host/hub.test.ts': [
    'take a batch that is tried again for one of the new hub',
    'ask when a hub was created only after a while',
  ],
  'test/engine/forgetting.test.ts': ['forget a rule with late panes'],
  'test/engine/isolation.test.ts': [
    'count nothing for a refused plan and say nothing',
    'throw where a stored plan is refused',
    'end a flush where a window fails',
    'end a flush where a rule fails',
  ],
  'test/alerts/delivery/interleavings.test.ts': ['publish a window that another run has begun'],
  'test/engine/progress.test.ts': ['let progress go back'],
  'test/engine/early.test.ts': ['leave an early alert open'],
  'test/engine/lateness.test.ts': [
    'pass a refused row before its letter is written',
    'say nothing of what can no longer be corrected',
  ],
  'test/engine/resend-claims.test.ts': [
    'pass a refused row without holding its place',
    'pass a failed record without holding its place',
    'count a letter whatever the hub has counted',
    'read a hub again and say nothing to its letters',
    'claim in a letter what legs to come will count',
  ],
  'test/engine/resend-windows.test.ts': ['delete a letter whose windows are gone'],
  'test/engine/side-by-side.test.ts': [
    'take a window for open to its very end',
    'leave commits under way after a failure',
    'write letters of one record at the same time',
    'count into several partitions where each is noted',
  ],
  'test/engine/guard.test.ts': ['begin a batch without a note', 'try a step of a message for ever'],
};
const testsOf = (name) => {
  const own = Object.keys(NOTICED_BY).filter((test) => NOTICED_BY[test].includes(name));
  return own.length > 0 ? own : TESTS;
};

const COPIED = [
  'src',
  'test',
  'rules',
  'tables',
  'local',
  'scripts',
  'package.json',
  'tsconfig.json',
  'jest.config.cjs',
];

/** Each text must be there once: a mutation that does not fit any more is not passed over. */
const MUTATIONS = {
  'skip the mark': [
    ['src/state/commit.ts', 'let rest = after(rows, mark);', 'let rest: readonly CommitRow<R>[] = [...rows];'],
  ],
  'send before ready': [
    [
      'src/alerts/delivery/publish.ts',
      'manifest: window.manifest,',
      'manifest: changes.map((change) => change.entry),',
    ],
  ],
  'clear a note without its ETag': [
    [
      'src/engine/late-notes.ts',
      'rowKey: encodeTime(paneStart),\n    ifMatch: etag,',
      "rowKey: encodeTime(paneStart),\n    ifMatch: '*',",
    ],
  ],
  'say of a note that was written again what is done': [
    [
      'src/engine/late-notes.ts',
      'done.slice(0, MOST_STRETCHES)) },\n    ifMatch: etag',
      "done.slice(0, MOST_STRETCHES)) },\n    ifMatch: '*'",
    ],
  ],
  'read a window before it is published as closing': [
    ['src/engine/due-windows.ts', 'closingEnd: Math.max(closingEnd, due.at(-1)!.end)', 'closingEnd'],
  ],
  'read the cursors before the notes': [
    [
      'src/engine/flush.ts',
      'const late = await readAllLatePanes(options.store, options.tables.control, now);\n    const cursors = await readCursors(options.store, options.tables.control);',
      'const cursors = await readCursors(options.store, options.tables.control);\n    const late = await readAllLatePanes(options.store, options.tables.control, now);',
    ],
  ],
  'look up windows after their state was read': [
    ['src/engine/window-batch.ts', '...(records ? { record: records(end) } : {})', ''],
    [
      'src/engine/window-run.ts',
      'const window = run.record ?? (await lookupWindow(outbox, { ruleId: plan.rule.id, windowEnd: run.end }));',
      'const state0 = await run.state?.();\n  const window = run.record ?? (await lookupWindow(outbox, { ruleId: plan.rule.id, windowEnd: run.end }));',
    ],
    [
      'src/engine/window-run.ts',
      'const state = run.state ?? (() => windowRuntime(rule, options, run.end));',
      'const state = async () => state0 ?? windowRuntime(rule, options, run.end);',
    ],
  ],
  'read groups before the mark': [
    [
      'src/state/commit.ts',
      'async function readPartition<R>(store: EntityStore, { table, partitionKey }: Commit<R>): Promise<KnownPartition> {\n  const mark = await readMark(store, table, partitionKey);\n  return { mark, known: new KnownGroups(mark.groups === 0) };',
      `async function readPartition<R>(store: EntityStore, { table, partitionKey, rows }: Commit<R>): Promise<KnownPartition> {
  const keys = rows.flatMap(({ groupKey }) => groupKey ?? []);
  const early = await readGroups(store, table, partitionKey, keys, { groups: 1_000_000 } as Mark);
  const mark = await readMark(store, table, partitionKey);
  const known = new KnownGroups(true);
  for (const [groupKey, group] of early) known.touch(groupKey, group);
  return { mark, known };`,
    ],
  ],
  'write over a mark that another has changed': [
    [
      'src/state/mark.ts',
      'rowKey: MARK_ROW, properties, ifMatch: etag }',
      "rowKey: MARK_ROW, properties, ifMatch: '*' }",
    ],
  ],
  'take a window for open to its very end': [
    ['src/engine/trusted-time.ts', 'end > time + CLOCK_TOLERANCE_MS + STORE_TOLERANCE_MS', 'end > time'],
  ],
  'leave commits under way after a failure': [['src/state/in-parallel.ts', 'failures.push(error);', 'throw error;']],
  'write letters of one record at the same time': [
    ['src/engine/slice-commit.ts', 'this.letters.then(() => this', 'Promise.resolve().then(() => this'],
  ],
  'count into several partitions where each is noted': [
    ['src/engine/slice-commit.ts', 'this.watch.isOneByOne ? 1 : MOST_REQUESTS', 'MOST_REQUESTS'],
  ],
  'decide now() at arrival': [['src/streaming/row-stage.ts', "!someExpr(expr, (part) => part.k === 'now') &&", '']],
  'judge a window by what is left of its state': [
    ['src/engine/window-run.ts', 'if (!(await run.isKept())) return undefined;', ''],
  ],
  'believe the clock of the process': [['src/engine/flush.ts', 'await trustedTime(options, ownTime)', 'ownTime']],
  'begin a rule that others may have begun': [
    [
      'src/engine/rule-cursor.ts',
      "? { kind: 'create', rowKey: SET, properties }",
      "? { kind: 'upsert', rowKey: SET, properties }",
    ],
  ],
  'take rules for new by one clock': [
    ['src/engine/rule-source.ts', ' && performance.now() - this.readAtTick < REFRESH_MS', ''],
  ],
  'suppress a window without its record': [
    [
      'src/engine/window-run.ts',
      'window.attempt === 0 && !run.again && !isQuiet)',
      'window.attempt === 0 && !run.again)',
    ],
  ],
  'leave a window suppressed by an alert that was withdrawn': [
    [
      'src/engine/window-run.ts',
      'if (duration !== undefined && isTakenBack(published.window)) await',
      'if (duration === Number.POSITIVE_INFINITY) await',
    ],
  ],
  'name a hub by the namespace of the settings': [
    ['src/engine/source-names.ts', 'return { ...source, namespace: name };', 'return source;'],
  ],
  'take a batch that is tried again for one of the new hub': [
    [
      'src/host/hub.ts',
      'const isOld = enqueuedTime === undefined ? isTriedAgain : enqueuedTime < Date.parse(incarnation);',
      'const isOld = false;',
    ],
  ],
  'ask when a hub was created only after a while': [
    ['src/host/hub.ts', 'if (!this.created || !isNext || Math.abs', 'if (!this.created || Math.abs'],
  ],
  'forget a rule with late panes': [
    [
      'src/engine/expiry.ts',
      'if ((await readLatePanes(store, tables.control, found.lineage, 1)).length > 0) continue;',
      '',
    ],
  ],
  'count nothing for a refused plan and say nothing': [
    [
      'src/engine/rule-source.ts',
      'if (isDrained(cursor) || cursor.countedSince >=',
      'if (!isDrained(cursor) || cursor.countedSince >=',
    ],
  ],
  'throw where a stored plan is refused': [['src/engine/rules.ts', 'if (!refuse) throw error;', 'throw error;']],
  'end a flush where a window fails': [
    [
      'src/engine/window-attempt.ts',
      'if (cut) return cut;\n    if (isOutage(error)) throw error;',
      'if (cut) return cut;\n    throw error;',
    ],
  ],
  'end a flush where a rule fails': [
    [
      'src/engine/flush.ts',
      "if (isOutage(error)) throw error;\n      counts.failed++;\n      this.options.log({ level: 'error', message: 'rule failed'",
      "throw error;\n      counts.failed++;\n      this.options.log({ level: 'error', message: 'rule failed'",
    ],
  ],
  'look for closing windows before rows are counted': [
    [
      'src/engine/evaluate.ts',
      'const over = await noteLatePanes(this.options, touched(counted.filter((one) => mayBeClosing(this.options, one))));',
      'const over = early;',
    ],
    [
      'src/engine/evaluate.ts',
      'const standing = await this.standing(slice, from);',
      `const before = [...slice.pending].flatMap(([leg, panes]) => [...panes].map(([paneStart, rows]) => ({ leg, paneStart, rows, countedAt: undefined })));
    const early = await noteLatePanes(this.options, touched(before));
    const standing = await this.standing(slice, from);`,
    ],
  ],
  'publish a window that another run has begun': [
    [
      'src/alerts/delivery/windows.ts',
      "{ kind: 'replace', rowKey, properties, ifMatch: read.etag }",
      "{ kind: 'upsert', rowKey, properties }",
    ],
  ],
  'let progress go back': [
    ['src/engine/progress.ts', 'if (known && known.sequenceNumber >= sequenceNumber) return;', ''],
  ],
  'leave an early alert open': [
    [
      'src/alerts/delivery/publish.ts',
      "hashAlert(alert, ignore) + (incomplete ? INCOMPLETE : '')",
      'hashAlert(alert, ignore)',
    ],
  ],
  'pass a refused row before its letter is written': [
    [
      'src/engine/slice-commit.ts',
      'await this.putAside(leg, only.record, error);',
      "this.slice.box.failed(only.record, leg, 'state-rejected', 'refused');",
    ],
  ],
  'pass a refused row without holding its place': [
    [
      'src/engine/slice-commit.ts',
      'if (this.options.ownRows) return { skipped: 0 };',
      'if (rows.length > 0) return { skipped: 0 };',
    ],
  ],
  'pass a failed record without holding its place': [
    ['src/engine/evaluate.ts', 'if (!this.options.ownRows) slice.hold(', 'if (slice.rows < 0) slice.hold('],
  ],
  'count a letter whatever the hub has counted': [
    [
      'src/engine/resend-claims.ts',
      'if (at ? !mayCount(at) : isTracked && comparePositions(position, mark) <= 0) continue;',
      '',
    ],
  ],
  'read a hub again and say nothing to its letters': [
    ['src/engine/slice-commit.ts', '?? withLetters(found, this.found.standing)', '?? found'],
  ],
  'claim in a letter what legs to come will count': [
    ['src/engine/letter-box.ts', 'if (legsOf(failure).length > 1) {', 'if (legsOf(failure).length > 99) {'],
  ],
  'say nothing of what can no longer be corrected': [
    ['src/engine/evaluate.ts', 'if (this.options.notesProgress !== false) tellOver(slice, over);', ''],
  ],
  'delete a letter whose windows are gone': [
    ['src/engine/resend.ts', 'if (!gone) return refused(', 'if (!gone && matches < 0) return refused('],
  ],
  'begin a batch without a note': [['src/engine/guard.ts', 'if (isNoted) await call.begin();', '']],
  'try a step of a message for ever': [
    ['src/engine/guard.ts', 'const STEP_ATTEMPTS = 2;', 'const STEP_ATTEMPTS = Infinity;'],
  ],
};

const directory = mkdtempSync(join(tmpdir(), 'outrider-mutations-'));
try {
  for (const name of COPIED) cpSync(join(root, name), join(directory, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  const wanted = process.argv.slice(2);
  const names = wanted.length > 0 ? wanted : Object.keys(MUTATIONS);
  const unknown = names.filter((name) => !(name in MUTATIONS));
  if (unknown.length > 0) throw new Error(`no such mutation: ${unknown.join('; ')}`);
  const sound = failing([...new Set(names.flatMap(testsOf))]);
  if (sound.length > 0) throw new Error(`tests fail without any mutation: ${sound.join('; ')}`);
  let missed = 0;
  for (const name of names) {
    const undo = MUTATIONS[name].map(([file, from, to]) => change(join(directory, file), from, to));
    const failed = failing(testsOf(name));
    for (const back of undo.reverse()) back();
    if (failed.length === 0) missed++;
    console.log(`${failed.length === 0 ? 'NOT NOTICED' : 'noticed'}: ${name}`);
    for (const test of failed) console.log(`  ${test}`);
  }
  process.exitCode = missed > 0 ? 1 : 0;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function change(path, from, to) {
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${path}: not there once: ${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  return () => writeFileSync(path, text);
}

/** Names of the tests of these files that fail. */
function failing(tests) {
  const out = join(directory, 'result.json');
  const args = [
    join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
    '--runInBand',
    '--json',
    // It goes by the time that passes: on a loaded machine it would notice any mutation.
    '--testNamePattern=^(?!.*a batch that takes long)',
    `--outputFile=${out}`,
    ...tests,
  ];
  const { stderr, error } = spawnSync(process.execPath, args, {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (error) throw error;
  let result;
  try {
    result = JSON.parse(readFileSync(out, 'utf8'));
  } catch {
    throw new Error(`the tests did not run: ${stderr.slice(-2000)}`);
  }
  rmSync(out);
  if (result.numTotalTests === 0) throw new Error(`no test ran: ${stderr.slice(-2000)}`);
  // A file that does not even load says nothing of the protocol.
  const broken = result.testResults.filter(({ assertionResults }) => assertionResults.length === 0);
  if (broken.length > 0) throw new Error(`a test file does not load: ${broken[0].message.slice(0, 2000)}`);
  return result.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  );
}
