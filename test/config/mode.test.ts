import { type Config, ConfigError, readConfig } from '../../src/config';

const BASE = {
  FLUSH_SCHEDULE: '0 * * * * *',
  EventHubConnection: 'Endpoint=sb://localhost',
  EVENT_HUB_NAME: 'events',
  EVENT_HUB_CONSUMER_GROUP: '$Default',
  OUTRIDER_STORAGE: 'UseDevelopmentStorage=true',
  OUTRIDER_SINKS: 'stdout',
};

const modeOf = (env: Record<string, string>): Config['mode'] => readConfig({ ...BASE, ...env }, 'plans.json').mode;

describe('OUTRIDER_MODE', () => {
  it.each([
    [{}, 'live'],
    [{ OUTRIDER_MODE: 'live' }, 'live'],
    [{ OUTRIDER_MODE: 'replay' }, 'replay'],
    [{ OUTRIDER_CLOCK: 'wall' }, 'live'],
    [{ OUTRIDER_CLOCK: 'event' }, 'replay'],
    [{ OUTRIDER_MODE: 'replay', OUTRIDER_CLOCK: 'event' }, 'replay'],
  ])('%p is %s', (env, mode) => {
    expect(modeOf(env as Record<string, string>)).toBe(mode);
  });

  it.each([
    [
      { OUTRIDER_MODE: 'live', OUTRIDER_CLOCK: 'event' },
      /OUTRIDER_MODE is live, but OUTRIDER_CLOCK.* is event \(replay\)/,
    ],
    [{ OUTRIDER_MODE: 'replay', OUTRIDER_CLOCK: 'wall' }, /OUTRIDER_MODE is replay/],
    [{ OUTRIDER_MODE: 'wall' }, /OUTRIDER_MODE must be one of live, replay/],
    [{ OUTRIDER_CLOCK: 'live' }, /OUTRIDER_CLOCK must be one of wall, event/],
  ])('%p stops the start', (env, fault) => {
    expect(() => modeOf(env as Record<string, string>)).toThrow(ConfigError);
    expect(() => modeOf(env as Record<string, string>)).toThrow(fault);
  });
});
