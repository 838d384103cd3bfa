import { createCompiler } from '../../src/compiler/compile';
import type { Row } from '../../src/kql/values/types';
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
    ['DeviceEvents | extend g = geo_info_from_ip_address(DeviceName)', 'database of addresses'],
    ['DeviceEvents | where rand() < 0.5', 'another result each time'],
  ])('%s is refused with the reason', (text, reason) => {
    expect(message(text)).toContain(reason);
  });
});
