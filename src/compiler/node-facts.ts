import { columnsOf, kindOf, type Node, symbolKind } from './kusto';

/** Whether an expression gives a table; its columns may not be known. */
export const isTable = (node: Node): boolean => {
  const kind = symbolKind(node.ResultType);
  return kind === 'Table' || (kind === 'Group' && columnsOf(node.ResultType).length === 0);
};

/** What the operator that an expression stands in works on. */
export function inputOf(node: Node): Node | undefined {
  for (let child = node, parent = node.Parent; parent; child = parent, parent = parent.Parent) {
    if (kindOf(parent) === 'SearchOperator') return undefined;
    if (kindOf(parent) === 'PipeExpression' && parent.Operator.TextStart === child.TextStart) return parent.Expression;
  }
  return undefined;
}
