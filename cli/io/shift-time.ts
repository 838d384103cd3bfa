import { formatDatetime, MAX_DATETIME_TICKS, parseDatetime } from '../../src/kql';

/** A record's own time, in JSON text: anywhere but inside of a string. */
const TIME_GENERATED = /(?<!\\)("TimeGenerated"\s*:\s*")([^"\\]{8,40})(?=")/g;
/** The time that Azure Monitor's agents write into EventData, in JSON text. */
const DATA_ITEM =
  /((?:<|\\u003[cC])DataItem\b[^<>]{0,300}?\btime\s*=\s*(?:\\"|\\u0022|'))([0-9TZ:.+\- ]{8,40})(?=\\|')/g;

/** The latest TimeGenerated in a message of table rows, in ticks; undefined where there is none. */
export function latestTime(text: string): bigint | undefined {
  let latest: bigint | undefined;
  for (const [, , time] of text.matchAll(TIME_GENERATED)) {
    const ticks = parseDatetime(time!);
    if (ticks !== null && (latest === undefined || ticks > latest)) latest = ticks;
  }
  return latest;
}

/**
 * A message of table rows (JSON) with every TimeGenerated, and the time of every DataItem, moved by `ticks`; all else stays byte for byte.
 * undefined: there is no time to move.
 */
export function shiftTimes(text: string, ticks: bigint): string | undefined {
  if (latestTime(text) === undefined) return undefined;
  const move = (whole: string, before: string, time: string): string => {
    const from = parseDatetime(time);
    const to = from === null ? undefined : from + ticks;
    return to === undefined || to < 0n || to > MAX_DATETIME_TICKS ? whole : before + formatDatetime(to);
  };
  return text.replace(TIME_GENERATED, move).replace(DATA_ITEM, move);
}
