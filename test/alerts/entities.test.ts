import type { AlertEntity, AlertingRule } from '../../src/alerts/alert';
import { ResultReader } from '../../src/alerts/cell';
import { buildEntities } from '../../src/alerts/entities';
import { defaultLimits } from '../../src/alerts/limits';
import { mapping, rule, table } from './sample';

const limits = defaultLimits('Scheduled');

function entities(mappings: AlertingRule['entityMappings'], ...rows: Record<string, unknown>[]): AlertEntity[] {
  const result = table(...rows);
  return buildEntities(rule({ entityMappings: mappings }), new ResultReader(result), result.rows, limits).entities;
}

describe('buildEntities', () => {
  it('makes the entities of the DCOM rule and ties the process to its host', () => {
    const mappings = [
      mapping('Process', 'CommandLine=CommandLine'),
      mapping('Host', 'FullName=Computer', 'HostName=HostName', 'DnsDomain=DnsDomain'),
      mapping('Account', 'Name=User'),
    ];
    const row = {
      Computer: 'WS01.corp.example.com',
      HostName: 'WS01',
      DnsDomain: 'corp.example.com',
      CommandLine: 'mmc.exe -Embedding',
      User: 'CORP\\alice',
    };
    expect(entities(mappings, row)).toEqual([
      { $id: '1', HostName: 'WS01', DnsDomain: 'corp.example.com', Type: 'host' },
      { $id: '2', CommandLine: 'mmc.exe -Embedding', Host: { $ref: '1' }, Type: 'process' },
      { $id: '3', Name: 'CORP\\alice', Type: 'account' },
    ]);
    // What the real attack yields: a Sysmon without ParentUser leaves User empty.
    expect(entities(mappings, { ...row, Computer: 'IEWIN7', HostName: 'IEWIN7', DnsDomain: '', User: '' })).toEqual([
      { $id: '1', HostName: 'IEWIN7', Type: 'host' },
      { $id: '2', CommandLine: 'mmc.exe -Embedding', Host: { $ref: '1' }, Type: 'process' },
    ]);
  });

  it.each([
    ['CORP\\alice', { NTDomain: 'CORP', Name: 'alice' }],
    ['alice@corp.example.com', { Name: 'alice', UPNSuffix: 'corp.example.com' }],
    ['alice', { Name: 'alice' }],
    ['a\\b\\c', { NTDomain: 'a', Name: 'b\\c' }],
    ['CORP\\', undefined],
    ['@', { Name: '@' }],
  ])('takes the account %s apart', (value, expected) => {
    const found = entities([mapping('Account', 'FullName=A')], { A: value });
    expect(found).toEqual(expected === undefined ? [] : [{ $id: '1', ...expected, Type: 'account' }]);
  });

  it.each([
    ['ws01.corp.example.com', { HostName: 'ws01', DnsDomain: 'corp.example.com' }],
    ['CORP\\ws01', { NTDomain: 'CORP', HostName: 'ws01' }],
    ['ws01', { HostName: 'ws01' }],
    ['10.0.0.1', { HostName: '10.0.0.1' }],
  ])('takes the host %s apart', (value, expected) => {
    expect(entities([mapping('Host', 'FullName=C')], { C: value })).toEqual([{ $id: '1', ...expected, Type: 'host' }]);
  });

  it('prefers what is mapped by itself to the parts of a full name', () => {
    const mappings = [mapping('Account', 'FullName=A', 'Name=N', 'NTDomain=D')];
    expect(entities(mappings, { A: 'X\\y', N: 'alice', D: null })).toEqual([
      { $id: '1', Name: 'alice', NTDomain: 'X', Type: 'account' },
    ]);
  });

  it('drops built-in accounts', () => {
    const mappings = [mapping('Account', 'Name=N', 'Sid=S'), mapping('Account', 'FullName=F')];
    expect(entities(mappings, { N: 'system', S: 'S-1-5-18', F: 'NT AUTHORITY\\SYSTEM' })).toEqual([]);
    expect(entities(mappings, { N: null, S: 'S-1-5-21-1', F: 'CORP\\adm' })).toHaveLength(2);
  });

  it('leaves out entities without an identifying value', () => {
    expect(entities([mapping('FileHash', 'Algorithm=A', 'Value=V')], { A: 'SHA1', V: '' })).toEqual([]);
    expect(entities([mapping('IP', 'Address=Missing')], { Other: 'x' })).toEqual([]);
    expect(entities([mapping('Host', 'HostName=H', 'OSFamily=O')], { H: null, O: 'Windows' })).toEqual([]);
    expect(entities([mapping('IP', 'Address=I')])).toEqual([]);
  });

  it('makes one entity an item of a dynamic list, and text of other dynamic values', () => {
    expect(
      entities([mapping('IP', 'Address=I')], { I: ['10.0.0.1', null, '10.0.0.2', '10.0.0.1'] }).map((e) => e.Address),
    ).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(entities([mapping('Process', 'CommandLine=C')], { C: { b: 1, a: [2] } })[0]?.CommandLine).toBe(
      '{"a":[2],"b":1}',
    );
    expect(entities([mapping('Process', 'ProcessId=P')], { P: 4711 })[0]?.ProcessId).toBe('4711');
  });

  it('gives each distinct entity once, and tells equal processes on two hosts apart', () => {
    const mappings = [mapping('Process', 'CommandLine=C'), mapping('Host', 'HostName=H')];
    const found = entities(mappings, { C: 'a', H: 'one' }, { C: 'a', H: 'two' }, { C: 'a', H: 'one' });
    expect(found).toEqual([
      { $id: '1', HostName: 'one', Type: 'host' },
      { $id: '2', HostName: 'two', Type: 'host' },
      { $id: '3', CommandLine: 'a', Host: { $ref: '1' }, Type: 'process' },
      { $id: '4', CommandLine: 'a', Host: { $ref: '2' }, Type: 'process' },
    ]);
  });

  it('ties registry values, files and local accounts', () => {
    const mappings = [
      mapping('RegistryKey', 'Key=K'),
      mapping('RegistryValue', 'Name=V'),
      mapping('File', 'Name=F'),
      mapping('FileHash', 'Algorithm=A', 'Value=X'),
      mapping('Account', 'Name=N', 'NTDomain=D'),
      mapping('Host', 'HostName=H'),
    ];
    const row = { K: 'HKLM\\Software', V: 'Run', F: 'a.exe', A: 'SHA1', X: 'ff', N: 'bob', D: 'ws01', H: 'WS01' };
    const byType = new Map(entities(mappings, row).map((entity) => [entity.Type, entity]));
    const idOf = (type: string) => ({ $ref: byType.get(type)!.$id });
    expect(byType.get('registry-value')).toMatchObject({ Key: idOf('registry-key'), Host: idOf('host') });
    expect(byType.get('file')).toMatchObject({ FileHashes: [idOf('filehash')], Host: idOf('host') });
    expect(byType.get('account')).toMatchObject({ Host: idOf('host') });
    expect(entities(mappings, { ...row, D: 'CORP' }).find((entity) => entity.Type === 'account')).not.toHaveProperty(
      'Host',
    );
  });

  it('does not guess between two hosts', () => {
    const mappings = [
      mapping('Host', 'HostName=H'),
      mapping('Host', 'HostName=I'),
      mapping('Process', 'CommandLine=C'),
    ];
    expect(entities(mappings, { H: 'a', I: 'b', C: 'x' }).at(-1)).toEqual({
      $id: '3',
      CommandLine: 'x',
      Type: 'process',
    });
  });

  it('points references backwards only', () => {
    const mappings = [mapping('Process', 'CommandLine=C'), mapping('File', 'Name=F'), mapping('Host', 'HostName=H')];
    const rows = Array.from({ length: 30 }, (_, i) => ({ C: `c${i % 7}`, F: `f${i % 3}`, H: `h${i % 5}` }));
    const found = entities(mappings, ...rows);
    for (const [index, entity] of found.entries()) {
      expect(entity.$id).toBe(String(index + 1));
      if (typeof entity.Host === 'object' && '$ref' in entity.Host)
        expect(Number(entity.Host.$ref)).toBeLessThan(index + 1);
    }
  });

  it('shares 500 entities among the mappings and counts the rest', () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({ C: `c${i}`, H: `h${i}` }));
    const result = table(...rows);
    const mapped = rule({ entityMappings: [mapping('Process', 'CommandLine=C'), mapping('Host', 'HostName=H')] });
    const { entities: found, omitted } = buildEntities(mapped, new ResultReader(result), result.rows, limits);
    expect(found.filter((entity) => entity.Type === 'host')).toHaveLength(250);
    expect(found).toHaveLength(500);
    expect(omitted).toBe(300);
  });

  it('keeps within 64 KB and leaves no dangling reference', () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({
      C: `${i}${'x'.repeat(2_000)}`,
      H: `${i}${'é'.repeat(600)}`,
    }));
    const result = table(...rows);
    const mapped = rule({ entityMappings: [mapping('Process', 'CommandLine=C'), mapping('Host', 'HostName=H')] });
    const { entities: found, omitted } = buildEntities(mapped, new ResultReader(result), result.rows, limits);
    expect(Buffer.byteLength(JSON.stringify(found))).toBeLessThanOrEqual(65_536);
    expect(found.length + omitted).toBe(200);
    const ids = new Set(found.map((entity) => entity.$id));
    for (const { Host } of found) if (typeof Host === 'object' && '$ref' in Host) expect(ids).toContain(Host.$ref);
  });

  it('treats hostile values as data', () => {
    const hostile = '"},{"$id":"1","Type":"host"}]<script>\u001b[2J__proto__';
    const found = JSON.parse(JSON.stringify(entities([mapping('Process', 'CommandLine=C')], { C: hostile })));
    expect(found).toEqual([{ $id: '1', CommandLine: hostile, Type: 'process' }]);
  });
});
