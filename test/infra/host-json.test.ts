import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULTS } from '../../src/plan/defaults';

const root = join(__dirname, '../..');
const host = JSON.parse(readFileSync(join(root, 'host.json'), 'utf8'));
const functions = readdirSync(join(root, 'functions')).map((name) => name.replace(/\.ts$/, ''));
/** The types that can be sampled. https://learn.microsoft.com/azure/azure-functions/functions-host-json#applicationinsightssamplingsettings */
const TYPES = ['Dependency', 'Event', 'Exception', 'PageView', 'Request', 'Trace'];

/** The level of a category: that of the longest one of which it is a part. */
function levelOf(category: string): string {
  const levels = host.logging.logLevel as Record<string, string>;
  const parts = category.split('.');
  for (let length = parts.length; length > 0; length--) {
    const level = levels[parts.slice(0, length).join('.')];
    if (level) return level;
  }
  return levels.default!;
}

describe('host.json', () => {
  it('gives a function the time that a flush may take, and a minute to deliver', () => {
    const [hours, minutes, seconds] = host.functionTimeout.split(':').map(Number);
    expect(2 * DEFAULTS.maxFlushMs + 60_000).toBeLessThan(((hours * 60 + minutes) * 60 + seconds) * 1_000);
  });

  it('samples nothing that an alert or the health of Outrider is read from', () => {
    const { samplingSettings } = host.logging.applicationInsights;
    const excluded = samplingSettings.excludedTypes.split(';');
    expect(excluded.filter((type: string) => !TYPES.includes(type))).toEqual([]);
    for (const type of ['Trace', 'Request', 'Exception']) expect(excluded).toContain(type);
  });

  it("logs the lines of timers and of batches, the results of all functions, and not the host's words on each invocation", () => {
    for (const name of functions) {
      expect(levelOf(`Function.${name}`)).toBe('Warning');
      if (name !== 'health') expect(levelOf(`Function.${name}.User`)).toBe('Information');
    }
    expect(levelOf('Host.Results')).toBe('Information');
    // What the process writes to its standard error: metrics, and faults of the settings.
    expect(levelOf('Host.Function.Console')).toBe('Information');
  });
});
