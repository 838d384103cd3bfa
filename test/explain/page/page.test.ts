import { rulePages } from '../../../src/explain/page/page';
import { codes, pageOf, ruleOf } from './rules';

const SYSMON = 'Event | where EventLog == "Microsoft-Windows-Sysmon/Operational"';

describe('stages', () => {
  it('numbers the legs of a union and the sides of a join', () => {
    const page = pageOf(`union (Event | where EventID == 1), (WindowsEvent | where EventID == 1)
| join kind=inner (SecurityEvent | where EventID == 4624 and LogonType == 3 | project Computer) on Computer
| project Computer`);
    expect(page.stages.map(({ number, kind }) => `${number} ${kind}`)).toEqual(['1 source', '2 join', '3 project']);
    expect(page.stages[0]!.inner.map(({ stages }) => stages.map(({ number, text }) => `${number} ${text}`))).toEqual([
      ['1a.1 Event', '1a.2 where EventID == 1'],
      ['1b.1 WindowsEvent', '1b.2 where EventID == 1'],
    ]);
    const [right] = page.stages[1]!.inner;
    expect(right!.title).toBe('right side');
    expect(right!.stages[1]!.predicates).toEqual(['EventID == 4624', 'LogonType == 3']);
  });

  it('shows an operator of let functions where the text stands, and a conjunction behind a let as it is run', () => {
    const page = pageOf(`let isMmc = (c: string, e: int) { c == "A" and e == 2 };
let f = (id: int) { Event | where EventID == id };
f(1) | where isMmc(Computer, EventID)`);
    expect(page.stages.map(({ text }) => text)).toEqual([
      'Event',
      'where EventID == id',
      'where isMmc(Computer, EventID)',
    ]);
    expect(page.stages[2]!.predicates).toEqual(['Computer == "A"', 'EventID == 2']);
  });

  it('counts an operator that needs helpers as one', () => {
    const page = pageOf(
      'Event | sort by TimeGenerated asc | extend n = row_number() | summarize x = round(avg(n), 1) by Computer',
    );
    expect(page.stages.map(({ kind }) => kind)).toEqual(['source', 'sort', 'extend', 'summarize']);
    expect(page.groupBy).toEqual(['Computer']);
  });

  it('says where each stage runs', () => {
    const page = pageOf(
      'Event | where TimeGenerated >= ago(1h) | where EventID == 1 | top 5 by TimeGenerated | extend x = 1',
    );
    expect(page.stages.map(({ runs }) => runs.join())).toEqual(['arrival', 'window', 'arrival', 'flush', 'flush']);
    expect(page.state[0]).toMatchObject({ kind: 'rows', arrival: ['1', '3'], isUnfiltered: false });
  });
});

describe('indicators', () => {
  it('reads lists, negations, either order and nested conditions', () => {
    const page = pageOf(`let names = dynamic(["a.exe", "b.exe"]);
let list = datatable(n: string) ["x", "y"];
Event
| where "Sysmon" == Source and (UserName has_any (names) or not(Computer startswith "T-"))
| where Computer in~ (list) and RenderedDescription !contains_cs "q" and tolower(EventLog) endswith "ops" and EventID !in (3, 5)`);
    expect(
      page.indicators.map(({ field, kind, values, negated, caseSensitive }) => [
        field,
        negated ? `not ${kind}` : kind,
        values.join(),
        caseSensitive,
      ]),
    ).toEqual([
      ['Source', 'eq', 'Sysmon', true],
      ['UserName', 'has', 'a.exe,b.exe', false],
      ['Computer', 'not startswith', 'T-', false],
      ['Computer', 'eq', 'x,y', false],
      ['RenderedDescription', 'not contains', 'q', true],
      ['EventLog', 'endswith', 'ops', false],
      ['EventID', 'not eq', '3,5', true],
    ]);
  });

  it('counts rules that look for one of the values in the same field and way, whatever the case', () => {
    const rules = [
      ruleOf('Event | where UserName has_any ("mimikatz", "psexec")', { id: 1 }),
      ruleOf('Event | where UserName has "MIMIKATZ"', { id: 2 }),
      ruleOf('Event | where UserName contains "psexec"', { id: 3 }),
      ruleOf('Event | where not(UserName has "mimikatz")', { id: 4 }),
    ];
    expect(rulePages(rules, rules).map(({ indicators }) => indicators[0]!.otherRules)).toEqual([1, 1, 0, 0]);
  });

  it('takes thresholds and times for no indicators', () => {
    expect(
      pageOf('Event | where TimeGenerated > ago(10m) | summarize n = count() by Computer | where n > 5').indicators,
    ).toEqual([]);
  });
});

