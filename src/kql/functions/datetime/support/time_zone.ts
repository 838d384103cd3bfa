import { invalid } from '../../../errors';
import { floorDiv, msFromTicks, TICKS_PER_SECOND } from '../../../values/datetime';
import type { ArgInfo } from '../../define';

/** A time zone of the IANA database. */
export interface TimeZone {
  /** Local time minus UTC at a UTC time, in ticks. */
  offsetAt(utcTicks: bigint): bigint;
}

const zones = new Map<string, TimeZone | null>();
/** Names come from rows too: beyond this many the cache starts anew. */
const MAX_ZONES = 100;
/** Modern zones change their offset only at multiples of this. */
const BUCKET = 15n * 60n * TICKS_PER_SECOND;
/** Offsets kept per zone: Intl takes microseconds for each. */
const MAX_BUCKETS = 5000;

/** The zone of an IANA name, in any case; null if there is none. */
export function timeZone(name: string): TimeZone | null {
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = openZone(name);
    if (zones.size >= MAX_ZONES) zones.clear();
    zones.set(name, zone);
  }
  return zone;
}

function openZone(name: string): TimeZone | null {
  if (!/^[A-Za-z][\w+\-/]{0,63}$/.test(name)) return null;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch {
    // RangeError: Intl does not know the name.
    return null;
  }
  const known = new Map<number, bigint>();
  return {
    offsetAt(utcTicks) {
      const bucket = floorDiv(utcTicks, BUCKET);
      let offset = known.get(Number(bucket));
      if (offset === undefined) {
        offset = offsetTicks(format, bucket * BUCKET);
        if (known.size >= MAX_BUCKETS) known.clear();
        known.set(Number(bucket), offset);
      }
      return offset;
    },
  };
}

function offsetTicks(format: Intl.DateTimeFormat, utcTicks: bigint): bigint {
  const part = format.formatToParts(msFromTicks(utcTicks)).find(({ type }) => type === 'timeZoneName');
  const match = /([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(part?.value ?? '');
  if (!match) return 0n;
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
  return BigInt(match[1] === '-' ? -seconds : seconds) * TICKS_PER_SECOND;
}

/** Finds the zone of an argument. A constant that names none is an error of the query; a text from a row gives null. */
export function bindTimeZone(fn: string, arg: ArgInfo): (name: string) => TimeZone | null {
  if (!arg.constant) return timeZone;
  const zone = timeZone(String(arg.value));
  if (zone === null) throw invalid(`${fn}(): unknown time zone '${String(arg.value)}'`);
  return () => zone;
}
