import type { ExpandColumn, Op } from '../../kql';
import { columnsOf, elements, kindOf, type Node, resultName, scalarType } from '../kusto';
import { literal } from '../literals';
import type { Scope } from '../scope';
import type { Translation } from '../translation';
import { bare, parameters, parameterText } from './columns';

function expandColumns(t: Translation, node: Node, scope: Scope): ExpandColumn[] {
  const results = columnsOf(node.ResultType);
  return elements(node.Expressions).map((item) => {
    const expression = item.Expression ?? item;
    const inner = bare(expression);
    const name =
      kindOf(expression) === 'SimpleNamedExpression'
        ? expression.Name.SimpleName
        : kindOf(inner) === 'NameReference'
          ? inner.SimpleName
          : (results.find(
              (column) => column.Source !== null && (column.Source === inner || column.Source === expression),
            )?.Name ?? resultName(inner));
    const types = item.ToTypeOf ? elements(item.ToTypeOf.TypeOf.Types) : [];
    const type = types[0] ? scalarType(types[0].ToString().trim()) : undefined;
    return { name: name || 'Column1', expr: t.scalar(inner, scope), ...(type ? { type } : {}) };
  });
}

/** Rows of one row that `mvexpand`, the older spelling, gives at most. */
const OLD_LIMIT = 128;

export function mvExpand(t: Translation, node: Node, scope: Scope): Op[] {
  const given = parameters(node.Parameters);
  const kind = parameterText(given.get('kind')) ?? parameterText(given.get('bagexpansion'));
  const indexName = parameterText(given.get('with_itemindex'));
  return [
    {
      op: 'mv-expand',
      columns: expandColumns(t, node, scope),
      bagAsArray: kind === 'array',
      ...(indexName === undefined ? {} : { indexName }),
      ...(node.RowLimitClause
        ? { limit: t.scalar(node.RowLimitClause.RowLimit, scope) }
        : node.GetChild(0)?.Text === 'mvexpand'
          ? { limit: literal(OLD_LIMIT, 'long') }
          : {}),
    },
  ];
}

export function mvApply(t: Translation, node: Node, scope: Scope): Op[] {
  const indexName = parameterText(parameters(node.Parameters).get('with_itemindex'));
  return [
    {
      op: 'mv-apply',
      columns: expandColumns(t, node, scope),
      ...(indexName === undefined ? {} : { indexName }),
      ...(node.RowLimitClause ? { limit: t.scalar(node.RowLimitClause.RowLimit, scope) } : {}),
      sub: t.table(node.Subquery.Expression, scope),
    },
  ];
}
