import {
  createRuntime,
  type Dynamic,
  findFunction,
  functionNames,
  KqlError,
  meter,
  type PreparedExpr,
  type ScalarType,
  type Value,
} from '../../../src/kql';
import { callFunction } from '../../../src/kql/calls';
import type { ParamType, ScalarFunction } from '../../../src/kql/functions/define';
import { type Attack, filled, isLong, MOST_OF_ROW_STAGE } from './attack';

const runtime = createRuntime({ now: 0n });
const column = (value: Value, type: ScalarType): PreparedExpr => ({ type, eval: () => value });
const constant = (value: Value, type: ScalarType): PreparedExpr => ({ type, constant: { value }, eval: () => value });

const TEXTS = [
  ...['a', 'ab', '"', '[[],', '<a>', '=', '1.1.1.1 '],
  ...(isLong
    ? [
        ...[
          ' ',
          '\\',
          '{',
          '|',
          ',',
          '.',
          '/',
          '%41',
          '\u{1f600}',
          'aA',
          "'",
          '\\\\',
          '[',
          '{"a":',
          '<a b="1"/>',
          '&amp;',
        ],
        ...[']]>', '"a",', ':', '%', 'xn--', '-', 'a=1&', '\u00e9', '.*'],
      ]
    : []),
];

const deep = (depth: number): Dynamic => {
  let value: Dynamic = 'a';
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : new Map([['a', value]]);
  return value;
};
const listOf = (length: number, item: (i: number) => Dynamic): Dynamic => Array.from({ length }, (_, i) => item(i));
const DYNAMICS: Readonly<Record<string, (bytes: number) => Dynamic>> = {
  'different numbers': (bytes) => listOf(bytes >> 3, (i) => i + 0.5),
  'different texts': (bytes) => listOf(bytes >> 3, (i) => `t${i}`),
  addresses: (bytes) => listOf(bytes >> 4, (i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}/31`),
  bag: (bytes) => new Map(Array.from({ length: bytes >> 4 }, (_, i) => [`key${i}`, i])),
  nested: (bytes) => listOf(bytes >> 10, () => deep(250)),
  ...(isLong && {
    numbers: (bytes: number) => listOf(bytes >> 3, (i) => (i * 7919) % 1000),
    'equal texts': (bytes: number) => listOf(bytes >> 3, () => 'aaaaa'),
    'lists of texts': (bytes: number) => listOf(bytes >> 4, (i) => [`t${i}`, i]),
    bags: (bytes: number) => listOf(bytes >> 4, (i) => new Map<string, Dynamic>([['a', i]])),
  }),
};

const plain = (param: ParamType, number: number): PreparedExpr => {
  switch (param) {
    case 'string':
      return column('a', 'string');
    case 'dynamic':
      return column(['a'], 'dynamic');
    case 'real':
    case 'number':
      return column(1.5, 'real');
    case 'decimal':
      return column(1, 'long');
    case 'bool':
      return column(true, 'bool');
    case 'datetime':
      return column(0n, 'datetime');
    case 'timespan':
      return column(864_000_000_000n, 'timespan');
    case 'guid':
      return column('00000000-0000-0000-0000-000000000000', 'guid');
    default:
      return column(number, 'long');
  }
};

/** How many times something is asked for where a function takes a number: few, or more than a text has characters. */
const NUMBERS = [2, 1_000_000];
const ASKED_OFTEN = new Set(['"a" repeated', 'different numbers']);

interface Filling {
  readonly what: string;
  args(bytes: number): PreparedExpr[];
}

/** What stands in the places where text or a dynamic may stand: in one place, or in all, of which the first has most. */
function fillings(fn: ScalarFunction): Filling[] {
  const params: ParamType[] = [...fn.params, ...(fn.rest === undefined ? [] : [fn.rest, fn.rest])];
  const open = params.flatMap((param, i) => (param === 'string' || param === 'dynamic' || param === 'any' ? [i] : []));
  if (open.length === 0) return [];
  const places = open.length === 1 ? [open] : [...open.map((at) => [at]), open];
  const numbers = params.includes('long') ? NUMBERS : NUMBERS.slice(0, 1);
  const result: Filling[] = [];
  const add = (
    what: string,
    fill: (bytes: number, order: number) => PreparedExpr,
    takes: (param: ParamType) => boolean,
  ): void => {
    for (const place of places) {
      if (!place.some((at) => takes(params[at]!))) continue;
      for (const number of isLong || ASKED_OFTEN.has(what) ? numbers : NUMBERS.slice(0, 1))
        result.push({
          what: `${what} as argument ${place.map((at) => at + 1).join(' and ')}${number === NUMBERS[0] ? '' : `, ${number} times`}`,
          args: (bytes) =>
            params.map((param, i) => {
              const order = place.indexOf(i);
              if (order < 0 || !takes(param)) return plain(param, number);
              return fill(place.length === 1 ? bytes : bytes / 2 / (order + 1), order);
            }),
        });
    }
  };
  for (const unit of TEXTS)
    add(
      `${JSON.stringify(unit)} repeated`,
      (bytes) => column(filled(unit, Math.floor(bytes)), 'string'),
      (param) => param !== 'dynamic',
    );
  // What is looked for is in the text but for a letter near its beginning: each place is compared from end to end.
  if (open.length > 1)
    add(
      '"a" repeated, elsewhere with a q in it,',
      (bytes, order) => column(`${order > 0 ? 'aaaaaaaaaaq' : ''}${filled('a', Math.floor(bytes))}`, 'string'),
      (param) => param !== 'dynamic',
    );
  for (const [what, make] of Object.entries(DYNAMICS))
    add(
      what,
      (bytes) => column(make(bytes), 'dynamic'),
      (param) => param !== 'string',
    );
  return result;
}

/** As in a row stage: a refusal is an answer. */
function answer(call: () => unknown): unknown {
  meter.refill();
  try {
    return call();
  } catch (error) {
    if (error instanceof KqlError) return error.kind;
    throw error;
  } finally {
    meter.open();
  }
}

function attacksOn(name: string): Attack[] {
  const fn = findFunction(name)!;
  return fillings(fn).map(({ what, args }) => ({
    name: `${name}: ${what}`,
    most: MOST_OF_ROW_STAGE,
    prepare(bytes) {
      const given = args(bytes);
      return () => answer(() => callFunction(fn, given).eval([], runtime));
    },
  }));
}

const PATTERNS = [
  'b|a.*c',
  'b|[^x]*c',
  '(?:a.*c)?',
  'x{990}y',
  '(x{1,500}){2}y',
  '(a+)+$',
  '.*=.*',
  '\\w+@\\w+',
  '(.*?)b',
  'a|(b.*c)',
];
const PATTERN_TEXTS = ['ab', 'x', 'a=', ...(isLong ? ['a', 'y x', 'b'] : [])];
const PATTERN_CALLS: Readonly<Record<string, (pattern: string) => (text: PreparedExpr) => PreparedExpr[]>> = {
  'matches regex': (pattern) => (text) => [text, constant(pattern, 'string')],
  extract: (pattern) => (text) => [constant(pattern, 'string'), constant(0, 'long'), text],
  extract_all: (pattern) => (text) => [constant(pattern, 'string'), text],
  replace_regex: (pattern) => (text) => [text, constant(pattern, 'string'), constant('-', 'string')],
  countof: (pattern) => (text) => [text, constant(pattern, 'string'), constant('regex', 'string')],
  indexof_regex: (pattern) => (text) => [
    text,
    constant(pattern, 'string'),
    constant(0, 'long'),
    constant(-1, 'long'),
    constant(1_000_000, 'long'),
  ],
  trim: (pattern) => (text) => [constant(pattern, 'string'), text],
};

const patternAttacks: Attack[] = Object.entries(PATTERN_CALLS).flatMap(([name, make]) =>
  PATTERNS.flatMap((pattern) =>
    PATTERN_TEXTS.map(
      (unit): Attack => ({
        name: `${name} '${pattern}': ${JSON.stringify(unit)} repeated`,
        most: MOST_OF_ROW_STAGE,
        prepare(bytes) {
          const fn = findFunction(name)!;
          // A last character that a pattern waits for: else its absence is seen at once.
          const text = column(`yc=@${filled(unit, bytes)}`, 'string');
          return () => answer(() => callFunction(fn, make(pattern)(text)).eval([], runtime));
        },
      }),
    ),
  ),
);

export const functionAttacks: readonly Attack[] = [
  ...[...new Set(functionNames().map((name) => findFunction(name)!.name))].flatMap(attacksOn),
  ...patternAttacks,
];
