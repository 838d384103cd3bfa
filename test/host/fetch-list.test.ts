import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { fetchList } from '../../src/host/fetch-list';
import { ListServer } from '../support/list-server';

let server: ListServer;
beforeAll(async () => {
  server = await new ListServer().start();
});
afterAll(() => server.stop());
beforeEach(() => server.answers.clear());

const get = (path: string, options: Parameters<typeof fetchList>[1] = {}) =>
  fetchList(`${server.url}${path}`, { allowHttp: true, ...options });

jest.setTimeout(20_000);

describe('fetching a list', () => {
  it('gives its text and how the server names this version of it', async () => {
    server.serve('/a.csv', 'x,y\n', { etag: '"1"', 'last-modified': 'Tue, 01 Jul 2025 00:00:00 GMT' });
    expect(await get('/a.csv')).toEqual({
      text: 'x,y\n',
      sha256: createHash('sha256').update('x,y\n').digest('hex'),
      etag: '"1"',
      lastModified: 'Tue, 01 Jul 2025 00:00:00 GMT',
    });
    expect(await get('/a.csv', { known: { etag: '"1"' } })).toBeUndefined();
    expect((await get('/a.csv', { known: { etag: '"0"' } }))?.text).toBe('x,y\n');
  });

  it('unpacks what is sent packed, by the server or in the file', async () => {
    server.serve('/sent', gzipSync('x\n'), { 'content-encoding': 'gzip' });
    server.serve('/a.csv.gz', gzipSync('y\n'));
    expect((await get('/sent'))?.text).toBe('x\n');
    expect((await get('/a.csv.gz'))?.text).toBe('y\n');
  });

  it('follows a few redirects, and none to where the first might not have gone', async () => {
    server.serve('/end', 'x\n');
    const to = (path: string, location: string): void =>
      void server.answers.set(path, (_, response) => response.writeHead(302, { location }).end());
    to('/once', '/end');
    to('/loop', '/loop');
    to('/file', 'file:///etc/passwd');
    expect((await get('/once'))?.text).toBe('x\n');
    await expect(get('/loop')).rejects.toThrow('more than 5 redirects');
    await expect(get('/file')).rejects.toThrow('the target is file, and only https can be fetched');
  });

  it('refuses http unless it is allowed, before anything is sent', async () => {
    const before = server.requests.length;
    await expect(get('/a.csv', { allowHttp: false })).rejects.toThrow('the URL is http, which must be allowed');
    expect(server.requests).toHaveLength(before);
  });

  it('refuses ways of signing in that it has not', async () => {
    await expect(fetchList('https://user:word@127.0.0.1/a.csv')).rejects.toThrow('user name');
    await expect(fetchList('https://127.0.0.1/a.csv;managed_identity=system')).rejects.toThrow('signing in');
  });

  it('is bounded in bytes, however they come, and in time', async () => {
    server.serve('/long', 'x'.repeat(2_000));
    server.serve('/packed', gzipSync('x'.repeat(200_000)), { 'content-encoding': 'gzip' });
    server.answers.set('/slow', (_, response) => void response.writeHead(200).write('x'));
    await expect(get('/long', { maxBytes: 1_000 })).rejects.toThrow('longer than 1000 bytes');
    await expect(get('/packed', { maxBytes: 1_000 })).rejects.toThrow('longer than 1000 bytes');
    await expect(get('/slow', { timeoutMs: 300 })).rejects.toThrow('no whole answer within 0.3 s');
  });

  it('says what went wrong, without what may be secret in the URL', async () => {
    const reason = async (url: string): Promise<string> =>
      fetchList(url, { allowHttp: true }).then(
        () => 'nothing',
        (error: Error) => error.message,
      );
    expect(await reason(`${server.url}/missing?sig=secret`)).toBe('the server answered 404 Not Found');
    const gone = await new ListServer().start();
    await gone.stop();
    expect(await reason(`${gone.url}/a?sig=secret`)).toBe('it cannot be reached (ECONNREFUSED)');
    expect(await reason('no url?sig=secret')).toBe('the URL is none');
  });
});
