import { resultKeys } from '../../../src/kql';
import { compiledPlan } from '../../support/stream';

const BY = 'summarize n = count() by';

describe('columns that tell one result row from another', () => {
  it.each<[string, string[] | undefined]>([
    [`Event | ${BY} Computer, EventID`, ['Computer', 'EventID']],
    [`Event | ${BY} Computer | parse Computer with host "." rest`, ['Computer']],
    [`Event | ${BY} Computer | parse Computer with Computer "." rest`, undefined],
    [`Event | ${BY} Computer | project-rename Host = Computer`, ['Host']],
    ['Event | where EventID == 1', undefined],
    // The right side has one row for each value that is joined on.
    [`Event | distinct Computer | join kind=inner (Event | ${BY} Computer) on Computer`, ['Computer']],
    [`Event | distinct Computer | join kind=leftouter (Event | ${BY} Computer) on Computer`, ['Computer']],
    [`Event | distinct Computer | lookup (Event | ${BY} Computer) on Computer`, ['Computer']],
    [
      `Event | distinct Computer | join kind=inner (Event | ${BY} Computer) on Computer | project Computer, n`,
      ['Computer'],
    ],
    // It has several: its other keys tell them apart, under the names that they get.
    [
      `Event | distinct Computer | join kind=inner (Event | ${BY} Computer, EventID) on Computer`,
      ['Computer', 'EventID'],
    ],
    [
      `Event | distinct Computer, EventID | join kind=inner (Event | ${BY} Computer, EventID) on Computer`,
      ['Computer', 'EventID', 'EventID1'],
    ],
    [`Event | distinct Computer | join kind=inner (Event | where EventID == 3) on Computer`, undefined],
    // One left row for each value that is joined on.
    [`Event | where EventID == 1 | join (Event | ${BY} Computer) on Computer`, ['Computer']],
    [`Event | where EventID == 1 | join kind=inner (Event | ${BY} Computer) on Computer`, undefined],
    [`Event | ${BY} Computer | join kind=leftanti (Event | where EventID == 3) on Computer`, ['Computer']],
    [`Event | where EventID == 1 | join kind=rightsemi (Event | ${BY} Computer) on Computer`, ['Computer']],
    [
      `Event | ${BY} Computer | join kind=fullouter (Event | summarize m = count() by Computer) on Computer`,
      ['Computer', 'Computer1'],
    ],
  ])('%s', (query, keys) => {
    expect(resultKeys(compiledPlan(query))).toEqual(keys);
  });
});
