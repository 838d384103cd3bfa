import type { Column, Op, ParsePart } from '../../kql';
import { elements, kindOf, type Node, scalarType } from '../kusto';
import { literalValue } from '../literals';
import type { Scope } from '../scope';
import { type Translation, UNSUPPORTED } from '../translation';
import { parameters, parameterText } from './columns';

/** A declared column `name:type`; string where no type is given. */
export function declaredColumn(t: Translation, node: Node, scope: Scope): Column {
  if (kindOf(node) === 'NameDeclaration') return { name: node.SimpleName, type: 'string' };
  const text = node.Type.ToString().trim();
  const type = scalarType(text);
  if (!type) t.report(UNSUPPORTED, `type '${text}' is not supported`, node, scope);
  return { name: node.Name.SimpleName, type: type ?? 'string' };
}

export function parse(t: Translation, node: Node, scope: Scope): Op[] {
  const given = parameters(node.Parameters);
  const kind = parameterText(given.get('kind')) ?? 'simple';
  const parts = elements(node.Patterns).map((item): ParsePart => {
    if (kindOf(item) === 'StarExpression') return { kind: 'star' };
    const known = literalValue(item);
    if (known) return { kind: 'text', text: String(known.value) };
    return { kind: 'column', ...declaredColumn(t, item, scope) };
  });
  return [
    {
      op: 'parse',
      input: t.scalar(node.Expression, scope),
      kind: kind === 'regex' || kind === 'relaxed' ? kind : 'simple',
      flags: parameterText(given.get('flags')) ?? '',
      parts,
      filter: kindOf(node) === 'ParseWhereOperator',
    },
  ];
}

export function parseKv(t: Translation, node: Node, scope: Scope): Op[] {
  const given = parameters(node.WithClause?.Properties);
  const text = (name: string): string | undefined => parameterText(given.get(name));
  const all = (name: string): string[] =>
    elements(node.WithClause?.Properties)
      .filter((item) => kindOf(item) === 'NamedParameter' && item.Name.SimpleName === name)
      .map((item) => parameterText(item.Expression) ?? '');
  // `quote` and `escape` may be given more than once; a quote of two characters opens with the first and closes with the second.
  const quote = all('quote');
  const escapes = all('escape').join('');
  return [
    {
      op: 'parse-kv',
      input: t.scalar(node.Expression, scope),
      columns: elements(node.Keys?.Columns ?? node.Keys).map((item) => declaredColumn(t, item, scope)),
      ...defined({
        pairDelimiter: text('pair_delimiter'),
        kvDelimiter: text('kv_delimiter'),
        escape: escapes === '' ? undefined : escapes,
        regex: text('regex'),
      }),
      ...(quote.length === 0 ? {} : { quote }),
      ...(given.has('greedy') ? { greedy: /true/i.test(text('greedy') ?? '') } : {}),
    },
  ];
}

function defined<T extends Record<string, string | undefined>>(values: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}
