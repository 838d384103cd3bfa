import { type Column, type Pipeline, preparePipeline } from '../../src/kql';
import { OPERATORS, type OperatorScope } from './query-operators';
import { type Random, randomOf } from './random';
import { streamCompiler } from './stream';

export interface GeneratedQuery {
  readonly text: string;
  readonly plan: Pipeline;
}

/** How deep queries may stand in one another. */
const DEPTH = 2;

const SOURCES: readonly (readonly [weight: number, text: string])[] = [
  [8, 'T'],
  [3, 'U'],
  [2, 'Event'],
  [
    1,
    'datatable(a:string, b:long, TimeGenerated:datetime)["x",1,datetime(2024-05-01T00:30:00Z),"y",2,datetime(2024-05-01T01:00:00Z)]',
  ],
  [1, 'range x from 1 to 3 step 1'],
  [1, 'print a="x", b=2'],
  [2, 'union T, U'],
  [1, 'union withsource=src T, (U | where isnotempty(a))'],
  [1, 'union kind=inner T, (union U, Event)'],
  [1, 'union isfuzzy=true T, Missing'],
  [1, 'materialize(T | where b < 4)'],
  [1, 'search in (T, U) "x"'],
  [1, 'search kind=case_sensitive in (T, Event) "foo*" or a:"x"'],
  [1, 'find in (T, U) where a == "x"'],
  [1, 'find withsource=src in (T, U, Event) where TimeGenerated > ago(1h) project a, b, TimeGenerated'],
];

function weighted<T>(random: Random, items: readonly (readonly [number, T])[]): T {
  let left = random.below(items.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, item] of items) {
    left -= weight;
    if (left < 0) return item;
  }
  return items[0]![1];
}

/** Columns of a query as far as they are known before it runs; undefined where it does not compile. */
function columnsOf(text: string): { plan: Pipeline; columns: readonly Column[] } | undefined {
  const { plan, columns } = streamCompiler().compile(text);
  if (!plan) return undefined;
  const schema = preparePipeline(plan).schema ?? columns;
  return { plan, columns: schema.filter(({ name }) => !name.startsWith('$')) };
}

/**
 * A query made of a source and operators, one for each seed; an operator that does not compile where it stands is left out, so that any list of
 * seeds makes a query and a shorter list makes a shorter one.
 */
export function queryOf(sourceSeed: number, steps: readonly number[]): GeneratedQuery {
  const random = randomOf(sourceSeed);
  const lets: string[] = [];
  if (random.chance(10))
    lets.push('let again = (V:(a:string), n:long = 2) { V | where strlen(a) < n | extend len = strlen(a) };');
  if (random.chance(25)) lets.push(`let v = ${random.chance(30) ? 'materialize' : ''}(${body(random, 1, '')});`);
  const prefix = lets.map((text) => `${text}\n`).join('');
  if (prefix && !columnsOf(`${prefix}T`)) return queryOf(sourceSeed + 1, steps);
  let text = prefix && random.chance(70) ? 'v' : weighted(random, SOURCES);
  let known = columnsOf(prefix + text);
  if (!known) return queryOf(sourceSeed + 1, steps);
  for (const seed of steps) {
    const stepRandom = randomOf(seed);
    const operator = weighted(stepRandom, OPERATORS)(scope(stepRandom, known.columns, 0, prefix));
    const next = columnsOf(`${prefix}${text}\n| ${operator}`);
    if (!next) continue;
    text = `${text}\n| ${operator}`;
    known = next;
  }
  return { text: prefix + text, plan: known.plan };
}

/** A source and some operators, as far as they compile. */
function body(random: Random, depth: number, prefix: string): string {
  let text = prefix && random.chance(50) ? 'v' : weighted(random, depth >= DEPTH ? SOURCES.slice(0, 3) : SOURCES);
  let known = columnsOf(prefix + text);
  for (let i = random.below(3); known && i > 0; i--) {
    const operator = weighted(random, OPERATORS)(scope(random, known.columns, depth, prefix));
    const next = columnsOf(`${prefix}${text} | ${operator}`);
    if (!next) continue;
    text = `${text} | ${operator}`;
    known = next;
  }
  return text;
}

function scope(random: Random, columns: readonly Column[], depth: number, prefix: string): OperatorScope {
  return {
    random,
    columns,
    table: () => (depth >= DEPTH ? random.pick(['T', 'U']) : body(random, depth + 1, prefix)),
    nested: (type) => {
      if (depth >= DEPTH) return undefined;
      const table = random.pick(['T', 'U', prefix ? 'v' : 'T']);
      if (type === 'long')
        return `(${table} | ${random.pick(['count', 'summarize max(strlen(a))', 'where a == "x" | count'])})`;
      return `(${table} | ${random.pick(['project a', 'distinct a', 'where a != "x" | project a', 'summarize by a', 'take 1 | project a'])})`;
    },
  };
}
