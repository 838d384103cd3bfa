import type { HostEvent } from '../../local/functions-host/events';
import { deployApp, TestStack } from '../support/full-stack';
import { until } from '../support/until';
import { attack } from './samples';

const app = deployApp(['rules/lateral-movement-via-dcom.yaml']);
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ app: app.directory, hosts: [['flush']] });
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  app.remove();
}, 60_000);

it('a bad setting: the host is up, batches fail with the whole text, none is passed over, and all count once it is mended', async () => {
  const seen: HostEvent[] = [];
  const bad = await stack.startHost(['evaluate'], {
    env: { OUTRIDER_GRACE: 'soon', OUTRIDER_GRCE: '5m' },
    onEvent: (event) => seen.push(event),
  });
  expect(bad.functions).toEqual(['evaluate']);
  await stack.publish([attack()]);
  const failures = () => seen.flatMap((event) => (event.type === 'invocation' && !event.ok ? (event.error ?? '') : []));
  await until('a second try', () => failures().length >= 2, 60_000);
  for (const error of failures()) {
    expect(error).toMatch(/^settings: 2 problem\(s\)\n/);
    expect(error).toContain('OUTRIDER_GRACE must be a duration');
    expect(error).toContain('OUTRIDER_GRCE is no setting');
  }
  await bad.stop();
  expect(seen.filter(({ type }) => type === 'checkpoint')).toEqual([]);
  await stack.startHost(['evaluate']);
  await stack.evaluated();
  await stack.flush();
  expect(stack.latest('Lateral Movement via DCOM')).toHaveLength(1);
}, 180_000);
