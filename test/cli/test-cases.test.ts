import { basename } from 'node:path';
import { parseCases, readCases } from '../../cli/testing/case-file';
import { failureLines } from '../../cli/testing/report';
import { runCase } from '../../cli/testing/run-case';
import type { TestCase } from '../../cli/testing/test-case';
import { caseFileOf } from '../../cli/verbs/test';
import type { Workspace, WorkspaceRule } from '../../src/rules/workspace';
import { openRepository } from './repository';

let workspace: Workspace;
let dcom: WorkspaceRule;

beforeAll(async () => {
  workspace = await openRepository();
  dcom = workspace.rules.find(({ file }) => basename(file.file) === 'lateral-movement-via-dcom.yaml')!;
}, 60_000);

describe('the cases beside the rules of this repository', () => {
  it('pass, however their events are cut and delivered', async () => {
    let count = 0;
    for (const rule of workspace.rules) {
      const { cases, problems } = readCases(caseFileOf(rule.file.file)!);
      expect(problems).toEqual([]);
      for (const item of cases) {
        for (const seed of [1, 2, 3]) {
          const result = await runCase(workspace, rule, { ...item, redelivery: item.redelivery + seed - 1 }, seed);
          expect(result.ok ? 'ok' : [item.name, ...failureLines(item, result)]).toBe('ok');
          count++;
        }
      }
    }
    expect(count).toBeGreaterThan(120);
  }, 60_000);
});

const HIT = `events:
  hit: { EventID: 1, Computer: A, CommandLine: 'C:\\Windows\\System32\\mmc.exe -Embedding', ParentCommandLine: 'C:\\Windows\\System32\\svchost.exe -k DcomLaunch', User: X, ParentUser: Y }
cases:
`;

const only = (text: string): TestCase => {
  const { cases, problems } = parseCases(`${HIT}${text}`, 'x.test.yaml');
  expect(problems).toEqual([]);
  expect(cases).toHaveLength(1);
  return cases[0]!;
};

const failure = async (text: string): Promise<string[]> => {
  const item = only(text);
  const result = await runCase(workspace, dcom, item);
  expect(result.ok).toBe(false);
  return failureLines(item, result).slice(1);
};

describe('a case that fails', () => {
  it('shows each column that differs, with the line of the expected row', async () => {
    expect(
      await failure('  - name: a\n    events: [hit]\n    expect:\n      - User: nobody\n        Nope: 1\n'),
    ).toEqual([
      'row of line 7 differs:',
      '  User - "nobody"',
      '       + "X"',
      '  Nope - "1"',
      '       + (no such column)',
    ]);
  });

  it('shows rows that did not come, and rows that nothing expects', async () => {
    const missing = await failure('  - name: a\n    events: [{ like: hit, EventID: 5 }]\n    expect: [{ User: X }]\n');
    expect(missing).toEqual(['- row of line 6 did not come: User="X"']);
    const [unexpected] = await failure('  - name: a\n    events: [hit]\n    expect: none\n');
    expect(unexpected).toContain('+ row that nothing expects: EventID=1 Computer="A" User="X"');
  });

  it('names columns that an exact row should not have', async () => {
    const lines = await failure('  - name: a\n    events: [hit]\n    exact: true\n    expect: [{ User: X }]\n');
    expect(lines).toContain('  HostName          - (no such column)');
  });

  it('fails for an event that could not be evaluated, even if no row is expected', async () => {
    const lines = await failure('  - name: a\n    events: [{ raw: { Type: Event, EventID: 1 } }]\n    expect: none\n');
    expect(lines).toEqual(['! event 1 (line 5) could not be evaluated: no-time: TimeGenerated is missing']);
  });
});

describe('reading cases', () => {
  const problemsOf = (text: string): string[] =>
    parseCases(text, 'x.test.yaml').problems.map(
      ({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`,
    );

  it('reports everything that is wrong, where it stands', () => {
    expect(
      problemsOf(`- name: a
  events: [{ like: hot }, { EventID: x }, 5]
  expect: lots
  redelivery: -1
  wndow: x
- events: []
  expect: none
`),
    ).toEqual([
      '2:20 error There is no event "hot" in "events".',
      '2:27 error An event needs its EventID, a whole number; or give it as "raw" or "xml".',
      '2:43 error There is no event "5" in "events".',
      '3:11 error expect is a whole number up to 1000000, none, or a list of rows.',
      '4:15 error redelivery is a whole number up to 100.',
      '5:3 warning "wndow" is not a field of a case. Did you mean "window"?',
      '6:3 error A case needs a name that says what it shows.',
    ]);
  });

  it('warns once of a field that looks like a slip, and takes one that is new', () => {
    expect(
      problemsOf(`events:
  e: { EventID: 1, ComandLine: x, SessionHint: y }
cases:
  - { name: a, events: [e, e, { like: e }], expect: none }
`),
    ).toEqual(['2:20 warning Sysmon event 1 has no field "ComandLine". Did you mean "CommandLine"?']);
  });

  it('refuses events that are like one another, and a file that is no list', () => {
    expect(
      problemsOf('events: { a: { like: b }, b: { like: a } }\ncases: [{ name: x, events: [a], expect: none }]\n')[0],
    ).toMatch(/^1:\d+ error Events are like one another without end\.$/);
    expect(problemsOf('just text\n')).toHaveLength(1);
    expect(problemsOf('- [\n').length).toBeGreaterThan(0);
  });

  it('builds EventData in the order of the manifest, escaped, absent fields empty', () => {
    const item = only(`  - name: a
    events: [{ EventID: 5, time: 2024-05-06T07:08:09.1234567Z, Image: 'a<b>&"c"', ProcessId: 0x10 }]
    expect: none
`);
    const row = JSON.parse(item.events[0]!.body);
    expect(row).toMatchObject({
      Type: 'Event',
      EventLog: 'Microsoft-Windows-Sysmon/Operational',
      EventID: 5,
      TimeGenerated: '2024-05-06T07:08:09.1234567Z',
    });
    expect(row.EventData).toContain(
      '<Data Name="RuleName"></Data><Data Name="UtcTime">2024-05-06 07:08:09.123</Data><Data Name="ProcessGuid"></Data><Data Name="ProcessId">0x10</Data><Data Name="Image">a&lt;b&gt;&amp;"c"</Data></EventData>',
    );
  });

  it('keeps numbers of a raw record numbers, and fields named like members of an object fields', () => {
    const item = only(`  - name: a
    events: [{ raw: { Type: Event, EventID: 7, big: 9007199254740993, ok: true, t: '0x10' } }]
    expect: [{ __proto__: x }]
`);
    expect(item.events[0]!.body).toBe('{"Type":"Event","EventID":7,"big":"9007199254740993","ok":true,"t":"0x10"}');
    expect([...item.rows![0]!.columns]).toEqual([['__proto__', 'x']]);
  });

  it('applies settings of a case over those of the rule', async () => {
    const item = only(
      '  - name: a\n    events: [hit]\n    expect: none\n    settings: { exclusions: [User == "X"], enabled: false }\n',
    );
    expect(item.settings.enabled).toBe(false);
    expect((await runCase(workspace, dcom, item)).ok).toBe(true);
  });
});
