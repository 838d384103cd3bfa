import { type OpOf, readBy } from '../../kql';
import { type Dependency, isOrAre, listed } from './dependency';
import { literalTests } from './literal-tests';
import type { StageNode } from './stages';

type Parse = OpOf<'parse'>;

/**
 * What hangs on a `parse`: where one literal is missing its columns are empty and the row stays.
 * https://learn.microsoft.com/kusto/query/parse-operator
 */
export function parseDependencies(stages: readonly StageNode[], seen = new Set<number>()): Dependency[] {
  const found: Dependency[] = [];
  stages.forEach((stage, at) => {
    for (const { stages: inner } of stage.inner) found.push(...parseDependencies(inner, seen));
    // A query that is used several times counts once.
    if (stage.written !== undefined && seen.has(stage.written)) return;
    if (stage.written !== undefined) seen.add(stage.written);
    for (const op of stage.ops) {
      if (op.op !== 'parse') continue;
      const before = stages.slice(0, at);
      const after = stages.slice(at + 1);
      if (!op.filter) found.push(...blanking(op, stage.number, before, after));
      found.push(...escaped(op, after));
    }
  });
  return found;
}

export const parsedColumns = (op: Parse): string[] =>
  op.parts.flatMap((part) => (part.kind === 'column' ? [part.name] : []));
export const parseLiterals = (op: Parse): string[] =>
  op.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));

function blanking(op: Parse, number: string, before: readonly StageNode[], after: readonly StageNode[]): Dependency[] {
  const columns = parsedColumns(op);
  if (columns.length === 0) return [];
  const condition = `Where one of its ${parseLiterals(op).length} literals is missing in the text, or stands in another order`;
  const made = new Set(columns);
  const filters = before.filter((stage) => stage.predicates.some(({ expr }) => reads(expr, made)));
  const overwritten = columns.filter((name) =>
    filters.some((stage) => stage.predicates.some(({ expr }) => reads(expr, new Set([name])))),
  );
  if (overwritten.length > 0) {
    return [
      {
        code: 'parse-overwrites',
        severity: 'warning',
        stage: number,
        columns,
        message:
          `Stage ${number} parses ${listed(overwritten)} again, which stage ${listed(filters.map((stage) => stage.number))} has filtered on. ` +
          `${condition}, the row stays and all ${columns.length} columns are empty, ${listed(overwritten)} too: ${columns.join(', ')}.`,
      },
    ];
  }
  const guard = after.find((stage) => stage.predicates.some(({ expr }) => asksFor(expr, made)));
  const what = listed(columns, 12);
  return [
    guard
      ? {
          code: 'parse-drops',
          severity: 'note',
          stage: number,
          columns,
          message: `${condition}, ${what} of stage ${number} ${isOrAre(columns)} empty and stage ${guard.number} drops the row: the event is not found.`,
        }
      : {
          code: 'parse-blanks',
          severity: 'warning',
          stage: number,
          columns,
          message: `${condition}, the row stays and ${what} of stage ${number} ${isOrAre(columns)} empty.`,
        },
  ];
}

const reads = (expr: StageNode['predicates'][number]['expr'], names: ReadonlySet<string>): boolean => {
  const read = readBy(expr);
  return read !== 'all' && [...read].some((name) => names.has(name));
};

/** A predicate that an empty column cannot fulfil. */
const asksFor = (expr: StageNode['predicates'][number]['expr'], names: ReadonlySet<string>): boolean =>
  literalTests(expr).some(({ field, negated, values }) => names.has(field) && !negated && !values.includes('')) ||
  (expr.k === 'call' && expr.fn === 'isnotempty' && reads(expr, names));

/** `parse` of XML sees its text escaped: a value with `&`, `<` or `>` is compared with `&amp;`, `&lt;`, `&gt;`. */
function escaped(op: Parse, after: readonly StageNode[]): Dependency[] {
  if (!parseLiterals(op).some((text) => /["']?>$|^</.test(text))) return [];
  const columns = new Set(parsedColumns(op));
  return after.flatMap(({ number, predicates }) =>
    predicates
      .flatMap(({ expr }) => literalTests(expr))
      .filter(
        ({ field, values, kind }) =>
          kind !== 'regex' &&
          columns.has(field) &&
          values.some((value) => /[<>]|&(?!(amp|lt|gt|quot|apos|#\w+);)/.test(value)),
      )
      .map(
        ({ field, values }): Dependency => ({
          code: 'parse-sees-escapes',
          severity: 'warning',
          stage: number,
          columns: [field],
          message: `Stage ${number} compares ${field} with text that holds &, < or >, but parse takes it from XML, where they are written &amp;, &lt; and &gt;: ${listed(values.filter((value) => /[<>&]/.test(value)).map((value) => JSON.stringify(value)))} is never found.`,
        }),
      ),
  );
}
