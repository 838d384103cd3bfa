import { type Meter, metrics } from '@opentelemetry/api';
import { INSTRUMENTS, type Instrument, type InstrumentName } from './instruments';

export type Attributes = Readonly<Record<string, string>>;

export interface Point {
  readonly name: InstrumentName;
  readonly unit: string;
  readonly value: number;
  readonly attributes: Attributes;
}

type Recorder = (value: number, attributes: Attributes) => void;

/** What may be the value of an attribute: names of ours, never a text of an event. */
const NAME = /^[\w$.:-]{1,128}$/;

/**
 * Metrics by way of OpenTelemetry's API, which does nothing until an SDK is registered in the process. For what has none, `onGauge` is told
 * of every gauge, to be logged.
 */
export class Telemetry {
  private readonly instruments = new Map<InstrumentName, Recorder>();

  constructor(private readonly onGauge?: (point: Point) => void) {}

  /** Attributes that the instrument does not declare are left out; a value that is no name becomes `other`. */
  record(name: InstrumentName, value: number, attributes: Attributes = {}): void {
    if (!Number.isFinite(value)) return;
    const instrument: Instrument = INSTRUMENTS[name];
    const known: [string, string][] = [];
    for (const key of instrument.attributes ?? []) {
      const text = Object.hasOwn(attributes, key) ? attributes[key]! : undefined;
      if (text !== undefined) known.push([key, NAME.test(text) ? text : 'other']);
    }
    const checked = Object.fromEntries(known);
    if (instrument.kind !== 'counter' || value > 0) this.recorder(name, instrument)(value, checked);
    if (instrument.kind === 'gauge') this.onGauge?.({ name, unit: instrument.unit, value, attributes: checked });
  }

  /** Made on first use: what is made before an SDK is registered stays without effect. */
  private recorder(name: InstrumentName, instrument: Instrument): Recorder {
    let recorder = this.instruments.get(name);
    if (!recorder) {
      recorder = recorderOf(metrics.getMeter('outrider'), name, instrument);
      this.instruments.set(name, recorder);
    }
    return recorder;
  }
}

function recorderOf(meter: Meter, name: string, { kind, unit, description }: Instrument): Recorder {
  const options = { unit, description };
  if (kind === 'counter') {
    const counter = meter.createCounter(name, options);
    return (value, attributes) => counter.add(value, attributes);
  }
  const instrument = kind === 'gauge' ? meter.createGauge(name, options) : meter.createHistogram(name, options);
  return (value, attributes) => instrument.record(value, attributes);
}
