import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem } from '../../src/rules/problem';
import { findDuplicateIds, readRule } from '../../src/rules/read';
import { SAMPLE, sampleWith } from './sample';

const read = (text: string, options = {}) => readRule(text, 'r.yaml', options);
/** Code, position and severity of each problem: `unknown-field 1:1 warning`. */
const brief = (text: string, options = {}) =>
  read(text, options).problems.map((p) => `${p.code} ${p.line}:${p.column} ${p.severity}`);

describe('readRule', () => {
  it('reads the DCOM rule', () => {
    const path = join(__dirname, '../../rules/lateral-movement-via-dcom.yaml');
    const { rule, problems } = readRule(readFileSync(path, 'utf8'), path);
    expect(problems).toEqual([]);
    expect(rule).toMatchObject({
      kind: 'Scheduled',
      id: '50cbf34a-4cdd-45d7-b3f5-8b53a1d0d14f',
      name: 'Lateral Movement via DCOM',
      severity: 'Medium',
      version: '1.0.3',
      schedule: { frequencyMs: 3_600_000, periodMs: 3_600_000 },
      trigger: { operator: 'GreaterThan', threshold: 0 },
      tactics: ['LateralMovement'],
      techniques: ['T1021.003'],
      eventGrouping: 'SingleAlert',
      suppression: { enabled: false },
    });
    expect(rule!.description).toMatch(/^This query detects.*\.html$/s);
    expect(rule!.query).toMatch(/^Event\n\| where EventLog =~/);
    expect(rule!.entityMappings.map((mapping) => mapping.entityType)).toEqual(['Process', 'Host', 'Account']);
    expect(JSON.parse(JSON.stringify(rule))).toMatchObject({ raw: { triggerThreshold: '0', version: '1.0.3' } });
  });

  it.each([
    ['LF', SAMPLE],
    ['CRLF', SAMPLE.replaceAll('\n', '\r\n')],
    ['BOM', `\uFEFF${SAMPLE}`],
    ['trailing blanks', SAMPLE.replace(/^(name|severity|kind|queryFrequency): (.*)$/gm, '$1: $2   ')],
    ['quoted values', SAMPLE.replace(/^(name|severity|kind|queryFrequency|triggerThreshold): (.*)$/gm, '$1: " $2 "')],
    ['document marks', `---\n${SAMPLE}...\n`],
  ])('reads the same rule from a file with %s', (_, text) => {
    const { rule, problems } = read(text);
    expect(problems).toEqual([]);
    expect({ ...rule, raw: undefined }).toEqual({ ...read(SAMPLE).rule, raw: undefined });
  });

  it('reads every optional field', () => {
    const { rule, problems } = read(`${SAMPLE}customDetails:
  Who: User
alertDetailsOverride:
  alertDisplayNameFormat: "{{Computer}} moved"
  alertSeverityColumnName: Sev
  alertDynamicProperties:
    - alertProperty: ProductName
      value: Product
eventGroupingSettings:
  aggregationKind: AlertPerResult
incidentConfiguration:
  createIncident: true
  groupingConfiguration:
    enabled: true
    lookbackDuration: PT5H
    matchingMethod: Selected
    groupByEntities: [Host]
suppressionEnabled: true
suppressionDuration: 5h
sentinelEntitiesMappings:
  - columnName: Entities
tags:
  - Solorigate
metadata:
  source:
    kind: Community
  anything: [1, {a: b}]
`);
    expect(problems).toMatchObject([{ code: 'not-supported', severity: 'warning', line: 48, column: 1 }]);
    expect(rule).toMatchObject({
      customDetails: [{ name: 'Who', columnName: 'User' }],
      alertDetailsOverride: {
        alertDisplayNameFormat: '{{Computer}} moved',
        alertSeverityColumnName: 'Sev',
        alertDynamicProperties: [{ alertProperty: 'ProductName', value: 'Product' }],
      },
      eventGrouping: 'AlertPerResult',
      incidentConfiguration: {
        createIncident: true,
        groupingConfiguration: { lookbackDurationMs: 18_000_000, matchingMethod: 'Selected' },
      },
      suppression: { enabled: true, durationMs: 18_000_000 },
      sentinelEntitiesMappings: [{ columnName: 'Entities' }],
      tags: ['Solorigate'],
    });
  });

  it('accepts each spelling of a trigger operator and a duration', () => {
    for (const [written, normal] of [
      ['gt', 'GreaterThan'],
      ['GreaterThan', 'GreaterThan'],
      ['lt', 'LessThan'],
      ['eq', 'Equal'],
      ['ne', 'NotEqual'],
      ['NotEqual', 'NotEqual'],
      ['ge', 'GreaterThanOrEqual'],
    ]) {
      expect(read(sampleWith(/triggerOperator: gt\n/, `triggerOperator:  ${written}\n`)).rule?.trigger.operator).toBe(
        normal,
      );
    }
    for (const written of ['90m', 'PT90M', 'PT1H30M', '01:30:00']) {
      expect(read(sampleWith('queryFrequency: 1h', `queryFrequency: ${written}`)).rule?.schedule?.frequencyMs).toBe(
        5_400_000,
      );
    }
  });

  it('keeps a version that looks like a number as text', () => {
    expect(brief(sampleWith('version: 1.0.0', 'version: 1.10'))).toEqual(['bad-version 27:10 warning']);
    expect(read(sampleWith('version: 1.0.0', 'version: 1.10')).rule?.version).toBe('1.10');
  });

  it('names every problem in one run, in order', () => {
    const text = SAMPLE.replace('0b5a1a52-', 'x')
      .replace('severity: Medium', 'severity: Medum')
      .replace('queryFrequency: 1h', 'queryFrequency: soon')
      .replace('gt', 'above')
      .replace('triggerThreshold: 0', 'triggerThreshold: many')
      .replace('LateralMovement', 'LateralMovment')
      .replace('T1021.003', 'T1021.3')
      .replace('entityType: Host', 'entityType: Hots')
      .replace('kind: Scheduled', 'kind: Sheduled\nqueryFrequencey: 1h');
    expect(brief(text)).toEqual([
      'bad-id 1:5 warning',
      'unknown-severity 5:11 error',
      'bad-duration 11:17 error',
      'unknown-trigger-operator 13:18 error',
      'bad-number 14:19 error',
      'unknown-tactic 16:5 warning',
      'bad-technique 18:5 warning',
      'unknown-entity-type 23:17 warning',
      'unknown-kind-of-rule 28:7 error',
      'unknown-field 29:1 warning',
    ]);
    const messages = read(text)
      .problems.map((problem) => problem.message)
      .join('\n');
    for (const hint of ['"Medium"', '"LateralMovement"', '"Host"', '"Scheduled"', '"queryFrequency"'])
      expect(messages).toContain(`Did you mean ${hint}`);
  });

  it.each([
    ['a missing field', sampleWith('severity: Medium\n', ''), ['missing-field 1:1 error']],
    [
      'several missing fields',
      'kind: Scheduled\n',
      [
        'missing-field',
        'missing-field',
        'missing-field',
        'missing-field',
        'missing-field',
        'missing-field',
        'missing-field',
        'missing-field',
      ].map((c) => `${c} 1:1 error`),
    ],
    ['an empty field', sampleWith('severity: Medium', 'severity:'), ['missing-field 1:1 error']],
    ['an empty query', sampleWith(/query: \|\n.*\n.*\n/, 'query: " "\n'), ['empty-query 19:8 error']],
    [
      'a period below the frequency',
      sampleWith('queryPeriod: 1d', 'queryPeriod: 30m'),
      ['frequency-exceeds-period 11:17 error'],
    ],
    [
      'a frequency below five minutes',
      sampleWith('queryFrequency: 1h', 'queryFrequency: 1m'),
      ['duration-out-of-range 11:17 error'],
    ],
    ['a period over 14 days', sampleWith('queryPeriod: 1d', 'queryPeriod: 15d'), ['long-period 12:14 warning']],
    ['a period over 90 days', sampleWith('queryPeriod: 1d', 'queryPeriod: 91d'), ['duration-out-of-range 12:14 error']],
    [
      'a threshold over 10000',
      sampleWith('triggerThreshold: 0', 'triggerThreshold: 10001'),
      ['bad-number 14:19 error'],
    ],
    [
      'a frequent rule over a long period',
      sampleWith('1h\nqueryPeriod: 1d', '5m\nqueryPeriod: 2d'),
      ['frequent-long-period 11:17 warning'],
    ],
    [
      'a suppression that ends too soon',
      `${SAMPLE}suppressionEnabled: true\nsuppressionDuration: 30m\n`,
      ['suppression-below-frequency 30:22 error'],
    ],
    ['a suppression without a duration', `${SAMPLE}suppressionEnabled: true\n`, ['missing-field 29:21 error']],
    ['a suppression over a day', `${SAMPLE}suppressionDuration: 25h\n`, ['duration-out-of-range 29:22 error']],
    ['an unknown technique', sampleWith('T1021.003', 'T1021.999'), ['unknown-technique 18:5 warning']],
    [
      'an unknown identifier',
      sampleWith('FullName', 'FulName'),
      ['missing-identifier 25:7 warning', 'unknown-identifier 25:21 warning'],
    ],
    ['a missing required identifier', sampleWith('FullName', 'OSFamily'), ['missing-identifier 25:7 warning']],
    ['a mapping without a column', sampleWith('        columnName: Computer\n', ''), ['missing-field 25:9 error']],
    [
      'half a file hash',
      sampleWith(/Host\n(.*)\n.*FullName/, 'FileHash\n$1\n      - identifier: Value'),
      ['missing-identifier 25:7 warning'],
    ],
    ['a list where a text belongs', sampleWith('name: Sample rule', 'name: [a]'), ['wrong-shape 2:7 error']],
    ['a text where a list belongs', sampleWith(/tactics:\n.*/, 'tactics: Impact'), ['wrong-shape 15:10 error']],
    ['a field of the portal', `${SAMPLE}displayName: x\n`, ['unknown-field 29:1 warning']],
    [
      'an unknown nested field',
      sampleWith('columnName: Computer', 'columnName: Computer\n        colunmName: x'),
      ['unknown-field 27:9 warning'],
    ],
    [
      'a custom detail with a bad name',
      `${SAMPLE}customDetails:\n  1st: User\n  ${'x'.repeat(21)}: User\n`,
      ['custom-detail-name 30:8 warning', 'custom-detail-name 31:26 warning'],
    ],
    [
      'a format with too many columns',
      `${SAMPLE}alertDetailsOverride:\n  alertDisplayNameFormat: "{{a}} {{b}} {{c}} {{d}}"\n`,
      ['too-many-placeholders 30:27 warning'],
    ],
    [
      'a format that is not closed',
      `${SAMPLE}alertDetailsOverride:\n  alertDescriptionFormat: "{{a} b"\n`,
      ['open-placeholder 30:27 warning'],
    ],
    [
      'a name format too long',
      `${SAMPLE}alertDetailsOverride:\n  alertDisplayNameFormat: ${'x'.repeat(257)}\n`,
      ['format-too-long 30:27 warning'],
    ],
    [
      'grouping by nothing',
      `${SAMPLE}incidentConfiguration:\n  groupingConfiguration:\n    matchingMethod: Selected\n`,
      ['nothing-selected 31:21 error'],
    ],
    ['no mapping at all', 'just text\n', ['not-a-rule 1:1 error']],
    ['an empty file', '', ['not-a-rule 1:1 error']],
  ])('reports %s', (_, text, expected) => expect(brief(text)).toEqual(expected));

  it('names items of lists as people count them', () => {
    const [problem] = read(sampleWith('  - LateralMovement', '  - LateralMovement\n  - [x]')).problems;
    expect(problem).toMatchObject({ line: 17, column: 5, message: 'Item 2 of "tactics" must be a text.' });
  });

  it('reports too many mappings and identifiers', () => {
    const mapping = '  - entityType: IP\n    fieldMappings:\n      - identifier: Address\n        columnName: Ip\n';
    expect(brief(sampleWith('version:', `${mapping.repeat(10)}version:`))).toEqual(['too-many-entities 23:3 warning']);
    const more = ['HostName', 'DnsDomain', 'NTDomain']
      .map((name) => `      - identifier: ${name}\n        columnName: X\n`)
      .join('');
    expect(brief(sampleWith('version:', `${more}version:`))).toEqual(['too-many-identifiers 25:7 warning']);
  });

  it('reports broken YAML with line and column', () => {
    expect(brief(sampleWith('name: Sample rule', 'name: "Sample rule'))[0]).toMatch(/^yaml \d+:\d+ error$/);
    expect(brief(sampleWith('name: Sample rule', 'name: a: b'))).toEqual(['yaml 2:7 error']);
    expect(brief(sampleWith('name: Sample rule', 'name: x\nname: y'))).toEqual(['duplicate-field 3:1 error']);
    expect(
      brief(sampleWith('  - LateralMovement', '\t- LateralMovement')).some((line) => line.startsWith('yaml 16:')),
    ).toBe(true);
    expect(read(sampleWith('name: Sample rule', 'name: a: b')).rule).toBeUndefined();
  });

  it('reads NRT rules, which have no schedule', () => {
    const nrt = SAMPLE.replace(/query(Frequency|Period): .*\n/g, '')
      .replace(/trigger.*\n/g, '')
      .replace('Scheduled', 'NRT');
    expect(read(nrt)).toMatchObject({
      problems: [],
      rule: { kind: 'NRT', trigger: { operator: 'GreaterThan', threshold: 0 } },
    });
    expect(read(nrt).rule?.schedule).toBeUndefined();
    expect(brief(sampleWith('kind: Scheduled', 'kind: NRT'))).toEqual(
      [11, 12, 13, 14].map((line) => `ignored-field ${line}:1 warning`),
    );
  });

  it('takes a file without kind for a scheduled rule, or for a hunting query', () => {
    expect(read(sampleWith('kind: Scheduled\n', '')).rule?.kind).toBe('Scheduled');
    const hunting = SAMPLE.replace(/^(query[FP]|trigger|severity|kind).*\n/gm, '');
    expect(brief(hunting)).toEqual(['hunting-query 1:1 error']);
    expect(read(hunting, { hunting: true })).toMatchObject({
      problems: [],
      rule: { kind: 'Hunting', severity: 'Informational' },
    });
  });

  it('makes an id of the name for a hunting query without one, and for nothing else', () => {
    const nameless = SAMPLE.replace(/^id.*\n/m, '');
    expect(brief(nameless)).toEqual(['missing-field 1:1 error']);
    const hunting = nameless.replace(/^(query[FP]|trigger|severity|kind).*\n/gm, '');
    const [first, again] = [read(hunting, { hunting: true }), read(`# again\n${hunting}`, { hunting: true })];
    expect(first.problems.map(({ code, severity }) => `${code} ${severity}`)).toEqual(['missing-id warning']);
    expect(first.rule?.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(again.rule?.id).toBe(first.rule?.id);
    expect(read(hunting.replace(/^name: /m, 'name: Other '), { hunting: true }).rule?.id).not.toBe(first.rule?.id);
  });

  it('takes a hunting query that has a severity or a kind for one, where hunting queries are asked for', () => {
    const withKind = SAMPLE.replace(/^(query[FP]|trigger|severity).*\n/gm, '');
    expect(read(withKind, { hunting: true })).toMatchObject({ problems: [], rule: { kind: 'Hunting' } });
    expect(read(SAMPLE, { hunting: true }).rule?.kind).toBe('Scheduled');
    const hunting = SAMPLE.replace(/^(query[FP]|trigger|kind).*\n/gm, '');
    expect(read(hunting, { hunting: true })).toMatchObject({
      problems: [],
      rule: { kind: 'Hunting', severity: 'Medium' },
    });
    expect(brief(hunting)).toEqual(Array(4).fill('missing-field 1:1 error'));
  });

  it('reads a rule whose texts and mappings Sentinel would refuse', () => {
    const text = `${sampleWith('FullName', 'ComputerName')}alertDetailsOverride:
  alertDisplayNameFormat: "{{a}} {{b}} {{c}} {{d}}"
`;
    expect(read(text).rule).toMatchObject({
      entityMappings: [{ entityType: 'Host', fieldMappings: [{ identifier: 'ComputerName' }] }],
      alertDetailsOverride: { alertDisplayNameFormat: '{{a}} {{b}} {{c}} {{d}}' },
    });
  });

  it('finds places in the query', () => {
    for (const text of [SAMPLE, SAMPLE.replaceAll('\n', '\r\n'), `\uFEFF${SAMPLE}`]) {
      const { rule, queryPosition } = read(text);
      expect(queryPosition(0)).toEqual({ line: 20, column: 3 });
      expect(queryPosition(rule!.query.indexOf('EventID'))).toEqual({ line: 21, column: 11 });
      expect(queryPosition(1_000_000)).toEqual({ line: 21, column: 23 });
    }
  });

  it('withstands hostile files', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `${'bcdefghij'[i]}: &${'bcdefghij'[i]} [${Array(10).fill(`*${'abcdefghi'[i]}`).join(',')}]`).join('\n')}\nquery: *j\n`;
    expect(read(bomb).problems.some((problem) => problem.message.includes('Aliases expand'))).toBe(true);
    for (const depth of [3_000, 100_000]) expect(read(`query: ${'['.repeat(depth)}`).rule).toBeUndefined();
    expect(read(`${'- '.repeat(20_000)}x`).rule).toBeUndefined();
    expect(
      read(`query: ${'{a: '.repeat(200)}x${'}'.repeat(200)}`).problems.some((p) => p.message.includes('nested')),
    ).toBe(true);
    const polluted = read(`${SAMPLE}__proto__:\n  polluted: yes\nconstructor: x\n`);
    expect(polluted.problems.map((problem) => problem.code)).toEqual(['unknown-field', 'unknown-field']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(read('\0\u0001\u001b[2J').rule).toBeUndefined();
  });

  it('formats problems as editors link them', () => {
    const [problem] = read(sampleWith('Medium', 'Medum')).problems;
    expect(formatProblem(problem!)).toMatch(
      /^r\.yaml:5:11: error: "Medum" is no severity\. Did you mean "Medium"\? .* \[unknown-severity\]$/,
    );
  });
});

describe('findDuplicateIds', () => {
  it('reports each repetition at its id', () => {
    const files = [
      readRule(SAMPLE, 'a.yaml'),
      readRule(
        SAMPLE.toUpperCase().replace(/^\w+/gm, (k) => k),
        'x.yaml',
      ),
      readRule(SAMPLE, 'b.yaml'),
    ];
    expect(findDuplicateIds(files)).toMatchObject([
      { severity: 'error', code: 'duplicate-id', file: 'b.yaml', line: 1, column: 5 },
    ]);
  });
});
