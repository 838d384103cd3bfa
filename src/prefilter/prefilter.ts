import { key, SHAPE_TEXTS, shapeKeys } from '../events/keys';
import { glance } from '../events/shapes';
import { nxlog } from '../events/shapes/nxlog';
import { isTimeAt, QUOTE } from '../events/shapes/shape';
import { isTableName } from '../events/shapes/table-row';
import { FIRST_COLUMNS, TABLES_BY_COLUMNS } from '../row-messages';
import { END, type PassedTables, Scanner, Texts, UNKNOWN } from '../scan';
import { alternativesOf } from './alternatives';
import type { Legs } from './candidates';
import type { LegRequirements } from './requirement';
import { TableFilter } from './table-filter';
import { type PickedRecord, UNREAD, type Verdict, WHOLE } from './verdict';

export interface PrefilterOptions {
  /** As given to `decode`: rows that tell no table are of this one. */
  defaultTable?: string;
}

const TYPE = key('Type');
const TIME = key('TimeGenerated');
const OTHER_TIMES = ['time', 'Timestamp'].map(key);
const RECORDS = key('records');
const NULL = 0x6e;
const BY_COLUMNS = TABLES_BY_COLUMNS.map(([table, columns]) => [table, columns.map(key)] as const);
/** Columns and tables of the rules that get keys. */
const MAX_NAMES = 700;
/** Names of tables that are no table of a rule, remembered. */
const MAX_REMEMBERED = 1_000;
/** As `MAX_RECORDS` of the decoder. */
const MAX_RECORDS = 50_000;

/**
 * Judges a message by its bytes, without making anything of it. Which legs a record may come through is told by its table, a number such as
 * EventID, and texts: JSON escapes, UTF-8, letter case, duplicate names and every place where a row's table may come from are considered.
 * What is not read is valid to the last byte and would become a row: a bad record is never passed over.
 */
export class Prefilter {
  private readonly scanner: Scanner;
  private readonly tables = new Map<string, TableFilter>();
  private readonly byKey: (TableFilter | undefined)[] = [];
  /** Of tables that no leg names. */
  private readonly other: TableFilter;
  private readonly events: TableFilter;
  private readonly remembered = new Set<string>();

  /** @param legs what the rows have that come through each leg */
  constructor(
    legs: readonly LegRequirements[],
    private readonly options: PrefilterOptions = {},
  ) {
    const keys = new Map(shapeKeys().map((name, number) => [name, number]));
    const texts: (readonly string[])[] = [SHAPE_TEXTS];
    const numbers = new Map<string, number>();
    const setOf = (list: readonly string[]): number => {
      const name = list.join('\n');
      if (!numbers.has(name)) numbers.set(name, texts.push(list) - 1);
      return numbers.get(name)!;
    };
    const rows = alternativesOf(legs, 'row');
    const columns = rows.flatMap((one) => one.numbers.map(({ column }) => column));
    const names = new Set(rows.flatMap(({ table }) => table ?? []));
    for (const name of [...columns, ...names]) {
      if (keys.size >= shapeKeys().length + MAX_NAMES) break;
      if (!keys.has(name)) keys.set(name, keys.size);
    }
    const keyOf = (column: string) => keys.get(column);
    const of = (table: string | undefined) => rows.filter((one) => one.table === table || one.table === undefined);
    this.other = new TableFilter(of(undefined), keyOf, setOf);
    for (const table of names) {
      const filter = new TableFilter(of(table), keyOf, setOf);
      this.tables.set(table, filter);
      const number = keys.get(table);
      if (number !== undefined) this.byKey[number] = filter;
    }
    const shaped = alternativesOf(legs, 'shape').filter(({ table }) => table === undefined || table === 'Event');
    const onlyEventId = shaped.map((one) => ({ ...one, numbers: one.numbers.filter((it) => it.column === 'EventID') }));
    this.events = new TableFilter(onlyEventId, () => 0, setOf, 'EventID');
    this.scanner = new Scanner(
      [...keys.keys()],
      FIRST_COLUMNS.size,
      texts.map((list) => new Texts(list)),
      { typeKey: TYPE, timeKey: TIME, rows: this.passed(keys) },
    );
  }

  /** Tables whose rows are passed over but for some numbers. */
  private passed(keys: ReadonlyMap<string, number>): PassedTables['rows'] {
    return [...this.tables].flatMap(([table, { askedNumbers, key: column }]) => {
      const name = keys.get(table);
      return name === undefined || askedNumbers === undefined
        ? []
        : [{ name, column: column ?? -1, numbers: askedNumbers }];
    });
  }

  judge(body: Uint8Array): Verdict {
    const begin = beginOf(body);
    if (begin === '<') return this.judgeXml(body);
    return begin === '{' ? this.judgeJson(body) : WHOLE;
  }

