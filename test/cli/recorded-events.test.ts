import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseCases } from '../../cli/testing/case-file';
import { type CaseResult, runCase } from '../../cli/testing/run-case';
import type { Workspace, WorkspaceRule } from '../../src/rules/workspace';
import { evtxFile, string, sysmonRecord } from '../support/evtx';
import { openRepository } from './repository';

let workspace: Workspace;
let dcom: WorkspaceRule;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-cases-'));
  workspace = await openRepository();
  dcom = workspace.rules.find(({ file }) => basename(file.file) === 'lateral-movement-via-dcom.yaml')!;
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = sysmonRecord(1, Date.UTC(2026, 2, 14, 14, 31), 1, [
  ['CommandLine', string('C:\\Windows\\System32\\mmc.exe -Embedding')],
  ['ParentCommandLine', string('C:\\Windows\\System32\\svchost.exe -k DcomLaunch')],
]);
const XML = `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Sysmon"/><EventID>1</EventID><Level>4</Level><TimeCreated SystemTime="2026-03-14T14:31:00.000Z"/><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>HOST1</Computer></System><EventData><Data Name="CommandLine">C:\\Windows\\System32\\mmc.exe -Embedding</Data><Data Name="ParentCommandLine">C:\\Windows\\System32\\svchost.exe -k DcomLaunch</Data></EventData></Event>`;

const caseOf = (file: string, expect: string) =>
  parseCases(`- name: recorded\n  events: [{ file: ${file} }]\n  expect: ${expect}\n`, join(folder, 'x.test.yaml'));
async function outcome(file: string, bytes: Buffer, rows: string): Promise<CaseResult> {
  writeFileSync(join(folder, file), bytes);
  const { cases, problems } = caseOf(file, rows);
  expect(problems).toEqual([]);
  return runCase(workspace, dcom, cases[0]!);
}

describe('recorded events of a case', () => {
  it('are read from EVTX and NDJSON, plain and packed, beside the test file', async () => {
    const line = Buffer.from(`${XML}\n`);
    for (const [file, bytes] of [
      ['a.evtx', evtxFile([[record]])],
      ['b.evtx.gz', gzipSync(evtxFile([[record]]))],
      ['c.ndjson', line],
      ['d.ndjson.gz', gzipSync(line)],
    ] as const) {
      const { ok, faults, rows } = await outcome(file, bytes, '1');
      expect([file, ok, faults, rows.length]).toEqual([file, true, [], 1]);
    }
  });

  it('fail the case where they cannot be read, even if no row is expected', async () => {
    expect((await outcome('bad.evtx', Buffer.from('no log'), 'none')).faults).toEqual([
      `${join(folder, 'bad.evtx')}: it is no Windows event log (EVTX) (line 2)`,
    ]);
    expect((await outcome('empty.ndjson', Buffer.from('\n'), 'none')).faults).toEqual([
      `${join(folder, 'empty.ndjson')}: it holds no events (line 2)`,
    ]);
    const { ok, faults } = await outcome('cut.ndjson', Buffer.from(`${XML}\n{"EventID":\n`), '1');
    expect([ok, faults]).toEqual([false, [expect.stringContaining('cut.ndjson, message 2 (line 2) could not be')]]);
  });

  it('are a problem with line and column where there is no such file', () => {
    const { cases, problems } = caseOf('gone.ndjson', 'none');
    expect(cases).toEqual([]);
    expect(problems).toMatchObject([
      { line: 2, column: 20, severity: 'error', message: `There is no file ${join(folder, 'gone.ndjson')}.` },
    ]);
  });
});
