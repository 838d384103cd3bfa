import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { normalizeTime } from '../../src/events/time';
import type { RuleSettings } from '../../src/plan/rule-settings';
import { isRecord, ProblemList } from '../../src/rules/check-shape';
import { hasErrors, type Problem } from '../../src/rules/problem';
import { readSettings } from '../../src/rules/settings';
import { joinProblems, type Path, type PlainValue, parseYaml } from '../../src/rules/yaml-file';
import { didYouMean } from '../../src/spelling';
import { fieldsBody, rawBody, warnOfUnknownFields } from './case-event';
import type { CaseEvent, ExpectedRow, TestCase } from './test-case';

export interface CaseFile {
  readonly file: string;
  readonly cases: readonly TestCase[];
  readonly problems: readonly Problem[];
}

type Fields = { [key: string]: PlainValue };

const CASE_KEYS = ['name', 'events', 'expect', 'exact', 'window', 'redelivery', 'settings'];
/** Settings as they are written, and what they are called when read. */
const SETTING_KEYS: Readonly<Record<string, keyof RuleSettings>> = {
  enabled: 'enabled',
  grace: 'graceMs',
  early: 'early',
  shadow: 'shadow',
  exclusions: 'exclusions',
  caps: 'caps',
  sinks: 'sinks',
};

/** Reads the cases of a file. What is wrong with it is in `problems`, with line and column; a case with an error is left out. */
export function readCases(file: string): CaseFile {
  return parseCases(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''), file);
}

export function parseCases(source: string, file: string): CaseFile {
  const yaml = parseYaml(source, file);
  const list = new ProblemList(yaml, file);
  let cases: TestCase[] = [];
  if (!hasErrors(yaml.problems)) cases = new CaseReader(source, list).read(yaml.value);
  return { file, cases, problems: joinProblems(yaml.problems, list.problems) };
}

/** A file is a list of cases, or `events` (by name) and `cases`. */
class CaseReader {
  private templates: Fields = {};
  /** Places of events whose field names were looked at. */
  private readonly looked = new Set<string>();

  constructor(
    private readonly source: string,
    private readonly list: ProblemList,
  ) {}

  read(root: PlainValue): TestCase[] {
    const isNamed = isRecord(root);
    if (isNamed) {
      for (const key of Object.keys(root))
        if (key !== 'events' && key !== 'cases')
          this.list.add(
            'warning',
            'unknown-field',
            `"${key}" is not a field of a test file: it has "events" and "cases".`,
            [key],
            'key',
          );
      if (isRecord(root.events)) this.templates = root.events;
    }
    const cases = isNamed ? (root.cases ?? null) : root;
    if (!Array.isArray(cases)) {
      this.fault('A test file is a list of cases, or has the fields "events" and "cases".', isNamed ? ['cases'] : []);
      return [];
    }
    return cases.flatMap((item, i) => this.case(item, isNamed ? ['cases', i] : [i]) ?? []);
  }

  private case(item: PlainValue, path: Path): TestCase | undefined {
    if (!isRecord(item)) return this.fault('A case has named fields: name, events, expect.', path);
    const before = this.errors();
    for (const key of Object.keys(item))
      if (!CASE_KEYS.includes(key))
        this.list.add(
          'warning',
          'unknown-field',
          `"${key}" is not a field of a case.${didYouMean(key, CASE_KEYS)}`,
          [...path, key],
          'key',
        );
    const name = typeof item.name === 'string' ? item.name : '';
    if (name === '') this.fault('A case needs a name that says what it shows.', path);
    const events = Array.isArray(item.events) ? item.events : [];
    if (!Array.isArray(item.events)) this.fault('"events" must be a list of events.', [...path, 'events']);
    const bodies = events.flatMap((event, i) => this.event(event, [...path, 'events', i]) ?? []);
    const expected = this.expected(item.expect, [...path, 'expect']);
    const windowEnd = this.windowEnd(item.window, [...path, 'window']);
    const redelivery = this.count(item.redelivery ?? '0', [...path, 'redelivery'], 100);
    const settings = this.settings(item.settings, [...path, 'settings']);
    const isExact = item.exact === 'true';
    if (item.exact !== undefined && item.exact !== 'true' && item.exact !== 'false')
      this.fault('"exact" is true or false.', [...path, 'exact']);
    if (this.errors() > before || !expected) return undefined;
    return {
      name,
      at: this.list.yaml.position(path),
      events: bodies,
      ...expected,
      exact: isExact,
      ...(windowEnd === undefined ? {} : { windowEnd }),
      redelivery,
      settings,
    };
  }

