import { beginsAsTableRows } from '../row-messages';
import { BodyError, bodyText } from './body';
import { inspect, isObject, MAX_DEPTH, own, parseExact, splitConcatenated, toJson } from './json';
import { linesOf } from './lines';
import { nearestShape, recordShapes, rowShapes } from './shapes';
import { readXmlText } from './shapes/raw-xml';
import type { Collector } from './shapes/shape';
import { readRow } from './shapes/table-row';
import { splitPrefixed } from './syslog';
import type { Decoded, DecodedRecord, DecodeOptions, HubMessage, RejectedRecord, RejectReason } from './types';

/**
 * Records of one message, good and bad. A hub message of 1 MB holds about 10,000 of the smallest honest rows (100 bytes), and a gzip body of
 * 8 MiB about 50,000 of usual ones (160 bytes).
 */
export const MAX_RECORDS = 50_000;
/** Bad records of a message that keep a text of their own; of further ones the message's body tells. */
const MAX_DESCRIBED = 1_000;
/** Lines or pieces of a text that are no JSON before the rest of it is one bad record. */
const MAX_UNREADABLE = 1_000;
const MAX_ENVELOPES = 4;

class TooManyRecords extends Error {
  constructor() {
    super(`more than ${MAX_RECORDS} records in one message: send fewer in each`);
  }
}

/**
 * Turns a hub message into rows of tables. Never throws: what cannot be a row is in `rejected` with its reason,
 * and costs the message's other records nothing. A message beyond a bound (bytes unpacked, containers, `MAX_RECORDS`) is one bad record.
 *
 * Bodies: `{"records":[…]}`, one object, an array, JSON lines (also objects one after another), Windows event XML (one,
 * several, in `<Events>`), either after a syslog header, each in UTF-8 or UTF-16, plain or gzip. Objects: `recordShapes`.
 * Pure in message and options: a redelivery gives the same records with the same indexes.
 */
export function decode(message: Pick<HubMessage, 'body'>, options: DecodeOptions = {}): Decoded {
  const reader = new BodyReader(message.body, options);
  let text = '';
  try {
    text = bodyText(message.body, options.maxInflatedBytes);
    reader.readBody(text);
    return reader.finish(text.length);
  } catch (error) {
    // What was read before is not given either: how far it came is no rule to count by.
    const whole = (reason: RejectReason, detail: string): Decoded => ({
      records: [],
      rejected: [{ index: 0, reason, detail, raw: message.body }],
      text: text.length,
    });
    if (error instanceof BodyError) return whole(error.reason, error.message);
    if (error instanceof TooManyRecords) return whole('too-large', error.message);
    return whole('unknown-shape', `could not be read: ${(error as Error).message}`);
  }
}

/** Where a record stands in a body. */
export interface RecordPlace {
  /** Position in the message, counted over all records. */
  readonly index: number;
  /** Bytes of the body. */
  readonly start: number;
  readonly end: number;
  /** `rows`: it stands in a text that `beginsAsTableRows`. `json`: it is an object of any shape. `xml`: it is an event of Windows. */
  readonly form: 'rows' | 'json' | 'xml';
}

/** What `decode` gives for these records of a body that is valid as a whole, and of which each record becomes one row, or none. */
export function decodeRecords(body: Uint8Array, places: readonly RecordPlace[], options: DecodeOptions = {}): Decoded {
  const reader = new BodyReader(body, options);
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let length = 0;
  for (const place of places) {
    const text = bytes.toString('utf8', place.start, place.end);
    length += text.length;
    reader.readRecordAt(place, text);
  }
  return reader.finish(length);
}

