import { openLogsIngestionSink } from '../../../src/alerts/sinks/logs-ingestion';
import type { Sink } from '../../../src/alerts/sinks/sink';
import { ALERT_COLUMNS } from '../../../src/alerts/sinks/support/log-columns';
import { type LogsStandIn, startLogsStandIn } from '../../support/logs-ingestion';
import { alertWith } from './alerts';

jest.setTimeout(60_000);

const target = {
  name: 'logs-ingestion',
  ruleId: 'dcr-00000000000000000000000000000000',
  stream: 'Custom-OutriderAlerts',
};
const SENT = Date.parse('2026-01-01T12:05:00Z');
const full = {
  TimeGenerated: '2026-01-01T12:00:00.0000000Z',
  AlertName: 'Lateral Movement via DCOM',
  StartTime: '2019-04-30T20:35:11.8560890Z',
  EndTime: '2019-04-30T20:35:11.8560890Z',
  Incomplete: false,
  ConfidenceScore: null,
  Entities: [{ $id: '1', HostName: 'IEWIN7', Type: 'host' }],
  CustomDetails: { Count: ['1'] },
  ExtendedProperties: { 'Trigger Operator': 'gt' },
  Results: [{ Computer: 'IEWIN7' }],
  Type: 'SecurityAlert',
};

