import { lineageOf } from '../../src/engine/activation';
import { prepareRules } from '../../src/engine/rules';
import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan, World } from '../support/world';

fakeClock();

const query = 'Event | where EventID == 1 | summarize N = count() by Computer';
const NRT = testPlan({ query, isNrt: true });
const OTHER = '22222222-2222-4333-8444-555555555555';
/** Panes of a minute, as those of the NRT rule. */
const SCHEDULED = testPlan({ query, period: '61m', id: OTHER });

describe('rules of the same query', () => {
  it('share state where their windows are cut alike', () => {
    expect(prepareRules([SCHEDULED, testPlan({ query, period: '61m' })]).legs).toHaveLength(1);
    expect(prepareRules([NRT, SCHEDULED]).legs).toHaveLength(2);
    expect(lineageOf(NRT)).not.toBe(lineageOf(SCHEDULED));
  });

  it('have late events in windows of their own time, or of the time they came', async () => {
    const world = new World();
    world.deploy(NRT, SCHEDULED);
    for (let minute = 0; minute < 7 * 60; minute += 20) {
      await world.flush(T0 + minute * MINUTE);
      if (minute !== 5 * 60 + 20) continue;
      await world.event(T0 + minute * MINUTE, { TimeGenerated: new Date(T0 + 4 * HOUR + 40 * MINUTE).toISOString() });
    }
    const ends = world.alerts.map(
      ({ AlertType, WindowEnd }) => `${AlertType === OTHER ? 'scheduled' : 'nrt'} ${WindowEnd.slice(11, 16)}`,
    );
    expect(ends.sort()).toEqual(['nrt 05:21', 'scheduled 05:00']);
  });
});
