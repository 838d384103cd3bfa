import { type EventRequirement, requirementsOf } from '../../src/streaming/requirements';
import { compiledPlan } from '../support/stream';

/** What an event must have to come through `Event | …`, its table left out; texts as `"text"`, lists of which one is there as arrays. */
function needs(query: string): unknown[] {
  const plan = compiledPlan(`Event | ${query}`);
  if (plan.source.kind !== 'table') throw new Error(query);
  const short = (one: EventRequirement): unknown => {
    if (one.kind === 'any') return one.of.map(short);
    if (one.kind === 'number') return { [one.column]: one.values };
    if (one.kind === 'table') return one.name;
    return one.xml ? { xml: one.text } : one.text;
  };
  const [table, ...rest] = requirementsOf({ table: 'Event', columns: plan.source.columns, ops: plan.ops });
  expect(table).toEqual({ kind: 'table', name: 'Event' });
  return rest.map(short);
}

describe('what an event must have', () => {
  it.each<[string, unknown[]]>([
    ["where EventData has 'alpha' and EventID == 1", ['alpha', { EventID: [1] }]],
    ["where EventData == 'alpha' or Computer startswith 'beta'", [['alpha', 'beta']]],
    [
      "where (EventID == 1 and EventData has 'alpha' and Computer has 'x') or (EventID == 3 and EventData endswith 'beta')",
      [{ EventID: [1, 3] }, ['alpha', 'beta']],
    ],
    ["where EventID == 1 or EventData has 'alpha'", []],
    ["where EventData has 'alpha' or isempty(Computer)", []],
    ['where EventID in (1, 3) and EventID != 7', [{ EventID: [1, 3] }]],
    ["where tostring(EventID) == '4688'", [{ EventID: [4688] }]],
    ["where Computer in ('alpha', 'beta')", [['alpha', 'beta']]],
    ["where Computer in~ ('alpha', 'beta')", [['alpha', 'beta']]],
    ["where Computer !in ('alpha') and Computer != 'beta' and not(EventData has 'gamma')", []],
    ["where EventData has_any ('alpha', 'beta')", [['alpha', 'beta']]],
    ["where EventData has_any (dynamic(['alpha', 'beta']))", [['alpha', 'beta']]],
    ["where EventData has_all ('alpha', 'beta')", ['alpha', 'beta']],
    ["where EventData has_any ('alpha', '')", []],
    ["where EventData matches regex @'(?i)al(pha|so)\\w+\\.exe'", ['al', ['pha', 'so'], '.exe']],
    ["where tolower(EventData) contains 'alpha'", ['alpha']],
    ["where 'alpha' == tolower(Computer)", ['alpha']],
    ["where strcat(Computer, 'x') has 'alpha' or Computer has 'beta'", []],
    ["where base64_decode_tostring(EventData) has 'alpha'", []],
  ])('%s', (query, expected) => {
    expect(needs(query)).toEqual(expected);
  });

  it.each<[string, unknown[]]>([
    ["extend x = tostring(EventData) | where x has 'alpha'", ['alpha']],
    ["extend x = strcat(EventData, 'alpha') | where x has 'alpha'", []],
    ["extend Computer = 'alpha' | where Computer has 'alpha'", []],
    ["extend d = parse_json(EventData) | extend c = tostring(d.CommandLine) | where c has 'alpha'", ['alpha']],
    ["extend d = parse_xml(EventData) | extend c = tostring(d.x['#text']) | where c has 'alpha'", [{ xml: 'alpha' }]],
    ["extend f = extract('<a>(.*)</a>', 1, EventData) | where f == 'alpha'", ['alpha']],
    ["extend f = toint(extract('<a>(.*)</a>', 1, EventData)) | where f == 4711", []],
    ["extend f = tostring(split(EventData, ',')[2]) | where f =~ 'alpha'", ['alpha']],
    ["parse EventData with * 'Image\">' Image '<' * | where Image endswith 'alpha'", ['alpha']],
    ["project Who = Computer, EventID | where Who has 'alpha' and EventID == 7", ['alpha', { EventID: [7] }]],
    ["project Computer = strcat('a', EventID) | where Computer has 'alpha'", []],
    ["project-rename Who = Computer | where Who has 'alpha'", ['alpha']],
    ["project-away Source | where Computer has 'alpha'", ['alpha']],
    ['extend Id = EventID | where Id == 7', [{ EventID: [7] }]],
    ['extend Id = EventID + 1 | where Id == 7', []],
    ["mv-expand p = split(EventData, ',') to typeof(string) | where p has 'alpha'", ['alpha']],
    ["mv-apply p = split(EventData, ',') to typeof(string) on (where p has 'alpha')", ['alpha']],
    ["mv-apply p = split(EventData, ',') to typeof(string) on (where p has 'alpha' | summarize count())", []],
    ["summarize count() by Computer | where Computer has 'alpha'", []],
  ])('through %s', (query, expected) => {
    expect(needs(query)).toEqual(expected);
  });
});
