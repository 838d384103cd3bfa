import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { EvtxItem } from '../../../cli/evtx/chunk';
import { evtxEvents } from '../../../cli/evtx/file';
import { messageBodies } from '../../../cli/io/input';
import { decode } from '../../../src/events/decode';
import {
  CHUNK_SIZE,
  type Element,
  type EvtxRecord,
  evtxFile,
  fileTime,
  nothing,
  sealChunk,
  sized,
  string,
  sysmonRecord,
  u32,
  type Value,
} from '../../support/evtx';

const TIME = Date.UTC(2026, 2, 14, 14, 31, 7, 123);
const COMMAND = 'C:\\Windows\\System32\\mmc.exe -Embedding & echo "<x>" \'y\'';
const guid: Value = { type: 0x0f, bytes: Buffer.from('7003f6227f6110 00b302000000001500'.replace(' ', ''), 'hex') };
const process = (command: string): EvtxRecord =>
  sysmonRecord(1, TIME, 4567, [
    ['RuleName', string('')],
    ['ProcessGuid', guid],
    ['ProcessId', u32(9948)],
    ['CommandLine', string(command)],
    ['LogonId', sized(0x15, 8, (bytes) => bytes.writeBigUInt64LE(0x8cca0n))],
    ['ParentCommandLine', string('C:\\Windows\\System32\\svchost.exe -k DcomLaunch')],
  ]);

async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 10_007) yield bytes.subarray(at, at + 10_007);
}

async function read(bytes: Buffer): Promise<{ xml: string[]; problems: string[] }> {
  const items: EvtxItem[] = [];
  for await (const item of evtxEvents(inPieces(bytes))) items.push(item);
  return {
    xml: items.flatMap((item) => ('xml' in item ? [item.xml] : [])),
    problems: items.flatMap((item) => ('problem' in item ? [item.problem] : [])),
  };
}

/** A record whose template is this element alone. */
let nextId = 1000;
const plain = (root: Element, values: readonly Value[] = []): EvtxRecord => ({
  template: { id: nextId++, root },
  values,
});
const xmlOf = async (root: Element, values: readonly Value[] = []): Promise<string> => {
  const { xml, problems } = await read(evtxFile([[plain(root, values)]]));
  expect(problems).toEqual([]);
  return xml[0]!;
};
const problemOf = async (root: Element, values: readonly Value[] = []): Promise<string> => {
  const { xml, problems } = await read(evtxFile([[plain(root, values)]]));
  expect(xml).toEqual([]);
  return problems.join();
};

