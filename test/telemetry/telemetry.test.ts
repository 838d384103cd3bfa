import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Attributes, type MeterProvider, metrics } from '@opentelemetry/api';
import { INSTRUMENTS, type Instrument } from '../../src/telemetry/instruments';
import { type Point, Telemetry } from '../../src/telemetry/telemetry';

interface Recorded {
  readonly name: string;
  readonly kind: string;
  readonly unit: string | undefined;
  readonly value: number;
  readonly attributes: Attributes | undefined;
}

/** What an SDK would be given. */
function collect(recorded: Recorded[]): MeterProvider {
  const make = (kind: string) => (name: string, options?: { unit?: string }) => {
    const note = (value: number, attributes?: Attributes) =>
      void recorded.push({ name, kind, unit: options?.unit, value, attributes });
    return { add: note, record: note };
  };
  const meter = { createCounter: make('counter'), createGauge: make('gauge'), createHistogram: make('histogram') };
  return { getMeter: () => meter } as unknown as MeterProvider;
}

afterEach(() => metrics.disable());

describe('Telemetry', () => {
  it('reaches an SDK that is registered after it was made, before its first use', () => {
    const recorded: Recorded[] = [];
    const telemetry = new Telemetry();
    metrics.setGlobalMeterProvider(collect(recorded));
    telemetry.record('outrider.dead_letters', 2, { 'outrider.dead_letter.reason': 'too-late' });
    telemetry.record('outrider.flush.lag', 0);
    telemetry.record('outrider.flush.duration', 1.5);
    expect(recorded).toEqual([
      {
        name: 'outrider.dead_letters',
        kind: 'counter',
        unit: '{record}',
        value: 2,
        attributes: { 'outrider.dead_letter.reason': 'too-late' },
      },
      { name: 'outrider.flush.lag', kind: 'gauge', unit: 's', value: 0, attributes: {} },
      { name: 'outrider.flush.duration', kind: 'histogram', unit: 's', value: 1.5, attributes: {} },
    ]);
  });

  it('does nothing without an SDK, and tells of gauges', () => {
    const points: Point[] = [];
    const telemetry = new Telemetry((point) => points.push(point));
    telemetry.record('outrider.events', 5);
    telemetry.record('outrider.hub.lag', 3);
    expect(points).toEqual([{ name: 'outrider.hub.lag', unit: '{message}', value: 3, attributes: {} }]);
  });

  it('lets no text through that is no name, no attribute that is not declared, and no value that is no number', () => {
    const recorded: Recorded[] = [];
    metrics.setGlobalMeterProvider(collect(recorded));
    const telemetry = new Telemetry();
    const hostile = ['powershell -enc SQBFAFgA', '\u001b[2J', 'a'.repeat(1000), '', '{"password":"x"}', 'a\nb'];
    for (const text of hostile) telemetry.record('outrider.table.silence', 1, { 'outrider.table.name': text });
    telemetry.record('outrider.table.silence', 1, JSON.parse('{"__proto__":"x","constructor":"y","CommandLine":"z"}'));
    telemetry.record('outrider.events', Number.NaN);
    telemetry.record('outrider.hub.delay', Number.POSITIVE_INFINITY);
    expect(recorded.map(({ attributes }) => attributes)).toEqual([
      ...hostile.map(() => ({ 'outrider.table.name': 'other' })),
      {},
    ]);
  });
});

describe('instruments', () => {
  it('are named as conventions ask: a namespace, lower case, no unit in the name, attributes in the singular', () => {
    for (const [name, instrument] of Object.entries<Instrument>(INSTRUMENTS)) {
      expect(name).toMatch(/^outrider(\.[a-z][a-z_]*)+$/);
      expect(name).not.toMatch(/_(s|ms|seconds|bytes|total|count)$/);
      expect(instrument.unit).toMatch(/^(s|\{[a-z]+\})$/);
      expect(instrument.description).toMatch(/\.$/);
      for (const attribute of instrument.attributes ?? [])
        expect(attribute).toMatch(/^outrider(\.[a-z][a-z_]*[a-rt-z])+$/);
    }
  });

  it('are all described, and none besides', () => {
    const page = readFileSync(join(__dirname, '..', '..', 'docs', 'monitoring.md'), 'utf8');
    const attributes = Object.values<Instrument>(INSTRUMENTS).flatMap((one) => one.attributes ?? []);
    const described = new Set([...page.matchAll(/`(outrider\.[a-z_.]+)`/g)].map(([, name]) => name));
    expect([...described].sort()).toEqual([...Object.keys(INSTRUMENTS), ...attributes].sort());
  });
});