describe('Logs Ingestion sink', () => {
  let standIn: LogsStandIn;
  let sink: Sink;

  const open = (token: string) =>
    openLogsIngestionSink({
      ...target,
      endpoint: standIn.endpoint,
      credential: { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
      now: () => SENT,
      clientOptions: { tlsOptions: { ca: standIn.certificate }, retryOptions: { maxRetries: 0 } },
    });

  beforeEach(async () => {
    standIn = await startLogsStandIn({ ...target, columns: ALERT_COLUMNS, token: 'secret' });
    sink = await open('secret');
  });
  afterEach(() => standIn.stop());

  it('sends rows of the declared columns with the time of sending', async () => {
    expect(await sink.send([alertWith('a', full), alertWith('b')])).toEqual({ failed: [], cut: 0 });
    const { ConfidenceScore, Type, ...sent } = full;
    expect(standIn.rows[0]).toMatchObject({
      ...sent,
      TimeGenerated: '2026-01-01T12:05:00.000Z',
      SystemAlertId: 'a',
      Revision: 1,
      Truncated: null,
    });
    expect(Object.keys(standIn.rows[0]!)).toEqual(ALERT_COLUMNS.map((column) => column.name));
    expect(standIn.rows[1]).toMatchObject({ SystemAlertId: 'b', AlertName: null, Results: null });
  });

  it('cuts fields over 64 KB and says so', async () => {
    const alert = alertWith('a', {
      ...full,
      Results: Array.from({ length: 2000 }, (_, i) => ({ i, text: 'x'.repeat(100) })),
      Description: 'é'.repeat(100_000),
    });
    expect(await sink.send([alert])).toEqual({ failed: [], cut: 1 });
    const [row] = standIn.rows as { Results: unknown[]; Truncated: Record<string, unknown> }[];
    expect(row!.Truncated).toEqual({
      Results: { kept: row!.Results.length, of: 2000 },
      Description: { kept: expect.any(Number), of: 100_000 },
    });
    expect(row!.Results.length).toBeGreaterThan(400);
  });

  it('fits a row of many large fields into a call', async () => {
    const large = Object.fromEntries(
      ALERT_COLUMNS.filter((c) => ['string', 'dynamic'].includes(c.type)).map(({ name, type }) => {
        const text = 'x'.repeat(65_000);
        return [name, type === 'string' ? text : [text]];
      }),
    );
    expect(await sink.send([alertWith('a', { ...large, SystemAlertId: 'a' })])).toMatchObject({ failed: [], cut: 1 });
  });

  it('packs many alerts into calls of at most 1 MB', async () => {
    const alerts = Array.from({ length: 60 }, (_, i) => alertWith(`a${i}`, { Description: 'x'.repeat(60_000) }));
    expect(await sink.send(alerts)).toMatchObject({ failed: [] });
    expect(standIn.calls.length).toBe(4);
    expect(new Set(standIn.rows.map((row) => row.SystemAlertId)).size).toBe(60);
  });

  it('fails the alerts of the calls that failed, and no others', async () => {
    standIn.fault = (rows) => (rows.some((row) => row.SystemAlertId === 'a20') ? { status: 500 } : undefined);
    const alerts = Array.from({ length: 60 }, (_, i) => alertWith(`a${i}`, { Description: 'x'.repeat(60_000) }));
    const { failed } = await sink.send(alerts);
    const arrived = standIn.rows.map((row) => row.SystemAlertId);
    const missing = failed.map(({ index }) => alerts[index]!.SystemAlertId);
    expect(missing).toContain('a20');
    expect([...arrived, ...missing].sort()).toEqual(alerts.map((a) => a.SystemAlertId).sort());
    expect(missing.length).toBeLessThan(20);
    expect(failed[0]!.reason).toContain('500');
    expect(failed[0]!.reason).not.toContain('xxx');
  });

  it('passes on how long the service asks us to wait', async () => {
    standIn.fault = () => ({ status: 429, headers: { 'Retry-After': '42' } });
    const started = standIn.calls.length;
    expect(await sink.send([alertWith('a')])).toMatchObject({ failed: [{ index: 0 }], retryAfter: 42_000 });
    expect(standIn.calls.length - started).toBe(1);
  });

  it('fails on a lost connection and on a token that is refused', async () => {
    standIn.fault = () => 'reset';
    expect((await sink.send([alertWith('a')])).failed).toHaveLength(1);
    standIn.fault = () => undefined;
    const { failed } = await (await open('wrong')).send([alertWith('a')]);
    expect(failed).toMatchObject([{ index: 0, reason: expect.stringContaining('401') }]);
    expect(failed[0]!.reason).not.toContain('wrong');
  });

  it('waits no longer than the bound for a service, or a sign-in, that does not answer', async () => {
    const hanging = (getToken: () => Promise<{ token: string; expiresOnTimestamp: number }>) =>
      openLogsIngestionSink({
        ...target,
        endpoint: standIn.endpoint,
        credential: { getToken },
        now: () => SENT,
        clientOptions: { tlsOptions: { ca: standIn.certificate }, retryOptions: { maxRetries: 0 } },
        timeoutMs: 500,
      });
    const signsIn = await hanging(() => new Promise(() => undefined));
    await expect(signsIn.send([alertWith('a')])).rejects.toThrow('no answer within 0.5 s');
    standIn.fault = () => 'hang';
    const answers = await hanging(async () => ({ token: 'secret', expiresOnTimestamp: Date.now() + 3_600_000 }));
    await expect(answers.send([alertWith('a')])).rejects.toThrow('no answer within 0.5 s');
  });

  it.each([
    ['a date', 429, 'Thu, 01 Jan 2026 12:06:30 GMT', 90_000],
    ['seconds', 503, '17', 17_000],
    ['a date that has passed', 429, 'Thu, 01 Jan 2026 12:00:00 GMT', 0],
    ['what cannot be read', 429, 'later', undefined],
  ])('reads a wait given as %s', async (_name, status, header, expected) => {
    standIn.fault = () => ({ status, headers: { 'Retry-After': header } });
    expect((await sink.send([alertWith('a')])).retryAfter).toBe(expected);
  });

  it('passes on the longest wait of several calls', async () => {
    const big = (id: string) => alertWith(id, { Description: 'x'.repeat(60_000) });
    standIn.fault = (rows) => ({ status: 429, headers: { 'Retry-After': String(rows.length) } });
    const { failed, retryAfter } = await sink.send(Array.from({ length: 20 }, (_, i) => big(`a${i}`)));
    expect([failed.length, retryAfter]).toEqual([20, 16_000]);
  });

  it('sends a call that is too large again in halves: nothing is lost, nothing doubled', async () => {
    standIn.fault = (rows) => (rows.length > 3 ? { status: 413 } : undefined);
    const alerts = Array.from({ length: 20 }, (_, i) => alertWith(`a${i}`));
    expect(await sink.send(alerts)).toMatchObject({ failed: [] });
    expect(standIn.rows.map((row) => row.SystemAlertId).sort()).toEqual(alerts.map((a) => a.SystemAlertId).sort());
  });

  it('cuts a row that is too large alone, and fails only that which is so even then', async () => {
    const length = (rows: readonly unknown[]) => JSON.stringify(rows).length;
    standIn.fault = (rows) => (length(rows) > 20_000 ? { status: 413 } : undefined);
    const alerts = [alertWith('a'), alertWith('b', { Description: 'x'.repeat(60_000) }), alertWith('c')];
    expect(await sink.send(alerts)).toMatchObject({ failed: [], cut: 1 });
    expect(standIn.rows.map((row) => row.SystemAlertId).sort()).toEqual(['a', 'b', 'c']);
    standIn.rows.length = 0;
    standIn.fault = (rows) => (rows.some((row) => row.SystemAlertId === 'b') ? { status: 413 } : undefined);
    expect(await sink.send(alerts)).toMatchObject({ failed: [{ index: 1, reason: expect.stringContaining('413') }] });
    expect(standIn.rows.map((row) => row.SystemAlertId).sort()).toEqual(['a', 'c']);
  });

  it('fails what it cannot know to have arrived: the same row again, and no other', async () => {
    const large = (id: string) => alertWith(id, { Description: 'x'.repeat(60_000) });
    const alerts = Array.from({ length: 20 }, (_, i) => large(`a${i}`));
    standIn.fault = (rows) => (rows.some((row) => row.SystemAlertId === 'a18') ? 'reset after' : undefined);
    const { failed } = await sink.send(alerts);
    expect(failed.map(({ index }) => index)).toEqual([16, 17, 18, 19]);
    standIn.fault = () => undefined;
    await sink.send(failed.map(({ index }) => alerts[index]!));
    const seen = standIn.rows.map((row) => `${row.SystemAlertId}.${row.Revision}`);
    expect(new Set(seen).size).toBe(20);
    expect(seen.length).toBe(24);
    for (const id of ['a16.1', 'a19.1']) {
      const [one, two] = standIn.rows.filter((row) => `${row.SystemAlertId}.${row.Revision}` === id);
      expect(one).toEqual(two);
    }
  });

  it('takes a new token when the old one has expired, and says what failed when there is none', async () => {
    const tokens = ['secret', 'second'];
    const renewing = await openLogsIngestionSink({
      ...target,
      endpoint: standIn.endpoint,
      credential: {
        getToken: async () => {
          const token = tokens.shift();
          if (token === undefined) throw new Error('the identity endpoint is down');
          return { token, expiresOnTimestamp: Date.now() - 1 };
        },
      },
      now: () => SENT,
      clientOptions: { tlsOptions: { ca: standIn.certificate } },
    });
    expect((await renewing.send([alertWith('a')])).failed).toEqual([]);
    standIn.token = 'second';
    expect((await renewing.send([alertWith('b')])).failed).toEqual([]);
    const { failed } = await renewing.send([alertWith('c')]);
    expect(failed).toMatchObject([{ index: 0, reason: expect.stringContaining('the identity endpoint is down') }]);
    expect(standIn.rows.map((row) => row.SystemAlertId)).toEqual(['a', 'b']);
  });
});