describe('an event log', () => {
  const two = evtxFile([[process(COMMAND), process('second')], [process('third')]]);

  it('gives the XML that Windows renders, templates and names read once or again', async () => {
    const { xml, problems } = await read(two);
    expect(problems).toEqual([]);
    expect(xml).toHaveLength(3);
    expect(xml[0]).toBe(
      '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>' +
        '<Provider Name="Microsoft-Windows-Sysmon" Guid="{5770385f-c22a-43e0-bf4c-06f5698ffbd9}"/>' +
        '<EventID>1</EventID><Version>5</Version><Level>4</Level><Task>1</Task><Keywords>0x8000000000000000</Keywords>' +
        '<TimeCreated SystemTime="2026-03-14T14:31:07.1234567Z"/><EventRecordID>4711</EventRecordID><Correlation/>' +
        '<Execution ProcessID="3312" ThreadID="5020"/><Channel>Microsoft-Windows-Sysmon/Operational</Channel>' +
        '<Computer>WS-042.corp.example</Computer><Security UserID="S-1-5-18"/></System>' +
        '<EventData><Data Name="RuleName"></Data><Data Name="ProcessGuid">{22f60370-617f-0010-b302-000000001500}</Data>' +
        '<Data Name="ProcessId">9948</Data>' +
        '<Data Name="CommandLine">C:\\Windows\\System32\\mmc.exe -Embedding &amp; echo "&lt;x&gt;" \'y\'</Data>' +
        '<Data Name="LogonId">0x8cca0</Data>' +
        '<Data Name="ParentCommandLine">C:\\Windows\\System32\\svchost.exe -k DcomLaunch</Data></EventData></Event>',
    );
    expect(xml[2]).toContain('<Data Name="CommandLine">third</Data>');
  });

  it('is input of the command: rows of the table Event, plain or gzip', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outrider-evtx-'));
    try {
      writeFileSync(join(folder, 'a.evtx'), two);
      writeFileSync(join(folder, 'b.evtx.gz'), gzipSync(two));
      for (const name of ['a.evtx', 'b.evtx.gz']) {
        const rows = [];
        for await (const body of messageBodies(join(folder, name))) rows.push(...decode({ body }).records);
        expect(rows).toHaveLength(3);
        expect(rows[0]).toMatchObject({
          table: 'Event',
          fields: {
            EventID: 1,
            EventLog: 'Microsoft-Windows-Sysmon/Operational',
            Computer: 'WS-042.corp.example',
            TimeGenerated: '2026-03-14T14:31:07.1234567Z',
            UserName: 'NT AUTHORITY\\SYSTEM',
          },
        });
        expect(rows[0]!.fields.EventData).toContain('-Embedding &amp; echo "&lt;x&gt;" \'y\'</Data>');
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('binary XML', () => {
  it('leaves out elements and attributes of optional values that are null, keeps those of others', async () => {
    const root: Element = {
      name: 'E',
      content: [
        { name: 'A', attributes: [['x', [{ text: '1' }]]], content: [{ value: 0, type: 1, optional: true }] },
        { name: 'B', content: [{ value: 0, type: 1 }] },
        {
          name: 'C',
          attributes: [
            ['x', [{ value: 0, type: 1, optional: true }]],
            ['y', [{ text: '"<' }]],
          ],
        },
        { name: 'D', content: [{ text: 'd' }], dependency: 0 },
        { name: 'F', content: [{ text: 'f' }], dependency: 1 },
      ],
    };
    expect(await xmlOf(root, [nothing, string('v')])).toBe('<E><B></B><C y="&quot;&lt;"/><F>f</F></E>');
  });

  it('repeats an element for each value of an array', async () => {
    const data = { name: 'Data', content: [{ value: 0, type: 0x81 }] };
    const texts: Value = { type: 0x81, bytes: Buffer.from('a\0b<\0', 'utf16le') };
    expect(await xmlOf({ name: 'E', content: [data] }, [texts])).toBe('<E><Data>a</Data><Data>b&lt;</Data></E>');
    const numbers: Value = { type: 0x86, bytes: Buffer.from([1, 0, 0, 1]) };
    expect(await xmlOf({ name: 'E', content: [data] }, [numbers])).toBe('<E><Data>1</Data><Data>256</Data></E>');
  });

  it('renders times to the tick, also those before 1970', async () => {
    const late = fileTime(Date.UTC(9999, 11, 31, 23, 59, 59, 999), 9999);
    const early = fileTime(Date.UTC(1601, 0, 1), 1);
    const content = [{ value: 0, type: 0x11 }, { text: ' ' }, { value: 1, type: 0x11 }];
    expect(await xmlOf({ name: 'E', content }, [late, early])).toBe(
      '<E>9999-12-31T23:59:59.9999999Z 1601-01-01T00:00:00.0000001Z</E>',
    );
  });

  it('reads entities, characters and CDATA', async () => {
    const content = [{ text: 'a' }, { entity: 'amp' }, { character: 65 }, { cdata: '<b>' }];
    expect(await xmlOf({ name: 'E', content })).toBe('<E>a&amp;&#65;&lt;b&gt;</E>');
  });

  it.each<[string, number, string, string]>([
    ['signed bytes', 0x03, 'ff', '-1'],
    ['64 bits', 0x09, 'ffffffffffffffff', '-1'],
    ['unsigned 64 bits', 0x0a, 'ffffffffffffffff', '18446744073709551615'],
    ['single precision', 0x0b, 'cdcccc3d', '0.1'],
    ['double precision', 0x0c, '9a9999999999b93f', '0.1'],
    ['true', 0x0d, '01000000', 'true'],
    ['bytes', 0x0e, '0aff', '0AFF'],
    ['a size', 0x10, '00010000', '0x100'],
    ['a system time', 0x12, 'ea0703000600 0e000e001f0007007b00', '2026-03-14T14:31:07.123Z'],
    ['a SID', 0x13, '0105000000000005150000000100000002000000030000005 5040000', 'S-1-5-21-1-2-3-1109'],
    ['hexadecimal', 0x14, 'a0cc0800', '0x8cca0'],
    ['ANSI text', 0x02, '63616600e9', 'caf\u0000é'],
  ])('renders %s', async (_name, type, hex, expected) => {
    const value: Value = { type, bytes: Buffer.from(hex.replaceAll(' ', ''), 'hex') };
    const got = await xmlOf({ name: 'E', content: [{ value: 0, type }] }, [value]);
    expect(got).toBe(`<E>${expected}</E>`);
  });
});

describe('damage', () => {
  const root: Element = { name: 'E', content: [{ value: 0, type: 1 }] };

  it.each<[string, () => Promise<string>, RegExp]>([
    ['a number of a wrong size', () => problemOf(root, [{ type: 0x08, bytes: Buffer.alloc(3) }]), /3 bytes, not 4/],
    ['a type that is not known', () => problemOf(root, [{ type: 0x7f, bytes: Buffer.alloc(3) }]), /not understood/],
    ['a SID without its parts', () => problemOf(root, [{ type: 0x13, bytes: Buffer.alloc(3, 9) }]), /SID/],
    ['a name that is none', () => problemOf({ name: 'E><x', content: [] }), /is no name/],
  ])('%s costs the record, and is said', async (_name, problem, expected) => {
    expect(await problem()).toMatch(expected);
  });

  it('a chunk that is cut off gives the events before the cut', async () => {
    const log = evtxFile([Array.from({ length: 40 }, (_, i) => process(`command ${i} ${'x'.repeat(300)}`))]);
    const { xml, problems } = await read(log.subarray(0, 4096 + 20_000));
    expect(xml.length).toBeGreaterThan(5);
    expect(xml.length).toBeLessThan(40);
    expect(problems.join('\n')).toMatch(/cut off after 20000 bytes/);
  });

  it('wrong checksums are said, and the events read', async () => {
    const log = evtxFile([[process('a')]]);
    for (const at of [124, 4096 + 52, 4096 + 124]) {
      const bad = Buffer.from(log);
      bad[at]! ^= 0xff;
      const { xml, problems } = await read(bad);
      expect(xml).toHaveLength(1);
      expect(problems.join()).toMatch(/checksum/);
    }
  });

  it('a bad record costs itself, a bad chunk itself', async () => {
    const log = evtxFile([
      [process('a'), plain(root, [{ type: 0x08, bytes: Buffer.alloc(1) }]), process('b')],
      [process('c')],
    ]);
    const { xml, problems } = await read(log);
    expect(xml).toHaveLength(3);
    expect(problems).toEqual([expect.stringMatching(/^chunk 0: record 2 at \d+: /)]);
    log.fill(0x41, 4096, 4104);
    const again = await read(log);
    expect(again.xml).toHaveLength(1);
    expect(again.problems).toEqual(['chunk 0: it does not begin as a chunk does']);
  });

  it('chunks of zeros are room that is not used yet', async () => {
    const log = Buffer.concat([evtxFile([[process('a')]]), Buffer.alloc(CHUNK_SIZE)]);
    expect((await read(log)).problems).toEqual([]);
  });

  it('templates that contain themselves end', async () => {
    const log = evtxFile([
      [plain({ name: 'E', content: [{ value: 0, type: 0x21 }] }, [{ type: 0x21, bytes: Buffer.alloc(40) }])],
    ]);
    const chunk = log.subarray(4096);
    // The value becomes an instance of the template around it, which is defined 10 bytes after the record's fragment.
    const value = chunk.readUInt32LE(48) - 5 - 40;
    const definition = 512 + 24 + 4 + 10;
    Buffer.from([0x0c, 1, 0, 0, 0, 0]).copy(chunk, value);
    chunk.writeUInt32LE(definition, value + 6);
    sealChunk(chunk);
    const { xml, problems } = await read(log);
    expect(xml).toEqual([]);
    expect(problems.join()).toMatch(/contains itself/);
  });

  it('a few bytes that say a great deal are bounded', async () => {
    const content = Array.from({ length: 3000 }, () => ({ value: 0, type: 1 }));
    expect(await problemOf({ name: 'E', content }, [string('x'.repeat(20_000))])).toMatch(/longer than/);
  });

  it('elements nested without end are bounded', async () => {
    let deep: Element = { name: 'E' };
    for (let i = 0; i < 200; i++) deep = { name: 'E', content: [deep] };
    expect(await problemOf(deep)).toMatch(/nested deeper/);
  });

  it('any byte may be anything: nothing but events and problems comes of it', async () => {
    const log = evtxFile([[process('a'), process('b')]]);
    const used = 4096 + log.readUInt32LE(4096 + 48);
    let state = 7;
    const random = (): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state / 2 ** 32;
    };
    for (let round = 0; round < 400; round++) {
      const bad = Buffer.from(log);
      for (let i = 0; i < 1 + (round % 5); i++)
        bad[4096 + 512 + Math.floor(random() * (used - 4608))] = Math.floor(random() * 256);
      const { xml, problems } = await read(bad);
      expect(xml.length + problems.length).toBeGreaterThan(0);
    }
  });

  it.each([
    ['no event log', Buffer.from('{"a":1}'), /no Windows event log/],
    ['a cut header', evtxFile([]).subarray(0, 100), /cut off/],
    [
      'an older version',
      Buffer.concat([evtxFile([]).subarray(0, 38), Buffer.from([2]), evtxFile([]).subarray(39)]),
      /version 2/,
    ],
  ])('%s is refused', async (_name, bytes, expected) => {
    await expect(read(bytes)).rejects.toThrow(expected);
  });
});

describe('events that a collector wrote as their elements', () => {
  const event: Element = {
    name: 'Event',
    attributes: [['xmlns', [{ text: 'x' }]]],
    content: [
      { name: 'System', content: [{ name: 'EventID', content: [{ text: '4624' }] }, { name: 'Correlation' }] },
      {
        name: 'EventData',
        content: [{ name: 'Data', attributes: [['Name', [{ text: 'a' }]]], content: [{ text: '1 & 2' }] }],
      },
    ],
  };
  const xml =
    '<Event xmlns="x"><System><EventID>4624</EventID><Correlation/></System><EventData><Data Name="a">1 &amp; 2</Data></EventData></Event>';

  it('are read, whether they tell dependencies or not, beside others', async () => {
    const records: EvtxRecord[] = [
      { bare: event, hasDependencies: true },
      { bare: event, hasDependencies: false },
      process('other'),
      { bare: event, hasDependencies: false },
    ];
    const { xml: found, problems } = await read(evtxFile([records]));
    expect(problems).toEqual([]);
    expect([found[0], found[1], found[3]]).toEqual([xml, xml, xml]);
    expect(found[2]).toContain('>other<');
  });

  it('in a value too', async () => {
    const root: Element = { name: 'R', content: [{ value: 0, type: 0x21 }] };
    expect(await xmlOf(root, [{ bare: event }])).toBe(`<R>${xml}</R>`);
  });
});

describe('what stands behind the records that a chunk counts', () => {
  const file = evtxFile([[process('first'), process('second'), process('third')]]);
  const at = (number: number): number => {
    let place = 4096 + 512;
    for (let i = 1; i < number; i++) place += file.readUInt32LE(place + 4);
    return place;
  };
  /** The log as if the chunk counted one record alone. */
  const counting = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(file);
    const chunk = bytes.subarray(4096, 4096 + CHUNK_SIZE);
    chunk.writeUInt32LE(at(2) - 4096, 48);
    change(bytes);
    sealChunk(chunk);
    return bytes;
  };

  it('is read where it goes on from them: the log was open when it was copied', async () => {
    const { xml: found, problems } = await read(counting(() => undefined));
    expect([found.length, problems]).toEqual([3, []]);
  });

  it('is no problem where it does not: older records are left there', async () => {
    for (const change of [
      (bytes: Buffer) => bytes.writeBigUInt64LE(77n, at(2) + 8),
      (bytes: Buffer) => bytes.fill(0xee, at(2) + 30, at(2) + 60),
      (bytes: Buffer) => bytes.writeUInt32LE(3, at(2) + 4),
    ]) {
      const { xml: found, problems } = await read(counting(change));
      expect([found.length, problems]).toEqual([1, []]);
    }
  });
});
