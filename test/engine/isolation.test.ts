import { createEngine } from '../../src/engine';
import { activatePlans } from '../../src/engine/activation';
import type { LogEvent } from '../../src/engine/types';
import type { RulePlan } from '../../src/plan/rule-plan';
import { MemoryStore } from '../../src/state/memory';
import type { Properties } from '../../src/state/store';
import { engineOptions } from '../support/engine-options';
import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan, World } from '../support/world';

const A = '11111111-2222-4333-8444-aaaaaaaaaaaa';
const B = '11111111-2222-4333-8444-bbbbbbbbbbbb';
const count = (id: string, EventID: number) =>
  testPlan({ id, query: `Event | where EventID == ${EventID} | summarize n = count() by Computer` });

fakeClock();

describe('what goes wrong with one rule stays there', () => {
  const damages: [string, (properties: Properties) => Properties][] = [
    ['a chunk of whose value is gone', () => ({ enc: 's', ver: 'x', n: 1, len: 3, sha: 'y' })],
    ['whose value does not parse', () => ({ v: '{' })],
    ['whose value is of another form', () => ({ v: '{"k":7}' })],
  ];

  it.each(damages)('an entity %s', async (_, damage) => {
    const world = new World();
    world.deploy(count(A, 1), count(B, 2));
    await world.flush(T0 - 3 * HOUR);
    for (const Computer of ['torn', 'whole']) await world.event(T0 + MINUTE, { Computer });
    await world.event(T0 + 2 * MINUTE, { EventID: 2 });
    const [group] = world.store.dump('state').filter(({ properties }) => String(properties.v).includes('torn'));
    const { partitionKey, rowKey, properties } = group!;
    await world.store.transact('state', partitionKey, [{ kind: 'delete', rowKey, ifMatch: '*' }]);
    await world.store.transact('state', partitionKey, [{ kind: 'create', rowKey, properties: damage(properties) }]);
    await world.flush(T0 + HOUR + 6 * MINUTE);
    expect(
      world.alerts.map(({ AlertType, Incomplete, Results }) => [AlertType.slice(-1), Incomplete, Results]),
    ).toEqual([
      ['a', true, [{ Computer: 'whole', n: 1 }]],
      ['b', false, [{ Computer: 'A', n: 1 }]],
    ]);
  });

  it.each([
    ['a stored plan', 'plan.', (properties: Properties) => ({ ...properties, v: '{' })],
    ['a cursor', 'rule.', (properties: Properties) => ({ ...properties, gaps: '{' })],
  ])('%s that cannot be read', async (_, partition, damage) => {
    const world = new World();
    world.deploy(count(A, 1), count(B, 2));
    await world.flush(T0);
    // A is removed: its plan and cursor are there until its last window has run.
    world.deploy(count(B, 2));
    await world.flush(T0 + MINUTE);
    const damaged = world.store.dump('control').filter(({ partitionKey, rowKey, properties }) => {
      const isCursor = rowKey.startsWith('cursor.') && partitionKey === `rule.${A}`;
      return partition === 'rule.' ? isCursor : partitionKey.startsWith('plan.') && String(properties.v).includes(A);
    });
    expect(damaged).toHaveLength(1);
    const { partitionKey, rowKey, properties } = damaged[0]!;
    await world.store.transact('control', partitionKey, [{ kind: 'upsert', rowKey, properties: damage(properties) }]);
    world.deploy(count(B, 2));
    await world.event(T0 + 2 * MINUTE, { EventID: 2 });
    await world.flush(T0 + HOUR + 6 * MINUTE);
    expect(world.alerts.map(({ AlertType }) => AlertType)).toEqual([B]);
  });

  it('a window that fails is marked, and the next ones of all rules run', async () => {
    const world = new World();
    const failing = testPlan({
      id: A,
      query: 'Event | where EventID == 1 | summarize n = count() by Computer | extend x = assert(n < 2, "two")',
    });
    world.deploy(failing, count(B, 2));
    await world.flush(T0);
    for (const EventID of [1, 1, 2]) await world.event(T0 + MINUTE, { EventID });
    await world.flush(T0 + HOUR + 6 * MINUTE);
    await world.event(T0 + HOUR + 7 * MINUTE);
    await world.flush(T0 + 2 * HOUR + 6 * MINUTE);
    expect(world.results()).toEqual([
      '2026-01-01T01:00 r1 {"Computer":"A","n":1}',
      '2026-01-01T02:00 r1 {"Computer":"A","n":1,"x":true}',
    ]);
    const marks = world.store.dump('alerts').filter(({ properties }) => properties.failure !== undefined);
    expect(marks.map(({ properties }) => [properties.end, properties.failure])).toEqual([
      [T0 + HOUR, expect.stringContaining('two')],
    ]);
  });
});

