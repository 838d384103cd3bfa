import { CHANNEL, dataOf, NS, reasonOf, rowOf, SYSMON, valuesOf } from './rows';

const TIME = '2026-03-14T14:31:07.1234567Z';
const system = {
  Provider: { Name: SYSMON },
  EventID: 5,
  Level: 4,
  Task: 5,
  TimeCreated: { SystemTime: TIME },
  Channel: CHANNEL,
  Computer: 'ws',
  Security: { UserID: 'S-1-5-18' },
};
const columns = {
  TimeGenerated: TIME,
  Source: SYSMON,
  EventLog: CHANNEL,
  Computer: 'ws',
  EventID: 5,
  EventLevel: 4,
  EventCategory: 5,
  UserName: 'NT AUTHORITY\\SYSTEM',
};

describe('attributes, as converters of XML write them', () => {
  const marked = (mark: (attributes: Record<string, string>) => object) => ({
    ...system,
    Provider: mark({ Name: SYSMON }),
    TimeCreated: mark({ SystemTime: TIME }),
    Security: mark({ UserID: 'S-1-5-18' }),
  });
  const withPrefix = (prefix: string) => (attributes: Record<string, string>) =>
    Object.fromEntries(Object.entries(attributes).map(([name, value]) => [prefix + name, value]));

  it.each([
    ['no mark', system],
    ['@', marked(withPrefix('@'))],
    ['@_', marked(withPrefix('@_'))],
    ['_', marked(withPrefix('_'))],
    ['-', marked(withPrefix('-'))],
    ['#attributes', marked((attributes) => ({ '#attributes': attributes }))],
    ['$', marked((attributes) => ({ $: attributes }))],
    [
      'beside the element',
      {
        ...system,
        Provider: null,
        Provider_attributes: { Name: SYSMON },
        TimeCreated: null,
        TimeCreated_attributes: { SystemTime: TIME },
        Security: null,
        Security_attributes: { UserID: 'S-1-5-18' },
      },
    ],
    ['text with attributes', { ...system, EventID: { '#text': '5', Qualifiers: '0' }, Level: '4', Task: { _: '5' } }],
  ])('%s', (_name, System) => {
    expect(rowOf({ Event: { '@xmlns': NS, System, EventData: { Image: 'a' } } })).toMatchObject(columns);
    expect(rowOf({ System, EventData: { Image: 'a' } })).toMatchObject(columns);
  });
});

describe('values', () => {
  it.each([
    ['a list of named Data', { Data: [{ '@Name': 'B', '#text': '<1>' }, { '@Name': 'A' }] }],
    [
      'attributes in an object',
      {
        Data: [
          { '#attributes': { Name: 'B' }, '#text': '<1>' },
          { '#attributes': { Name: 'A' }, '#text': '' },
        ],
      },
    ],
    [
      'the list alone',
      [
        { Name: 'B', Value: '<1>' },
        { Name: 'A', Value: '' },
      ],
    ],
  ])('%s keeps its order', (_name, EventData) => {
    expect(dataOf({ Event: { System: system, EventData } })).toBe(
      `<EventData xmlns="${NS}"><Data Name="B">&lt;1&gt;</Data><Data Name="A"></Data></EventData>`,
    );
  });

  it.each([
    ['a list', { Data: ['a', 'b'] }],
    ['the texts of one element', { Data: { '#text': ['a', 'b'] } }],
  ])('without names: %s', (_name, EventData) => {
    expect(dataOf({ Event: { System: system, EventData } })).toBe(
      `<EventData xmlns="${NS}"><Data>a</Data><Data>b</Data></EventData>`,
    );
  });

  it('with binary data behind them', () => {
    expect(dataOf({ Event: { System: system, EventData: { Data: 'a', Binary: 'FF' } } })).toBe(
      `<EventData xmlns="${NS}"><Data>a</Data><Binary>FF</Binary></EventData>`,
    );
  });

  it.each([
    ['by name', { '#attributes': { Name: 'x' }, Image: 'C:\\a.exe', ProcessId: 7, RuleName: null }],
    ['by name in Data', { Data: { Image: 'C:\\a.exe', ProcessId: 7 } }],
  ])("%s are in the manifest's order", (_name, EventData) => {
    expect(valuesOf({ Event: { System: system, EventData } })).toMatchObject({ Image: 'C:\\a.exe', ProcessId: '7' });
    expect(Object.keys(valuesOf({ Event: { System: system, EventData } }))).toEqual([
      'RuleName',
      'UtcTime',
      'ProcessGuid',
      'ProcessId',
      'Image',
    ]);
  });

  it('of UserData are elements, with their namespace', () => {
    const cleared = { '#attributes': { xmlns: 'urn:log' }, SubjectUserName: 'a & b' };
    const xml = '<LogFileCleared xmlns="urn:log"><SubjectUserName>a &amp; b</SubjectUserName></LogFileCleared>';
    const expected = `<UserData xmlns="${NS}">${xml}</UserData>`;
    expect(dataOf({ Event: { System: system, UserData: { LogFileCleared: cleared } } })).toBe(expected);
    expect(dataOf({ System: system, UserData: xml })).toBe(expected);
    expect(dataOf({ System: system, UserData: '<broken' })).toContain('<Data Name="UserData">&lt;broken</Data>');
    expect(dataOf({ System: system })).toBe(`<EventData xmlns="${NS}"></EventData>`);
  });
});

it('says what is missing', () => {
  expect(reasonOf({ Event: { System: { ...system, TimeCreated: 'soon' } } })).toEqual([
    'no-time',
    'event JSON: TimeCreated is soon',
  ]);
  expect(reasonOf({ Event: { System: { ...system, EventID: 'x' } } })[0]).toBe('unknown-shape');
  expect(reasonOf({ Event: 1, System: 2 })[1]).toContain('nearest: Windows event as JSON');
});
