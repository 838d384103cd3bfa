import { join } from 'node:path';
import { ConfigError } from '../../src/config';
import type { LogEvent } from '../../src/engine';
import { checkApp } from '../../src/host/app-health';
import { startSettings } from '../../src/host/start-settings';

const good = {
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  OUTRIDER_STORAGE: 'UseDevelopmentStorage=true',
  EventHubConnection:
    'Endpoint=sb://localhost;SharedAccessKeyName=n;SharedAccessKey=SECRET;UseDevelopmentEmulator=true',
  EVENT_HUB_NAME: 'events',
  EVENT_HUB_CONSUMER_GROUP: 'outrider',
  FLUSH_SCHEDULE: '0 * * * * *',
  OUTRIDER_SINKS: 'stdout',
};
const bad = { ...good, OUTRIDER_GRACE: 'soon', OUTRIDER_GRCE: '5m', FLUSH_SCHEDULE: '60', OUTRIDER_SINKS: 'file' };
const functions = join('app', 'dist', 'functions');

describe('the settings of an app at its start', () => {
  it('are read once, with the plans beside the functions', () => {
    const env: NodeJS.ProcessEnv = { ...good };
    const settings = startSettings(functions, env, () => {});
    env.OUTRIDER_GRACE = 'soon';
    expect(settings().plans).toBe(join('app', 'dist', 'plans.json'));
    expect(settings()).toBe(settings());
  });

  it('that are at fault stop no start, are logged once a process, and every call says all of it', () => {
    const lines: LogEvent[] = [];
    const all = [1, 2, 3].map(() => startSettings(functions, bad, (line) => lines.push(line)));
    const text =
      /^settings: 4 problem\(s\)\n {2}FLUSH_SCHEDULE must be .*\n {2}ALERTS_FILE is not set.*\n {2}OUTRIDER_GRACE must be .*\n {2}OUTRIDER_GRCE is no setting/;
    for (const settings of all) {
      expect(settings).toThrow(ConfigError);
      expect(settings).toThrow(text);
    }
    expect(lines).toEqual([{ level: 'error', message: 'settings in error', faults: expect.any(String) }]);
    for (const name of ['FLUSH_SCHEDULE', 'OUTRIDER_GRACE', 'ALERTS_FILE', 'OUTRIDER_GRCE'])
      expect(lines[0]!.faults).toContain(name);
    expect(JSON.stringify(lines)).not.toContain('SECRET');
  });

  it.each(['0 * * * * *', '*/15 * * * * *', '0 0,30 8-18 * * MON-FRI', '*/5 * * * *'])(
    'take the schedule %s',
    (text) => {
      expect(startSettings(functions, { ...good, FLUSH_SCHEDULE: text }, () => {})).not.toThrow();
    },
  );

  it.each([undefined, '', '60', '00:01:00', '* * *', '0 * * * * * *', '%MINUTE% * * * * *'])(
    'refuse the schedule %s',
    (text) => {
      const settings = startSettings(functions, { ...good, FLUSH_SCHEDULE: text }, () => {});
      expect(settings).toThrow('FLUSH_SCHEDULE');
    },
  );

  it('that are at fault make the app red, with the whole text', async () => {
    const health = await checkApp(startSettings(functions, bad, () => {}))(0);
    expect(health).toEqual({
      status: 'down',
      at: '1970-01-01T00:00:00.000Z',
      checks: [{ name: 'settings', status: 'down', detail: expect.stringContaining('OUTRIDER_GRCE is no setting') }],
    });
  });
});
