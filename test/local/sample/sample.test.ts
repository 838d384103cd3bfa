import { generateSample } from '../../../local/sample';
import { decode } from '../../../src/events/decode';

jest.setTimeout(60_000);

const now = new Date('2026-03-14T15:09:26.535Z');
const sample = generateSample({ now });
const rows = sample.messages.flatMap((body) => decode({ body }).records.map(({ fields }) => fields));
const dataOf = (row: Record<string, unknown>) =>
  new Map(
    [...String(row.EventData).matchAll(/<Data Name="([^"]*)">([^<]*)<\/Data>/g)].map((match) => [match[1]!, match[2]!]),
  );

const matchesRule = (row: Record<string, unknown>) => {
  const data = dataOf(row);
  return (
    row.EventID === 1 &&
    data.get('ParentCommandLine')?.toLowerCase() === 'c:\\windows\\system32\\svchost.exe -k dcomlaunch' &&
    data.get('CommandLine')?.toLowerCase() === 'c:\\windows\\system32\\mmc.exe -embedding'
  );
};

describe('the sample of npm start', () => {
  it('is thousands of events in messages as Log Analytics exports them', () => {
    expect(sample.events).toBeGreaterThan(4000);
    expect(rows).toHaveLength(sample.events);
    const record = JSON.parse(sample.messages[0]!.toString()).records[0];
    const keys = Object.keys(record);
    expect(keys).toEqual([...keys].sort());
    expect(keys).toEqual(expect.arrayContaining(['Computer', 'EventData', 'TimeGenerated', 'Type', '_ItemId']));
  });

  it('lies in the last full hour before now', () => {
    const times = rows.map((row) => String(row.TimeGenerated)).sort();
    expect(times[0]! >= '2026-03-14T14:00:00.0000000Z').toBe(true);
    expect(times.at(-1)! < '2026-03-14T15:00:00.0000000Z').toBe(true);
    expect([sample.start, sample.end]).toEqual([Date.UTC(2026, 2, 14, 14), Date.UTC(2026, 2, 14, 15)]);
  });

  it('gives the same bytes for the same seed and hour, others for another seed', () => {
    const again = generateSample({ now: new Date('2026-03-14T15:59:59Z') });
    expect(Buffer.concat(again.messages).equals(Buffer.concat(sample.messages))).toBe(true);
    expect(Buffer.concat(generateSample({ now, seed: 2 }).messages).equals(Buffer.concat(sample.messages))).toBe(false);
  });

  it('holds exactly the attacks it names, with and without ParentUser', () => {
    const found = rows.filter(matchesRule);
    expect(found.map((row) => ({ computer: row.Computer, timeGenerated: row.TimeGenerated }))).toEqual(sample.attacks);
    expect(found).toHaveLength(3);
    expect(found.map((row) => dataOf(row).has('ParentUser'))).toEqual([true, true, false]);
  });

  it('holds near misses of each kind', () => {
    const mmc = rows.filter(
      (row) => row.EventID === 1 && /mmc\.exe$/.test(dataOf(row).get('Image') ?? '') && !matchesRule(row),
    );
    const parents = mmc.map((row) => dataOf(row).get('ParentCommandLine'));
    expect(parents).toEqual(
      expect.arrayContaining([expect.stringMatching(/DcomLaunch -p$/), expect.stringMatching(/Explorer\.EXE$/)]),
    );
  });

  it('is a natural mix of event ids, hosts and users, ids unique', () => {
    const ids = new Set(rows.map((row) => row.EventID));
    expect([...ids].sort((a, b) => Number(a) - Number(b))).toEqual([1, 3, 5, 7, 10, 11, 12, 13, 22, 23]);
    expect(new Set(rows.map((row) => row.Computer)).size).toBe(9);
    expect(new Set(rows.map((row) => dataOf(row).get('User'))).size).toBeGreaterThan(8);
    expect(new Set(rows.map((row) => row._ItemId)).size).toBe(rows.length);
  });
});
