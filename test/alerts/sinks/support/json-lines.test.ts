import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJsonLinesSink } from '../../../../src/alerts/sinks/support/json-lines';
import { alertWith } from '../alerts';

describe('JSON lines sink', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'outrider-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('appends one line an alert, also to a file of an earlier process', async () => {
    const path = join(folder, 'new', 'alerts.ndjson');
    const alerts = [alertWith('a', { Text: 'line\nbreak \u2028 é' }), alertWith('b')];
    expect(await openJsonLinesSink({ name: 'file', path }).send(alerts)).toEqual({ failed: [] });
    await openJsonLinesSink({ name: 'file', path }).send([alertWith('c')]);
    await openJsonLinesSink({ name: 'file', path }).send([]);
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual([...alerts, alertWith('c')]);
  });

  it('ends a line that a crash left unfinished', async () => {
    const path = join(folder, 'alerts.ndjson');
    await appendFile(path, '{"SystemAlertId":"tor');
    await openJsonLinesSink({ name: 'file', path }).send([alertWith('a')]);
    expect((await readFile(path, 'utf8')).split('\n').slice(1)).toEqual([JSON.stringify(alertWith('a')), '']);
  });

  it('fails where it cannot write', async () => {
    const sink = openJsonLinesSink({ name: 'file', path: folder });
    await expect(sink.send([alertWith('a')])).rejects.toThrow();
  });

  it('writes to the standard output', async () => {
    const write = jest.spyOn(process.stdout, 'write').mockImplementation((_text, done) => {
      (done as unknown as () => void)();
      return true;
    });
    const sink = openJsonLinesSink({ path: '-', name: 'stdout' });
    await sink.send([alertWith('a'), alertWith('b')]);
    const written = write.mock.calls.map((call) => call[0]);
    write.mockRestore();
    expect(written).toEqual([`${JSON.stringify(alertWith('a'))}\n${JSON.stringify(alertWith('b'))}\n`]);
  });
});
