import type { Column, ScalarType } from '../../src/kql';
import type { Random } from './random';

/** What an expression may use: the columns of its row, and how queries beside it are made. */
export interface Scope {
  readonly columns: readonly Column[];
  readonly random: Random;
  /** A query of one column of a type, in parentheses; undefined where nesting is deep enough. */
  readonly nested: (type: 'string' | 'long') => string | undefined;
}

const NUMERIC: readonly ScalarType[] = ['long', 'int', 'real'];
const WORDS = ['x', 'X', 'y', 'foo', 'a b', 'é', '__proto__', 'k=1;v=q', ''];
const SPANS = ['5m', '30m', '1h', '90s', '1d', '7d', '14d', '2h', '1tick', '0m', '61m'];

export const name = ({ name: column }: Column): string => (/^[A-Za-z_]\w*$/.test(column) ? column : `['${column}']`);
const some = ({ columns, random }: Scope, types: readonly ScalarType[]): string | undefined => {
  const fitting = columns.filter(({ type }) => types.includes(type));
  return fitting.length === 0 ? undefined : name(random.pick(fitting));
};
const quoted = (text: string): string => JSON.stringify(text);

export const anyColumn = ({ columns, random }: Scope): string | undefined =>
  columns.length === 0 ? undefined : name(random.pick(columns));

/** A column, more often than not one that groups are told by. */
export const plainColumn = (scope: Scope): string | undefined =>
  some(scope, ['string', 'long', 'int', 'bool']) ?? anyColumn(scope);

export function text(scope: Scope, depth = 2): string {
  const { random } = scope;
  const column = some(scope, ['string']);
  if (column && random.chance(60)) return column;
  if (depth === 0) return quoted(random.pick(WORDS));
  return random.pick([
    () => quoted(random.pick(WORDS)),
    () => `tolower(${text(scope, depth - 1)})`,
    () => `strcat(${text(scope, depth - 1)}, "-", ${text(scope, depth - 1)})`,
    () => `tostring(${anyColumn(scope) ?? '1'})`,
    () => `substring(${text(scope, depth - 1)}, 0, 1)`,
    () => `extract("([a-z]+)", 1, ${text(scope, depth - 1)})`,
    () => `iff(${predicate(scope, 0)}, ${text(scope, depth - 1)}, "no")`,
    () => `column_ifexists("nothing", ${text(scope, depth - 1)})`,
    () => `case(${predicate(scope, 0)}, ${text(scope, 0)}, ${predicate(scope, 0)}, "two", "else")`,
    () => `coalesce(${text(scope, depth - 1)}, "none")`,
    () => `replace_regex(${text(scope, depth - 1)}, "[aeiou]", "_")`,
    () => `tostring(split(${text(scope, depth - 1)}, " ")[-1])`,
    () => `format_datetime(${time(scope, 0)}, "yyyy-MM-dd HH")`,
    () => `strcat_array(${bag(scope, 0)}, "|")`,
    () => `tostring(${bag(scope, 0)}.k)`,
  ])();
}

export function number(scope: Scope, depth = 2): string {
  const { random } = scope;
  const column = some(scope, NUMERIC);
  if (column && random.chance(60)) return column;
  if (depth === 0) return String(random.below(5));
  return random.pick([
    () => String(random.below(5)),
    () => `strlen(${text(scope, depth - 1)})`,
    () => `(${number(scope, depth - 1)} + ${number(scope, depth - 1)})`,
    () => `(${number(scope, depth - 1)} * 0.1)`,
    () => `tolong(${text(scope, depth - 1)})`,
    () => `array_length(${bag(scope, depth - 1)})`,
    () => `hash_many(${anyColumn(scope) ?? '1'}, ${text(scope, 0)})`,
    () => `countof(${text(scope, 0)}, "x")`,
    () => `hourofday(${time(scope, 0)})`,
    () => `indexof(${text(scope, 0)}, "o")`,
    () => `array_index_of(${bag(scope, 0)}, "x")`,
    () => `datetime_diff('minute', ${time(scope, 0)}, ${time(scope, 0)})`,
    () => {
      const query = scope.nested('long');
      return query ? `toscalar${query}` : '7';
    },
  ])();
}

export function time(scope: Scope, depth = 2): string {
  const { random } = scope;
  const column = some(scope, ['datetime']);
  if (column && (depth === 0 || random.chance(60))) return column;
  return random.pick([
    () => 'now()',
    () => `ago(${random.pick(SPANS)})`,
    () => 'startofday(now())',
    () => 'datetime(2024-05-01T01:00:00Z)',
    () => `bin(${column ?? 'now()'}, 1h)`,
    () => `(${column ?? 'now()'} + 5m)`,
    () => 'ingestion_time()',
  ])();
}