describe('a rollback to a version that cannot run a deployed plan', () => {
  it.each([
    ['function', 'strlen', 'strlen_of_the_next_version'],
    ['aggregate', '"fn":"dcount"', '"fn":"dcount_of_the_next_version"'],
    ['operator', '"op":"where"', '"op":"where_of_the_next_version"'],
  ])(
    'for a %s: it is refused and told, the others run, and its windows are incomplete when it is back',
    async (_, from, to) => {
      const store = new MemoryStore();
      const logs: LogEvent[] = [];
      const sent: { AlertType: string; Incomplete: boolean; WindowEnd: string }[] = [];
      const own = count(A, 1);
      const next = testPlan({
        id: B,
        query: 'Event | where strlen(Computer) > 0 | summarize n = dcount(EventID) by Computer',
      });
      const sinks = [
        {
          name: 's',
          send: async (list: readonly object[]) => {
            sent.push(...(list as never[]));
            return { failed: [] };
          },
        },
      ];
      const options = (plans: RulePlan[]) => engineOptions(store, { plans, sinks, log: (event) => logs.push(event) });
      // Long enough in force for its windows to be whole.
      let at = T0;
      jest.setSystemTime(at);
      await createEngine(options([own, next])).flush(at);
      at += 12 * HOUR;
      jest.setSystemTime(at);
      await createEngine(options([own, next])).flush(at);
      // As the other version stored it: the same plan, one name in it that this version does not know.
      const stored = store.dump('control').find(({ properties }) => properties.hash === next.hash)!;
      await store.transact('control', stored.partitionKey, [
        {
          kind: 'upsert',
          rowKey: stored.rowKey,
          properties: { ...stored.properties, v: String(stored.properties.v).replaceAll(from, to) },
        },
      ]);

      const rolledBack = createEngine(options([own]));
      let sequenceNumber = 0;
      const event = (time: number) => ({
        source: { namespace: 'n', hub: 'h', partition: '0' },
        messages: [
          {
            body: Buffer.from(
              JSON.stringify({ Type: 'Event', TimeGenerated: new Date(time).toISOString(), Computer: 'A', EventID: 1 }),
            ),
            sequenceNumber: sequenceNumber++,
            enqueuedTime: time,
          },
        ],
      });
      for (let k = 0; k < 18; k++) {
        at += 10 * MINUTE;
        jest.setSystemTime(at);
        await rolledBack.evaluate(event(at));
        await rolledBack.flush(at);
      }
      expect(logs.filter(({ level, rule }) => level === 'error' && rule === B).map(({ message }) => message)).toContain(
        'a plan with open windows cannot be run by this version',
      );
      expect(sent.filter(({ AlertType }) => AlertType === A).length).toBeGreaterThan(0);

      const back = createEngine(options([own, next]));
      await activatePlans(options([own, next]), { plans: [own, next], isDeployed: async () => true }, at);
      for (let k = 0; k < 60; k++) {
        at += 10 * MINUTE;
        jest.setSystemTime(at);
        await back.evaluate(event(at));
        await back.flush(at);
      }
      const windows = sent.filter(({ AlertType }) => AlertType === B);
      const first = windows.findIndex(({ Incomplete }) => !Incomplete);
      expect(first).toBeGreaterThan(0);
      expect(windows.slice(first).every(({ Incomplete }) => !Incomplete)).toBe(true);
      expect(Date.parse(windows[first]!.WindowEnd)).toBeGreaterThan(T0 + 12 * HOUR + 3 * HOUR);
    },
  );
});
