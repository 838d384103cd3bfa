import { buildAlerts } from '../../src/alerts/build';
import { withdrawn } from '../../src/alerts/withdrawn';
import { AT, rule, table, WINDOW } from './sample';

describe('withdrawn', () => {
  it('is the same alert, one revision on, with the status and the times of now', () => {
    const [alert] = buildAlerts(rule(), table({ C: 'a' }), WINDOW, { generatedAt: AT, keyColumns: [] }).alerts;
    const later = '2019-04-30T22:05:00.0000000Z';
    expect(withdrawn(alert!, later)).toEqual({
      ...alert,
      Revision: 2,
      Status: 'Withdrawn',
      TimeGenerated: later,
      ProcessingEndTime: later,
    });
  });
});
