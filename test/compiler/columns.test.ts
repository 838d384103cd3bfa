import { createCompiler } from '../../src/compiler/compile';
import type { Row, Value } from '../../src/kql';
import { queryTable, runQuery } from '../support/kql';

const compiler = createCompiler([
  {
    name: 'DeviceEvents',
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'Timestamp', type: 'datetime' },
      { name: 'DeviceName', type: 'string' },
    ],
  },
]);
const time = 638_000_000_000_000_000n;
const scan = (): Row[] => [
  [time, 'a'],
  [time + 10_000_000n, 'b'],
];
const rows = (text: string): unknown[][] => runQuery(compiler, text, { scan }).rows;

describe('Timestamp of Defender XDR tables', () => {
  it('is the time of the event', () => {
    expect(rows('DeviceEvents | where Timestamp == TimeGenerated | project Timestamp, DeviceName')).toEqual([
      ['2022-09-28T22:13:20.0000000Z', 'a'],
      ['2022-09-28T22:13:21.0000000Z', 'b'],
    ]);
    expect(rows('DeviceEvents | summarize arg_max(Timestamp, DeviceName)')).toEqual([
      ['2022-09-28T22:13:21.0000000Z', 'b'],
    ]);
    expect(rows('DeviceEvents | project-away TimeGenerated | sort by Timestamp asc | project DeviceName')).toEqual([
      ['a'],
      ['b'],
    ]);
  });

  it('may be replaced', () => {
    expect(rows('DeviceEvents | extend Timestamp = 1 | where Timestamp == 1 | count')).toEqual([[2]]);
  });

  it('leaves filters first, on the column that events bring', () => {
    const { plan } = compiler.compile('DeviceEvents | where Timestamp > ago(1h) | where DeviceName has "a"');
    expect(plan?.ops.map(({ op }) => op)).toEqual(['where', 'where', 'extend']);
    expect(JSON.stringify(plan?.ops[0])).toContain('TimeGenerated');
  });
});

describe('* in a filter', () => {
  it('is any column, as text', () => {
    const table = 'datatable(a:string, b:int, c:dynamic)["x", 12, dynamic({"k":"val"}), "12", 7, dynamic(null)]';
    expect(queryTable(`${table} | where * has "12" | count`).rows).toEqual([[2]]);
    expect(queryTable(`${table} | where * has "VAL" | project b`).rows).toEqual([[12]]);
    expect(queryTable(`${table} | where * contains "zz" or b == 7 | project a`).rows).toEqual([['12']]);
  });
});

describe('what is out of reach', () => {
  const message = (text: string): string =>
    compiler
      .compile(text)
      .diagnostics.map((d) => d.message)
      .join('\n');

  it.each([
    ['union DeviceEvents, workspace("x").DeviceEvents', 'another workspace'],
    ['adx("https://x").T', 'another workspace'],
    ['cluster("x").database("y").T', 'other clusters'],
    ['search "x"', 'name the tables'],
    ['DeviceEvents | fork (count) (take 1)', 'a rule has one result'],
    ['DeviceEvents | evaluate autocluster()', 'is not published'],
    ['DeviceEvents | evaluate python(typeof(*), "x")', 'outside the query'],
    ['DeviceEvents | make-graph DeviceName --> DeviceName', 'join the tables of the edges'],
    ['DeviceEvents | extend g = geo_info_from_ip_address(DeviceName)', 'database of addresses'],
  ])('%s is refused with the reason', (text, reason) => {
    expect(message(text)).toContain(reason);
  });
});

describe('queries that Microsoft’s binder gives up on', () => {
  it('are refused at the operator that is to blame', () => {
    const text = 'DeviceEvents | graph-match (a)-[b]->(c) project a';
    const { plan, diagnostics } = compiler.compile(text);
    expect(plan).toBeUndefined();
    expect(diagnostics.map(({ code, start }) => [code, start])).toEqual([['unsupported', text.indexOf('graph-match')]]);
  });
});

describe('two queries in one file', () => {
  it.each([
    ['DeviceEvents\n| project DeviceName\n\n// the same for XDR\nDeviceEvents | project Nope', 5],
    ['DeviceEvents | count\n\nlet x = 1;\nDeviceEvents | take x', 3],
  ])('are one problem, where the second begins: %j', (text, line) => {
    const { diagnostics } = compiler.compile(text);
    expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining('A second query begins here')]);
    expect(text.slice(0, diagnostics[0]!.start).split('\n')).toHaveLength(line);
  });
});

describe('an unknown function of invoke', () => {
  it('is one problem, whatever follows from it', () => {
    const text =
      'DeviceEvents | invoke FileProfile(DeviceName, 9) | where not(IsCertificateValid) or GlobalPrevalence < 9';
    expect(compiler.compile(text).diagnostics.map(({ message }) => message)).toEqual([
      expect.stringContaining('service of Defender XDR'),
    ]);
  });
});

describe('a column that is dynamic in Sentinel and text in Defender XDR', () => {
  const devices = createCompiler([
    {
      name: 'DeviceEvents',
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'AdditionalFields', type: 'dynamic' },
        { name: 'Other', type: 'dynamic' },
      ],
    },
  ]);
  const bag = (value: string): Value => new Map([['Command', value]]);
  const events = (): Row[] => [
    [time, bag('b'), null],
    [time, bag('a'), null],
    [time, bag('b'), null],
  ];
  const run = (text: string): unknown[][] => runQuery(devices, text, { scan: events }).rows;

  it('groups and sorts rows by its text, with a warning', () => {
    expect(run('DeviceEvents | summarize N = count() by AdditionalFields | sort by N desc')).toEqual([
      [{ Command: 'b' }, 2],
      [{ Command: 'a' }, 1],
    ]);
    expect(run('DeviceEvents | distinct AdditionalFields | count')).toEqual([[2]]);
    expect(run('DeviceEvents | sort by AdditionalFields asc | project AdditionalFields.Command')).toEqual([
      ['a'],
      ['b'],
      ['b'],
    ]);
    const { diagnostics } = devices.compile('DeviceEvents | summarize count() by AdditionalFields');
    expect(diagnostics.map(({ severity }) => severity)).toEqual(['warning']);
  });

  it('is refused for any other', () => {
    expect(devices.compile('DeviceEvents | summarize count() by Other').plan).toBeUndefined();
  });
});
