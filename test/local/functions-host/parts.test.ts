import { resolveSettings } from '../../../local/functions-host/app-settings';
import type { RegisteredFunction } from '../../../local/functions-host/core-module';
import { parseTimeSpan } from '../../../local/functions-host/duration';
import { findFiles } from '../../../local/functions-host/glob';
import { readHostJson } from '../../../local/functions-host/host-json';
import { HttpRoutes } from '../../../local/functions-host/http-routes';
import { parseNcrontab } from '../../../local/functions-host/ncrontab';
import { retryPolicy } from '../../../local/functions-host/retry-policy';
import { buildApp } from '../fixtures/build-app';

describe('parseNcrontab', () => {
  const next = (expression: string, after: string): string | undefined => {
    const time = parseNcrontab(expression).next(Date.parse(after));
    return time === undefined ? undefined : new Date(time).toISOString();
  };

  it('counts seconds first, in UTC', () => {
    expect(next('0 */5 * * * *', '2026-03-29T00:58:01Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(next('*/15 * * * * *', '2026-03-29T00:00:15Z')).toBe('2026-03-29T00:00:30.000Z');
    expect(next('0 30 9 * Jan Mon', '2026-01-01T00:00:00Z')).toBe('2026-01-05T09:30:00.000Z');
    expect(next('*/5 * * * *', '2026-03-29T00:58:01Z')).toBe('2026-03-29T01:00:00.000Z');
  });

  it('wants both the day of the month and the day of the week', () => {
    expect(next('0 0 0 13 * 5', '2026-01-01T00:00:00Z')).toBe('2026-02-13T00:00:00.000Z');
  });

  it.each(['', '* * *', '@daily', '00:05:00', '0 0 0 L * *', '61 * * * * *', '0 0 0 * * 1#2'])(
    'refuses "%s"',
    (expression) => {
      expect(() => parseNcrontab(expression)).toThrow('no NCRONTAB expression');
    },
  );
});

describe('retryPolicy', () => {
  it('waits a fixed time, or longer each time up to the maximum', () => {
    const fixed = retryPolicy({ retryStrategy: 'fixedDelay', maxRetryCount: 3, delayInterval: { seconds: 2 } });
    expect([fixed.maxRetries, fixed.delay(1), fixed.delay(3)]).toEqual([3, 2000, 2000]);
    const backoff = retryPolicy({
      retryStrategy: 'exponentialBackoff',
      maxRetryCount: -1,
      minimumInterval: { seconds: 1 },
      maximumInterval: { seconds: 10 },
    });
    expect(backoff.maxRetries).toBe(Number.POSITIVE_INFINITY);
    expect([1, 2, 3, 4, 5, 5000].map(backoff.delay)).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
    expect(retryPolicy(undefined).maxRetries).toBe(0);
    expect(() => retryPolicy({ retryStrategy: 'hope' })).toThrow('hope');
  });
});

describe('readHostJson', () => {
  it('has the defaults of the extension, and lets app settings override', () => {
    const app = buildApp([], { extensions: { eventHubs: { maxWaitTime: '00:00:05', minEventBatchSize: 20 } } });
    expect(readHostJson(app.directory, {})).toEqual({
      eventHubs: {
        maxEventBatchSize: 100,
        minEventBatchSize: 20,
        maxWaitTime: 5000,
        prefetchCount: 300,
        batchCheckpointFrequency: 1,
        initialOffsetOptions: { type: 'fromStart' },
      },
      routePrefix: 'api',
    });
    const env = {
      AzureFunctionsJobHost__extensions__eventHubs__maxEventBatchSize: '30',
      AzureFunctionsJobHost__extensions__eventHubs__maxWaitTime: '00:00:01',
      AzureFunctionsJobHost__extensions__http__routePrefix: '',
    };
    expect(readHostJson(app.directory, env)).toMatchObject({
      eventHubs: { maxEventBatchSize: 30, maxWaitTime: 1000, minEventBatchSize: 20 },
      routePrefix: '',
    });
    const few = { AzureFunctionsJobHost__extensions__eventHubs__maxEventBatchSize: '10' };
    expect(() => readHostJson(app.directory, few)).toThrow('minEventBatchSize is larger than maxEventBatchSize');
    app.remove();
  });
});

describe('HttpRoutes', () => {
  const fn = (name: string, trigger: object): RegisteredFunction =>
    ({
      metadata: { name, bindings: {} },
      trigger: { name: 'req', type: 'httpTrigger', ...trigger },
      callback: () => {},
    }) as RegisteredFunction;
  const routes = new HttpRoutes('api');
  routes.add(fn('byId', { methods: ['GET'], route: 'rules/{id:int}' }));
  routes.add(fn('latest', { methods: ['GET'], route: 'rules/latest' }));
  routes.add(fn('files', { route: 'files/{*path}' }));
  routes.add(fn('plain', { methods: ['POST'] }));
  const match = (method: string, path: string): unknown => {
    const found = routes.match(method, path);
    return found.fn ? [found.fn.metadata.name, found.params] : found.status;
  };

  it('prefers what is literal, and tells a wrong method from a wrong path', () => {
    expect(match('GET', '/api/rules/latest')).toEqual(['latest', {}]);
    expect(match('GET', '/api/rules/7')).toEqual(['byId', { id: '7' }]);
    expect(match('GET', '/api/rules/seven')).toBe(404);
    expect(match('PUT', '/api/rules/7')).toBe(405);
    expect(match('PUT', '/api/files/a/b%20c')).toEqual(['files', { path: 'a/b c' }]);
    expect(match('GET', '/api/files')).toEqual(['files', {}]);
    expect(match('POST', '/API/plain/')).toEqual(['plain', {}]);
    expect(match('GET', '/rules/latest')).toBe(404);
    expect(match('PUT', '/api/files/%zz')).toEqual(['files', { path: '%zz' }]);
  });
});

describe('findFiles', () => {
  it('knows braces, stars and folders at any depth', () => {
    const app = buildApp(
      [],
      {},
      { 'dist/functions/b.js': '', 'dist/functions/a.js': '', 'dist/functions/a.js.map': '', 'dist/index.js': '' },
    );
    const find = (pattern: string): string[] =>
      findFiles(app.directory, pattern).map((file) => file.slice(app.directory.length + 1));
    expect(find('dist/functions/*.js')).toEqual(['dist/functions/a.js', 'dist/functions/b.js']);
    expect(find('./dist/{index.js,functions/a*.js}')).toEqual(['dist/functions/a.js', 'dist/index.js']);
    expect(find('**/?.js')).toEqual(['dist/functions/a.js', 'dist/functions/b.js']);
    expect(find('src/*.js')).toEqual([]);
    app.remove();
  });
});

describe('settings and durations', () => {
  it('resolves %NAME% and names what is not set', () => {
    expect(resolveSettings('a-%X%-%Y%', 'here', { X: '1', Y: '2' })).toBe('a-1-2');
    expect(() => resolveSettings('%Z%', 'function "f"', {})).toThrow('function "f": the setting Z is not set');
  });

  it('reads .NET time spans', () => {
    expect(['00:01:00', '1.02:03:04.5', '00:00:00.25', '10', 'soon'].map(parseTimeSpan)).toEqual([
      60_000,
      93_784_500,
      250,
      undefined,
      undefined,
    ]);
  });
});