  private event(item: PlainValue, path: Path): CaseEvent | undefined {
    const at = this.list.yaml.position(path);
    if (typeof item === 'string' && Object.hasOwn(this.templates, item)) {
      const named = this.templates[item]!;
      if (isRecord(named) && ['raw', 'xml', 'file'].some((key) => Object.hasOwn(named, key)))
        return this.event(named, ['events', item]);
    }
    if (isRecord(item) && Object.hasOwn(item, 'xml'))
      return typeof item.xml === 'string'
        ? { body: item.xml, at }
        : this.fault('"xml" is the text of an <Event> element.', [...path, 'xml']);
    if (isRecord(item) && Object.hasOwn(item, 'raw')) {
      const body = rawBody(this.source, [...path, 'raw']);
      return body === undefined
        ? this.fault('"raw" is a record: named fields, with Type or the columns of its table.', [...path, 'raw'])
        : { body, at };
    }
    if (isRecord(item) && Object.hasOwn(item, 'file')) return this.recorded(item, path);
    const fields = this.fields(item, path, 0);
    const body = fields && fieldsBody(fields, path, this.list);
    return body === undefined ? undefined : { body, at };
  }

  /** Events of a file, whose path is relative to the test file. */
  private recorded(item: Fields, path: Path): CaseEvent | undefined {
    for (const key of Object.keys(item))
      if (key !== 'file')
        return this.fault('"file" stands alone: its events are taken as they were recorded.', [...path, key]);
    if (typeof item.file !== 'string' || item.file === '')
      return this.fault('"file" is the path of a file with events, relative to this one.', [...path, 'file']);
    const file = resolve(dirname(this.list.file), item.file);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile())
      return this.fault(`There is no file ${file}.`, [...path, 'file']);
    return { body: '', at: this.list.yaml.position(path), file };
  }

  /** Fields of an event: its own, over those of the event that it is `like`, but `without` some. */
  private fields(item: PlainValue, path: Path, depth: number): Fields | undefined {
    if (depth > 10) return this.fault('Events are like one another without end.', path);
    if (typeof item === 'string') return this.template(item, path, depth);
    if (!isRecord(item)) return this.fault('An event is named fields, or the name of one of "events".', path);
    const { like, without, ...own } = item as Fields;
    const base =
      like === undefined
        ? {}
        : typeof like === 'string'
          ? this.template(like, [...path, 'like'], depth)
          : this.fault('"like" is the name of one of "events".', [...path, 'like']);
    if (!base) return undefined;
    const gone = Array.isArray(without) ? without : without === undefined ? [] : [without];
    const all = Object.fromEntries(Object.entries({ ...base, ...own }).filter(([name]) => !gone.includes(name)));
    const place = JSON.stringify(path);
    if (!this.looked.has(place)) warnOfUnknownFields(all, own, path, this.list);
    this.looked.add(place);
    return all;
  }

  private template(name: string, path: Path, depth: number): Fields | undefined {
    if (Object.hasOwn(this.templates, name)) return this.fields(this.templates[name]!, ['events', name], depth + 1);
    return this.fault(`There is no event "${name}" in "events".${didYouMean(name, Object.keys(this.templates))}`, path);
  }

  private expected(value: PlainValue | undefined, path: Path): { count: number; rows?: ExpectedRow[] } | undefined {
    if (value === 'none') return { count: 0, rows: [] };
    if (typeof value === 'string') return { count: this.count(value, path, 1_000_000) };
    if (!Array.isArray(value))
      return this.fault('"expect" is none, a number of rows, or a list of rows with the columns that matter.', path);
    const rows = value.flatMap((row, i): ExpectedRow[] => {
      const here = [...path, i];
      if (isRecord(row)) return [{ columns: new Map(Object.entries(row)), at: this.list.yaml.position(here) }];
      this.fault('A row is named columns with their values.', here);
      return [];
    });
    return { count: rows.length, rows };
  }

  private windowEnd(value: PlainValue | undefined, path: Path): number | undefined {
    if (value === undefined) return undefined;
    const time = typeof value === 'string' ? normalizeTime(value) : undefined;
    if (time === undefined) return this.fault('"window" is the end of a window, such as 2024-01-01T13:00:00Z.', path);
    return Date.parse(time);
  }

  private count(value: PlainValue, path: Path, most: number): number {
    const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (count <= most) return count;
    this.fault(
      `${String(path.at(-1))} is a whole number up to ${most}${path.at(-1) === 'expect' ? ', none, or a list of rows' : ''}.`,
      path,
    );
    return 0;
  }

  private settings(value: PlainValue | undefined, path: Path): Partial<RuleSettings> {
    if (value === undefined || value === null) return {};
    if (!isRecord(value)) return this.fault('"settings" is what settings.yaml says of a rule.', path) ?? {};
    const read = readSettings(JSON.stringify({ defaults: value }), this.list.file);
    for (const problem of read.problems) this.list.add(problem.severity, problem.code, problem.message, path);
    const all = read.settingsFor({ id: '', name: '' });
    return Object.fromEntries(
      Object.keys(value).flatMap((key) =>
        Object.hasOwn(SETTING_KEYS, key) ? [[SETTING_KEYS[key], all[SETTING_KEYS[key]!]]] : [],
      ),
    );
  }

  private errors = (): number => this.list.problems.filter(({ severity }) => severity === 'error').length;

  private fault(message: string, path: Path): undefined {
    this.list.add('error', 'case', message, path);
    return undefined;
  }
}