describe('event coverage', () => {
  it('titles events by channel, by provider and by table', () => {
    const titles = (query: string) => pageOf(query).events.map(({ eventId, title }) => `${eventId} ${title}`);
    expect(titles('Event | where Source =~ "microsoft-windows-sysmon" and EventID in (1, 3)')).toEqual([
      '1 Process creation',
      '3 Network connection',
    ]);
    expect(titles('SecurityEvent | where EventID == 4688')).toEqual(['4688 A new process has been created']);
    expect(titles('Event | where EventID == 4688')).toEqual(['4688 undefined']);
  });

  it('names the tables alone where no event id is asked for', () => {
    expect(pageOf('DeviceProcessEvents | where FileName =~ "mmc.exe"').events).toEqual([
      { table: 'DeviceProcessEvents' },
    ]);
  });
});

describe('output fields', () => {
  const outputs = (query: string) =>
    pageOf(query).outputs.map(({ name, stage, madeBy }) => `${name} ${stage}<${madeBy.join()}`);

  it('follows renames, copies and columns that only stay', () => {
    expect(outputs('Event | extend a = Computer | project a, EventID, b = a | project-rename c = b')).toEqual([
      'a 2<1',
      'EventID 1<1',
      'c 4<1',
    ]);
  });

  it('follows the legs of a union and arg_max(…, *)', () => {
    expect(
      outputs(`union (Event | project Computer, x = 1, TimeGenerated), (SecurityEvent | extend x = 2 | project Computer, x, TimeGenerated)
| summarize arg_max(TimeGenerated, *) by Computer`),
    ).toEqual(['Computer 2<1a.1,1b.1', 'TimeGenerated 2<2', 'x 2<1a.2,1b.2']);
  });
});

describe('what a rule silently depends on', () => {
  it('tells a parse that drops the event from one that blanks columns', () => {
    const page = pageOf(`${SYSMON} and EventID == 11
| parse EventData with * 'TargetFilename">' TargetFilename '<' *
| where TargetFilename has "lsass.dmp"
| parse EventData with * 'Image">' Image '<' *`);
    expect(codes(page)).toEqual(['parse-drops', 'parse-blanks']);
  });

  it('says nothing of a parse-where, nor of one whose columns are filtered to be empty', () => {
    expect(codes(pageOf(`${SYSMON} | parse-where EventData with * 'Image">' Image '<' *`))).toEqual([]);
    expect(codes(pageOf(`${SYSMON} | parse EventData with * 'Image">' Image '<' * | where Image == ""`))).toEqual([
      'parse-blanks',
    ]);
  });

  it('tries a parse on each manifest of Sysmon', () => {
    const needs = pageOf(
      `${SYSMON} and EventID == 1 | parse-where EventData with * 'OriginalFileName">' N '<' * | where N == "x"`,
    );
    expect(needs.dependsOn.map(({ message }) => message)).toEqual([
      'Sysmon before 10.0 writes event 1 without OriginalFileName: there the parse of stage 3 fails and N is empty.',
    ]);
    const never = pageOf(`${SYSMON} and EventID == 3 | parse-where EventData with * 'CommandLine">' C '<' *`);
    expect(never.dependsOn.map(({ code }) => code)).toEqual(['parse-never-matches']);
  });

  it('finds a column that takes the field of another name', () => {
    // 'Image">' stands first in the text at the end of another field's name, when that one comes before.
    const page = pageOf(`${SYSMON} and EventID == 8 | parse-where EventData with * 'Image">' TargetImage '<' *`);
    expect(page.dependsOn.map(({ message }) => message)).toEqual([
      'In Sysmon event 8 the column TargetImage of stage 3 takes the field SourceImage, not the field TargetImage.',
    ]);
  });

  it('finds text that XML escapes', () => {
    const page = pageOf(
      `${SYSMON} | parse EventData with * 'CommandLine">' C '<' * | where C has "a && b" or C has "x &amp; y"`,
    );
    expect(codes(page)).toContain('parse-sees-escapes');
    expect(page.dependsOn.find(({ code }) => code === 'parse-sees-escapes')!.message).toContain('"a && b"');
    expect(page.dependsOn.find(({ code }) => code === 'parse-sees-escapes')!.message).not.toContain('x &amp; y');
  });

  it('finds overlaps, lookbacks beyond the period, and rules that keep everything', () => {
    expect(codes(pageOf('Event | where EventID == 1', { frequency: '1h', period: '1d' }))).toEqual(['overlap']);
    expect(codes(pageOf('Event | where TimeGenerated > ago(14d) and EventID == 1'))).toEqual(['beyond-period']);
    expect(codes(pageOf('Event | top 3 by TimeGenerated'))).toEqual(['keeps-everything']);
  });

  it('finds paths compared case by case, and columns that data decides', () => {
    expect(codes(pageOf('Event | where UserName == "C:\\\\Windows\\\\cmd.exe"'))).toEqual(['case-sensitive-path']);
    expect(codes(pageOf('Event | where UserName =~ "C:\\\\Windows\\\\cmd.exe"'))).toEqual([]);
    expect(
      codes(
        pageOf(
          'Event | where EventID == 1 | extend b = parse_json(ParameterXml) | evaluate bag_unpack(b) | extend z = column_ifexists("zz", "")',
        ),
      ),
    ).toEqual(['columns-of-data', 'optional-column']);
  });
});