/** A line that begins as JSON. White space without the line break: with it the search would begin anew at each break of a run of them. */
const JSON_LINE = /\n[^\S\n]*[{[]/;

/** `[]`, or an object of one list that is empty, such as `{"records":[]}`. */
const EMPTY_LIST = /^\s*(?:\[\s*\]|\{\s*"\w+"\s*:\s*\[\s*\]\s*\})\s*$/;

class BodyReader implements Collector {
  private readonly records: DecodedRecord[] = [];
  private readonly rejected: RejectedRecord[] = [];
  private index = 0;
  private shapes = recordShapes;

  constructor(
    private readonly body: Uint8Array,
    private readonly options: DecodeOptions,
  ) {}

  row(table: string, fields: Record<string, unknown>): void {
    this.records.push({ index: this.next(), table, fields });
  }

  reject(...[reason, detail, raw]: Parameters<Collector['reject']>): void {
    const index = this.next();
    if (this.rejected.length >= MAX_DESCRIBED) this.rejected.push({ index, reason, detail, raw: this.body });
    else this.rejected.push({ index, reason, detail, raw: typeof raw === 'function' ? this.rawText(raw) : raw });
  }

  private next(): number {
    if (this.index >= MAX_RECORDS) throw new TooManyRecords();
    return this.index++;
  }

  /** `text`: characters that were read. */
  finish(text: number): Decoded {
    // An envelope that lists nothing is no loss; anything else in which no record is found is.
    const isNothing =
      this.index === 0 && !(this.body.length < 200 && EMPTY_LIST.test(Buffer.from(this.body).toString()));
    if (isNothing) this.reject('unknown-shape', 'no record was found in the body', this.body);
    return { records: this.records, rejected: this.rejected, text };
  }

  readBody(text: string): void {
    const first = /\S/.exec(text)?.[0];
    const prefixed = first === undefined || '{["'.includes(first) ? undefined : splitPrefixed(text, MAX_RECORDS + 1);
    if (first === undefined) this.reject('empty', 'the body holds nothing but white space', text);
    else if (prefixed !== undefined) for (const { payload, whole } of prefixed) this.readPrefixed(payload, whole);
    else if (first === '<') readXmlText(text, this);
    else if (first === '{' || first === '[' || first === '"') this.readJsonText(text);
    else if (JSON_LINE.test(text)) this.readJsonLines(text);
    else this.reject('unknown-shape', `neither JSON nor XML; nearest: ${nearestText(text)}`, this.body);
  }

  private readPrefixed(payload: string | undefined, whole: string): void {
    if (payload === undefined)
      this.reject('unknown-shape', 'a syslog message with neither JSON nor XML in it; nearest: none', whole);
    else if (payload.startsWith('<')) readXmlText(payload, this);
    else {
      const parsed = tryParse(payload.trimEnd());
      if ('value' in parsed) this.readJson(parsed.value, payload.trimEnd(), whole);
      else this.reject('invalid-json', `after the syslog header: ${parsed.error}`, whole);
    }
  }

  private readJsonText(text: string): void {
    const whole = tryParse(text);
    if ('value' in whole) this.readJson(whole.value, text);
    else if (text.trim().includes('\n')) this.readJsonLines(text);
    else this.readConcatenated(text, 'the body', whole.error);
  }

  /** A text of which no line is JSON is one record that does not end, not a bad record per line. */
  private readJsonLines(text: string): void {
    const lines = linesOf(text, MAX_RECORDS);
    if (lines === undefined) throw new TooManyRecords();
    const parsed: Parsed[] = [];
    for (let bad = 0; parsed.length < lines.length && bad <= MAX_UNREADABLE; ) {
      const line = tryParse(lines[parsed.length]!);
      if ('error' in line) bad++;
      parsed.push(line);
    }
    if (!parsed.some((line) => 'value' in line && isContainer(line.value))) {
      this.readConcatenated(
        text,
        'the body',
        parsed[0] !== undefined && 'error' in parsed[0] ? parsed[0].error : 'not JSON',
      );
      return;
    }
    parsed.forEach((result, number) => {
      const line = lines[number]!;
      if ('value' in result) this.readJson(result.value, line);
      else if (line.trimStart().startsWith('<')) readXmlText(line, this);
      else this.readConcatenated(line, `line ${number + 1}`, result.error);
    });
    if (parsed.length < lines.length) {
      const detail = `too many bad lines: line ${parsed.length + 1} and those after it were not read`;
      this.reject('too-large', detail, lines.slice(parsed.length).join('\n'));
    }
  }

  private readConcatenated(text: string, place: string, error: string): void {
    const { pieces, rest } = splitConcatenated(text, MAX_RECORDS);
    if (rest === undefined) throw new TooManyRecords();
    if (rest !== '') pieces.push(rest);
    const parsed: Parsed[] = [];
    for (let bad = 0; pieces.length > 1 && parsed.length < pieces.length && bad <= MAX_UNREADABLE; ) {
      const piece = tryParse(pieces[parsed.length]!);
      if ('error' in piece) bad++;
      parsed.push(piece);
    }
    if (!parsed.some((piece) => 'value' in piece)) {
      this.reject('invalid-json', `${place}: ${error}`, text);
      return;
    }
    parsed.forEach((result, number) => {
      const piece = pieces[number]!;
      if ('value' in result) this.readJson(result.value, piece, text);
      else this.reject('invalid-json', `${place}, object ${number + 1}: ${result.error}`, piece);
    });
    if (parsed.length < pieces.length) {
      const detail = `${place}: too many bad objects: object ${parsed.length + 1} and those after it were not read`;
      this.reject('too-large', detail, pieces.slice(parsed.length).join('\n'));
    }
  }

  /**
   * Reads every record of a JSON value, which `text` is parsed to. `begin` is the body or line it stands in: it alone
   * tells which shapes are looked for, so that the prefilter can know it too.
   */
  private readJson(value: unknown, text: string, begin = text): void {
    this.shapes = beginsAsTableRows(begin) ? rowShapes : recordShapes;
    const items = open(value);
    const states = items.map(inspect);
    const exact = states.includes('rounded') ? open(parseExact(text)) : items;
    exact.forEach((item, number) => {
      this.readItem(item, states[number] === 'too-deep');
    });
  }

  readRecordAt({ index, form }: RecordPlace, text: string): void {
    this.index = index;
    if (form === 'xml') {
      readXmlText(text, this);
      return;
    }
    this.shapes = form === 'rows' ? rowShapes : recordShapes;
    const value: unknown = JSON.parse(text);
    this.readItem(inspect(value) === 'rounded' ? parseExact(text) : value, false);
  }

  private readItem(value: unknown, tooDeep: boolean): void {
    const text = () => toJson(value);
    if (this.shapes === recordShapes && typeof value === 'string' && /^\s{0,16}</.test(value)) readXmlText(value, this);
    else if (!isObject(value)) this.reject('not-an-object', `a record is ${describe(value)}`, text);
    else if (tooDeep) this.reject('too-deep', `a record is nested deeper than ${MAX_DEPTH} levels`, text);
    else this.readRecord(value);
  }

  private readRecord(record: Record<string, unknown>): void {
    const shape = this.shapes.find((candidate) => candidate.matches(record));
    if (shape === undefined && this.options.defaultTable === undefined) {
      const isCounted = this.rejected.length >= MAX_DESCRIBED;
      this.reject('unknown-shape', isCounted ? '' : nearestShape(record), () => toJson(record));
    } else if (shape === undefined || shape.name === 'table row') readRow(record, this.options.defaultTable, this);
    else shape.read(record, this);
  }

  /** JSON text of a bad record; one that is nested too deep for that is found in the message body. */
  private rawText(raw: () => string): string | Uint8Array {
    try {
      return raw();
    } catch {
      return this.body;
    }
  }
}

/** The records in arrays and `{"records":[…]}` envelopes, a few levels of either; any other value is itself one. */
function open(value: unknown, envelopes = 0): unknown[] {
  const items = itemsOf(value);
  if (items === undefined || envelopes > MAX_ENVELOPES) return [value];
  return items.flatMap((item) => (itemsOf(item) === undefined ? [item] : open(item, envelopes + 1)));
}

/** Lists that are part of a record, not a list of records. */
const OWN_LISTS = new Set(['resourceLogs']);

function itemsOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isObject(value) || Object.hasOwn(value, 'Type') || Object.hasOwn(value, 'TimeGenerated')) return undefined;
  const records = own(value, 'records');
  return Array.isArray(records) ? records : onlyList(value);
}

/** The list that an object holds and nothing else, such as `{"events":[…]}` or `{"value":[…]}`. */
function onlyList(value: Record<string, unknown>): unknown[] | undefined {
  let list: unknown;
  let count = 0;
  for (const name in value) {
    if (++count > 1 || OWN_LISTS.has(name)) return undefined;
    list = value[name];
  }
  return Array.isArray(list) && list.length > 0 && list.every(isObject) ? list : undefined;
}

/** Splunk's form of Windows events where it does not send XML. */
const nearestText = (text: string): string =>
  /^(?:LogName|EventCode)=/m.test(text.slice(0, 512)) ? 'Windows event XML (Splunk: renderXml = true)' : 'none';

type Parsed = { value: unknown } | { error: string };

function tryParse(text: string): Parsed {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { error: (error as Error).message.slice(0, 200) };
  }
}

const isContainer = (value: unknown): boolean => typeof value === 'object' && value !== null;

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'string' ? 'a string' : `a ${typeof value}`;
}
