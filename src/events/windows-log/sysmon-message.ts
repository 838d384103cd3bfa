import { type SysmonField, shownAge, sysmonFields } from './sysmon-fields';

/** Fields that stand before every text that others than Sysmon choose: no line break of such a text can forge them. */
const SURE = /^(?:RuleName|EventType|UtcTime|(?:Source|Target)?Process(?:Guid|GUID|Id)|SourceThreadId|Image)$/;
/** An insert that the rendering machine could not fill. */
const UNRESOLVED = /^%\d+$/;
/** Integers that the message writes in capitals, the event in small letters. */
const HEX = /^0x[0-9A-F]+$/;

/**
 * The fields that Sysmon's rendered message (in English) tells of an event: its lines are `Name: value`, in the order of the
 * manifest. A value may hold a line break, and so lines that look like other fields: of a message that has more lines
 * than the manifest has fields, only those before the first free text are believed.
 */
export function messageValues(eventId: number, message: string): Map<string, string> {
  const fields = sysmonFields(eventId) ?? [];
  const lines = linesOf(message, fields.length + 1);
  for (const age of [3, 2, 1]) {
    const known = fields.filter((field) => field.age <= age);
    const values = known.length === lines.length ? matching(known, lines) : undefined;
    if (values !== undefined) return values;
  }
  const unsure = fields.findIndex(({ name }) => !SURE.test(name));
  return matching(unsure < 0 ? fields : fields.slice(0, unsure), lines) ?? new Map();
}

/** At most `count` lines after the title. */
function linesOf(message: string, count: number): string[] {
  const lines: string[] = [];
  let start = message.indexOf('\n') + 1;
  while (start > 0 && start < message.length && lines.length < count) {
    const end = message.indexOf('\n', start);
    const stop = end < 0 ? message.length : end;
    lines.push(message.slice(start, message.charCodeAt(stop - 1) === 0x0d ? stop - 1 : stop));
    start = end + 1;
  }
  return lines;
}

/** `undefined` where the lines do not begin with those of the fields. */
function matching(fields: readonly SysmonField[], lines: readonly string[]): Map<string, string> | undefined {
  const values = new Map<string, string>();
  for (let position = 0; position < fields.length; position++) {
    const { name } = fields[position]!;
    const line = lines[position];
    if (line === undefined || line.charCodeAt(name.length) !== 0x3a || !line.startsWith(name)) return undefined;
    const value = line.slice(name.length + (line.charCodeAt(name.length + 1) === 0x20 ? 2 : 1));
    if (value.startsWith('%') && UNRESOLVED.test(value)) continue;
    values.set(name, value.startsWith('0x') && HEX.test(value) ? value.toLowerCase() : value);
  }
  return values;
}

/** Adds to the values of an event what is not among them but stands in its message, of the manifest that the values show. */
export function addMessageValues(eventId: number, values: Map<string, string>, message: string | undefined): void {
  if (message === undefined) return;
  const age = shownAge(eventId, values);
  const missing = (sysmonFields(eventId) ?? []).filter((field) => field.age <= age && !values.has(field.name));
  if (missing.length === 0) return;
  const told = messageValues(eventId, message);
  for (const { name } of missing) if (told.has(name)) values.set(name, told.get(name)!);
}