export function bag(scope: Scope, depth = 2): string {
  const { random } = scope;
  const column = some(scope, ['dynamic']);
  if (column && random.chance(60)) return column;
  return random.pick([
    () => 'dynamic({"k":1,"x":[1,2]})',
    () => 'dynamic(["x","y",null])',
    () => `split(${text(scope, Math.max(0, depth - 1))}, " ")`,
    () => `pack_array(${text(scope, 0)}, ${number(scope, 0)})`,
    () => `bag_pack("k", ${text(scope, 0)})`,
    () => `parse_json(${text(scope, 0)})`,
    () => `set_union(${bag(scope, 0)}, dynamic(["x"]))`,
    () => `set_difference(${bag(scope, 0)}, ${bag(scope, 0)})`,
    () => `bag_keys(${bag(scope, 0)})`,
    () => `extract_all("([a-z])", ${text(scope, 0)})`,
    () => `array_sort_asc(${bag(scope, 0)})`,
  ])();
}

export const scalar = (scope: Scope): string =>
  scope.random.pick([text, text, number, number, time, bag, (s: Scope) => predicate(s, 0)])(scope);

/** A comparison with the clock, in the forms that rules use. */
export function timeBound({ columns, random }: Scope): string {
  const column = columns.some(({ name: n }) => n === 'TimeGenerated') ? 'TimeGenerated' : 'now()';
  const span = (): string => random.pick(SPANS);
  const edge = (): string =>
    random.pick([
      () => `ago(${span()})`,
      () => `(now() - ${span()})`,
      () => `now(-${random.pick(['1h', '30m', '1d'])})`,
      () => 'now()',
      () => `(now() - 1h + ${span()})`,
      () => 'startofday(now())',
      () => 'bin(now(), 1h)',
      () => 'datetime(2024-05-01T01:00:00Z)',
    ])();
  const compare = random.pick(['>=', '>', '<', '<=', '==']);
  return random.pick([
    () => `${column} ${compare} ${edge()}`,
    () => `${column} ${compare} ${edge()}`,
    () => `${edge()} ${compare} ${column}`,
    () => `${column} between (${edge()} .. ${edge()})`,
    () => `${column} between (ago(${span()}) .. now())`,
    () => `${column} between (ago(${span()}) .. ${span()})`,
    () => `${column} !between (${edge()} .. ${edge()})`,
    () => `now() - ${column} < ${span()}`,
    () => `ingestion_time() ${compare} ${edge()}`,
    () => `${column} >= ago(${span()}) and ${column} < ago(${span()})`,
  ])();
}

export function predicate(scope: Scope, depth = 2): string {
  const { random } = scope;
  const literal = (): string => quoted(random.pick(WORDS));
  const forms: (() => string)[] = [
    () =>
      `${text(scope, 0)} ${random.pick(['==', '!=', '=~', '!~'])} ${random.chance(70) ? literal() : text(scope, 0)}`,
    () =>
      `${text(scope, 0)} ${random.pick(['has', '!has', 'has_cs', 'hasprefix', 'hassuffix', 'contains', '!contains', 'contains_cs', 'startswith', '!startswith', 'startswith_cs', 'endswith', 'endswith_cs'])} ${literal()}`,
    () => `${text(scope, 0)} ${random.pick(['in', '!in', 'in~', '!in~'])} (${literal()}, ${literal()})`,
    () => `${text(scope, 0)} ${random.pick(['has_any', 'has_all'])} (${literal()}, ${literal()})`,
    () => `${text(scope, 0)} matches regex "^[a-y]"`,
    () => `${number(scope, 1)} ${random.pick(['==', '!=', '<', '<=', '>', '>='])} ${number(scope, 1)}`,
    () => `${number(scope, 0)} ${random.pick(['between', '!between'])} (1 .. 3)`,
    () => `${random.pick(['isnull', 'isnotnull'])}(${anyColumn(scope) ?? '1'})`,
    () => `${random.pick(['isempty', 'isnotempty'])}(${anyColumn(scope) ?? '""'})`,
    () => some(scope, ['bool']) ?? 'true',
    () => timeBound(scope),
    () => timeBound(scope),
  ];
  if (depth > 0) {
    forms.push(
      () => `(${predicate(scope, depth - 1)} and ${predicate(scope, depth - 1)})`,
      () => `(${predicate(scope, depth - 1)} or ${predicate(scope, depth - 1)})`,
      () => `not(${predicate(scope, depth - 1)})`,
      () => {
        const query = scope.nested('string');
        if (!query) return 'true';
        return `${text(scope, 0)} ${random.pick(['in', '!in', 'in~', 'has_any'])} ${query}`;
      },
    );
  }
  return random.pick(forms)();
}
