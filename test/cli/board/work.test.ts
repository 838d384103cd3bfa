import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { WorkEvents } from '../../../cli/board/messages';
import { saveRule } from '../../../cli/board/save-rule';
import { checkQuery, completeQuery, tryQuery } from '../../../cli/board/try-query';
import { openWorkspace } from '../../../cli/offline/workspace';
import { readCases } from '../../../cli/testing/case-file';
import { runCase } from '../../../cli/testing/run-case';
import type { Workspace } from '../../../src/rules/workspace';
import { eventRow } from '../../support/board';
import { openRepository } from '../repository';

jest.setTimeout(60_000);

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openRepository();
});

const bodies = (...rows: readonly object[]): WorkEvents => ({
  bodies: rows.map((row) => Buffer.from(JSON.stringify(row))),
});
const file = (name: string, content: string | Buffer): WorkEvents => ({ file: name, bytes: Buffer.from(content) });
const SYSMON = `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Sysmon"/><EventID>1</EventID><TimeCreated SystemTime="2026-01-05T10:00:00.0000000Z"/><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>xml</Computer></System><EventData><Data Name="Image">a.exe</Data></EventData></Event>`;

describe('a query that is tried', () => {
  it('is checked with places and completed, by the language service of the build', () => {
    const { problems } = checkQuery(workspace.compiler, 'Event\n| where Nothing == 1');
    expect(problems).toEqual([expect.objectContaining({ severity: 'error', start: 14, length: 7 })]);
    expect(checkQuery(workspace.compiler, ' ')).toEqual({ problems: [], columns: [] });
    const text = 'Event | where Compu';
    const { from, items } = completeQuery(workspace.compiler, text, text.length);
    expect(from).toBe(14);
    expect(items.find(({ label }) => label === 'Computer')).toMatchObject({ kind: 'Column' });
    expect(completeQuery(workspace.compiler, '', 0).items.map(({ label }) => label)).toContain('Event');
  });

  it('runs over NDJSON, XML and packed files, and says what could not be read', async () => {
    const rows = [eventRow('2026-01-05T10:00:00Z'), eventRow('2026-01-05T10:00:01Z', { Computer: 'b' })];
    const lines = [...rows.map((row) => JSON.stringify(row)), '{broken'].join('\n');
    const query = 'Event | project Computer | order by Computer asc';
    for (const events of [file('a.ndjson', lines), file('a.ndjson.gz', gzipSync(lines))]) {
      const result = await tryQuery(workspace.compiler, query, events);
      expect(result).toMatchObject({
        rows: [['b'], ['ws1.corp.example']],
        count: 2,
        events: 2,
        tables: [{ name: 'Event', events: 2 }],
        unread: [{ reason: 'invalid-json', count: 1 }],
      });
    }
    expect((await tryQuery(workspace.compiler, query, file('a.xml', SYSMON))).rows).toEqual([['xml']]);
    expect((await tryQuery(workspace.compiler, 'Event | where x == 1', bodies())).problems).toHaveLength(1);
  });

  it('names a file that is none, by the name that it was dropped under', async () => {
    const run = tryQuery(workspace.compiler, 'Event', file('../../etc/evil.evtx', 'no event log'));
    await expect(run).rejects.toThrow(
      'the file cannot be read: ../../etc/evil.evtx: it is no Windows event log (EVTX)',
    );
    expect(
      readdirSync(tmpdir()).filter(
        (name) => name.startsWith('outrider-board-') && existsSync(join(tmpdir(), name, 'dropped.evtx')),
      ),
    ).toEqual([]);
  });

  it('takes no file that unpacks to one line without end, and no name that is more than one', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, 'A'), { level: 1 });
    await expect(tryQuery(workspace.compiler, 'Event', file(`${'$`'.repeat(50_000)}.ndjson.gz`, bomb))).rejects.toThrow(
      /^the file cannot be read: (?:\$`){127}\$: a line is longer than \d+ MiB$/,
    );
  });

  it('reads lines that hold other separators, and the last one without its end', async () => {
    const odd = JSON.stringify(eventRow('2026-01-05T10:00:00Z', { Computer: 'a\u2028b\u0085c' }));
    const text = `\r\n${odd}\r\n \t\n${odd.replace('a\u2028', 'z')}`;
    expect(
      (await tryQuery(workspace.compiler, 'Event | project Computer | sort by Computer asc', file('a.log', text))).rows,
    ).toEqual([['a\u2028b\u0085c'], ['zb\u0085c']]);
  });

  it('is stopped where it makes too many rows', async () => {
    const run = tryQuery(
      workspace.compiler,
      'range x from 1 to 3000 step 1 | extend k = 1 | join kind=inner (range y from 1 to 3000 step 1 | extend k = 1) on k',
      bodies(),
    );
    await expect(run).rejects.toThrow();
  });
});

describe('a query that is saved', () => {
  const draft = {
    name: 'Starts: "odd" & <b>',
    query: 'Event\n| where EventID == 1\n| summarize n = count() by Computer',
    severity: 'Low',
    tactic: 'Execution',
    technique: 'T1059',
  };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'outrider-save-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is a rule that compiles, with a test of what it was tried on that holds', async () => {
    const events = bodies(
      eventRow('2026-01-05T10:00:00Z'),
      eventRow('2026-01-05T10:01:00Z', { Computer: 'b: "x"\n- y' }),
      eventRow('2026-01-05T10:02:00Z', { EventID: 3 }),
    );
    const { rule, test } = await saveRule(draft, events, folder);
    expect(rule).toBe(join(folder, 'starts-odd-b.yaml'));
    const saved = await openWorkspace([folder], { offline: true });
    expect(saved.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(saved.rules[0]!.plan!.rule).toMatchObject({
      name: draft.name,
      severity: 'Low',
      tactics: ['Execution'],
      techniques: ['T1059'],
    });
    const [only, ...others] = readCases(test).cases;
    expect(others).toEqual([]);
    expect([only!.events.length, only!.count]).toEqual([3, 2]);
    expect((await runCase(saved, saved.rules[0]!, only!)).ok).toBe(true);
    await expect(saveRule(draft, events, folder)).rejects.toThrow('there is a file');
  });

  it('leaves nothing of a rule that does not compile, and takes no name that is a path', async () => {
    await expect(saveRule({ ...draft, query: 'Event | where Nothing == 1' }, bodies(), folder)).rejects.toThrow(
      'the rule was not saved',
    );
    await expect(saveRule({ ...draft, name: '..' }, bodies(), folder)).rejects.toThrow('give the rule a name');
    await expect(saveRule({ ...draft, severity: 'Worst' }, bodies(), folder)).rejects.toThrow('the severity is one of');
    await expect(saveRule({ ...draft, tactic: 'x\nquery: evil' }, bodies(), folder)).rejects.toThrow(
      'the tactic is none',
    );
    expect(readdirSync(folder)).toEqual([]);
    const { rule } = await saveRule({ ...draft, name: '../../outside' }, bodies(), folder);
    expect(rule).toBe(join(folder, 'outside.yaml'));
    expect(readFileSync(join(folder, 'outside.test.yaml'), 'utf8')).toContain('expect: none');
  });
});