  private judgeJson(body: Uint8Array): Verdict {
    const { scanner } = this;
    if (!scanner.begin(body)) return WHOLE;
    let picks: PickedRecord[] | undefined;
    let total = 0;
    for (let state = scanner.next(); state !== END; state = scanner.next()) {
      if (state === UNKNOWN || total === MAX_RECORDS) return WHOLE;
      const { start, end, isRowOnly, passed } = scanner;
      const legs = this.legsOf(start, end, isRowOnly);
      if (legs === false) return WHOLE;
      if (legs === undefined || legs.length > 0) {
        picks ??= [];
        picks.push({ index: total + passed, start, end, legs, form: isRowOnly ? 'rows' : 'json' });
      }
      total++;
    }
    return verdictOf(total + scanner.passed, picks);
  }

  private judgeXml(body: Uint8Array): Verdict {
    const { scanner } = this;
    if (!scanner.beginXml(body)) return WHOLE;
    let picks: PickedRecord[] | undefined;
    let total = 0;
    for (let state = scanner.nextEvent(); state !== END; state = scanner.nextEvent()) {
      if (state === UNKNOWN || total === MAX_RECORDS) return WHOLE;
      const { start, end } = scanner;
      const candidates = this.events.candidates(scanner.eventId);
      const legs = scanner.hides || candidates.isEmpty ? candidates.all : candidates.in(scanner, start, end, false);
      if (legs.length > 0) {
        picks ??= [];
        picks.push({ index: total, start, end, legs, form: 'xml' });
      }
      total++;
    }
    return verdictOf(total, picks);
  }

  /** Legs that the record last found may come through; undefined: any, or it becomes no row. False: it may be more records than one. */
  private legsOf(start: number, end: number, isRowOnly: boolean): Legs | undefined | false {
    const { scanner } = this;
    if (scanner.hasOddName) return false;
    let eventId: number | false | undefined = isRowOnly ? false : nxlog.glance!(scanner);
    if (eventId === false) {
      if (scanner.kind(TYPE) === QUOTE || scanner.has(TIME)) return this.legsOfRow(start, end);
      if (isRowOnly || scanner.has(RECORDS)) return false;
      eventId = glance(scanner);
    }
    if (eventId === undefined) return false;
    const candidates = this.events.candidates(eventId);
    return scanner.hides ? candidates.all : candidates.in(scanner, start, end, false);
  }

  private legsOfRow(start: number, end: number): Legs | undefined {
    const { scanner } = this;
    const filter = this.filterOfRow();
    if (filter === undefined || !this.hasTime()) return undefined;
    const candidates = filter.key === undefined ? filter.all : filter.candidates(scanner.wholeNumber(filter.key));
    if (candidates.isEmpty) return candidates.all;
    return scanner.hides ? candidates.all : candidates.in(scanner, start, end);
  }

  /** Undefined: nothing tells the row's table. */
  private filterOfRow(): TableFilter | undefined {
    const { scanner } = this;
    const word = scanner.wordOf(TYPE);
    const known = word < 0 ? undefined : this.byKey[word];
    if (known) return known;
    const json = scanner.kind(TYPE) === QUOTE ? scanner.json(TYPE)! : undefined;
    if (json !== undefined) {
      if (this.remembered.has(json)) return this.other;
      const type = JSON.parse(json) as string;
      if (isTableName(type)) {
        const filter = this.tables.get(type);
        if (filter) return filter;
        if (this.remembered.size < MAX_REMEMBERED) this.remembered.add(json);
        return this.other;
      }
    }
    const table =
      BY_COLUMNS.find(([, columns]) => columns.every((column) => scanner.has(column)))?.[0] ??
      this.options.defaultTable;
    return table === undefined ? undefined : (this.tables.get(table) ?? this.other);
  }

  /** As `readRow` finds the row's time. */
  private hasTime(): boolean {
    const { scanner } = this;
    if (scanner.isTime(TIME)) return true;
    for (const name of [TIME, ...OTHER_TIMES]) {
      const kind = scanner.kind(name);
      if (kind !== 0 && kind !== NULL) return isTimeAt(scanner, name);
    }
    return false;
  }
}

function verdictOf(total: number, picks: readonly PickedRecord[] | undefined): Verdict {
  if (total === 0 || total > MAX_RECORDS) return WHOLE;
  return picks ? { kind: 'some', total, picks } : UNREAD;
}

/** First sign of a body: `{` for either bracket. Undefined: it begins in another way. */
function beginOf(body: Uint8Array): '{' | '<' | undefined {
  let at = body[0] === 0xef ? 3 : 0;
  while (body[at] === 0x20 || body[at] === 0x09 || body[at] === 0x0a || body[at] === 0x0d) at++;
  const sign = body[at];
  if (sign === 0x3c) return '<';
  return sign === 0x7b || sign === 0x5b ? '{' : undefined;
}
