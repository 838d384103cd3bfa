import { type RulePage, rulePages } from '../../../src/explain/page/page';
import { repositoryRules } from './rules';

const KEYS = [
  'EventID',
  'Computer',
  'User',
  'ParentImage',
  'ParentProcessGuid',
  'ParentCommandLine',
  'ParentUser',
  'Image',
  'ProcessGuid',
  'CommandLine',
  'Description',
];

describe('the page of Lateral Movement via DCOM', () => {
  let page: RulePage;
  let modern: RulePage;

  beforeAll(async () => {
    const { rules } = await repositoryRules();
    const pages = rulePages(rules, rules);
    page = pages.find(({ id }) => id === '50cbf34a-4cdd-45d7-b3f5-8b53a1d0d14f')!;
    modern = pages.find(({ name }) => name === 'Lateral Movement via DCOM (Windows 10 1809 and later)')!;
  });

  it('shows what the file says', () => {
    expect(page).toMatchObject({
      status: 'Available',
      severity: 'Medium',
      version: '1.0.3',
      schedule: { frequencyMs: 3_600_000, periodMs: 3_600_000 },
      groupBy: KEYS,
      sources: ['Event'],
      tactics: [{ id: 'TA0008', title: 'Lateral Movement' }],
      techniques: [{ id: 'T1021.003', title: 'Remote Services: Distributed Component Object Model' }],
    });
  });

  it('knows the event it reads', () => {
    expect(page.events).toEqual([
      {
        table: 'Event',
        channel: 'Microsoft-Windows-Sysmon/Operational',
        provider: 'Microsoft-Windows-Sysmon',
        eventId: 1,
        title: 'Process creation',
      },
    ]);
  });

  it('has seven stages with their predicates as they were written', () => {
    expect(page.stages.map(({ number, kind, runs }) => [number, kind, runs.join()])).toEqual([
      ['1', 'source', 'arrival'],
      ['2', 'where', 'arrival'],
      ['3', 'parse', 'arrival'],
      ['4', 'where', 'arrival'],
      ['5', 'parse', 'arrival'],
      ['6', 'summarize', 'groups'],
      ['7', 'extend', 'flush'],
    ]);
    expect(page.stages[1]!.predicates).toEqual(['EventLog =~ "Microsoft-Windows-Sysmon/Operational"', 'EventID==1']);
    expect(page.stages[3]!.predicates[1]).toBe('CommandLine =~ "C:\\\\Windows\\\\System32\\\\mmc.exe -Embedding"');
    expect(page.stages[2]!.text).toBe(
      `parse EventData with * 'CommandLine">' CommandLine "<" * 'ParentCommandLine">' ParentCommandLine "<" *`,
    );
  });

  it('has four indicators, each counted over the other rules', () => {
    expect(
      page.indicators.map(({ field, kind, values, stage, otherRules }) => [field, kind, values, stage, otherRules]),
    ).toEqual([
      ['EventLog', 'eq', ['Microsoft-Windows-Sysmon/Operational'], '2', 1],
      ['EventID', 'eq', ['1'], '2', 1],
      ['ParentCommandLine', 'eq', ['C:\\Windows\\System32\\svchost.exe -k DcomLaunch'], '4', 0],
      ['CommandLine', 'eq', ['C:\\Windows\\System32\\mmc.exe -Embedding'], '4', 1],
    ]);
  });

  it('has fifteen output fields with the stages that make them', () => {
    const made = Object.fromEntries(
      page.outputs.map(({ name, stage, madeBy, role }) => [name, `${stage} ${role} ${madeBy.join()}`]),
    );
    expect(Object.keys(made)).toEqual([...KEYS, 'StartTime', 'EndTime', 'HostName', 'DnsDomain']);
    expect(made).toMatchObject({
      EventID: '6 key 1',
      Computer: '6 key 1',
      CommandLine: '6 key 3',
      ParentCommandLine: '6 key 5',
      StartTime: '6 aggregate 6',
      HostName: '7 column 7',
    });
  });

  it('says what is kept', () => {
    expect(page.state).toEqual([
      {
        tables: ['Event'],
        arrival: ['1', '2', '3', '4', '5'],
        kind: 'groups',
        columns: KEYS,
        aggregates: ['min(TimeGenerated)', 'max(TimeGenerated)'],
        isUnfiltered: false,
      },
    ]);
    expect(page).toMatchObject({
      paneMs: 3_600_000,
      panesPerWindow: 1,
      latenessMs: 86_400_000,
      isSilentWithoutEvents: true,
    });
  });

  it('finds the parse that blanks columns, and the Sysmon on which it does', () => {
    const overwrites = page.dependsOn.find(({ code }) => code === 'parse-overwrites');
    expect(overwrites).toMatchObject({ severity: 'warning', stage: '5' });
    expect(overwrites!.columns).toHaveLength(10);
    expect(overwrites!.message).toContain('Stage 5 parses ParentCommandLine again, which stage 4 has filtered on.');
    const sysmon = page.dependsOn.find(({ code }) => code === 'parse-needs-newer-sysmon');
    expect(sysmon!.message).toContain('Sysmon before 13.30 writes event 1 without ParentUser');
  });

  it('is told apart from our own rule, which has none of this', () => {
    expect(modern.outputs.map(({ name, type }) => [name, type])).toEqual(
      page.outputs.map(({ name, type }) => [name, type]),
    );
    expect(modern.entities).toEqual(page.entities);
    expect(modern.dependsOn).toEqual([]);
    const parent = modern.indicators.find(({ field }) => field === 'ParentCommandLine');
    expect(parent).toMatchObject({ kind: 'eq', otherRules: 0, caseSensitive: false });
    expect(parent!.values).toEqual(['C:\\Windows\\System32\\svchost.exe -k DcomLaunch -p']);
  });
});
