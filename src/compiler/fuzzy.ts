import { childrenOf, type Diagnostic, kindOf, type Node } from './kusto';
import { parameters, parameterText } from './operators/columns';

/** Codes of the binder: what it says of text that was parsed. Errors of the grammar have lower numbers. */
const FIRST_BINDING_CODE = 100;

interface UnionMemberText {
  readonly node: Node;
  readonly separator: Node | null;
}

/** What of the text a leg that is left out takes with it, and why it is. */
interface LeftOut {
  readonly parts: readonly (Node | null)[];
  readonly cause: Diagnostic;
}

/**
 * The text without those legs of `union isfuzzy=true` that cannot be bound, with blanks in their place, and a warning for each: any
 * failure to resolve a leg leaves it out, as long as another is left. https://learn.microsoft.com/kusto/query/union-operator
 * undefined: there is none such.
 */
export function withoutBrokenLegs(
  text: string,
  root: Node,
  diagnostics: readonly Diagnostic[],
): { text: string; warnings: Diagnostic[] } | undefined {
  const errors = diagnostics.filter(
    ({ code, severity }) => severity === 'error' && Number(/^KS(\d+)$/.exec(code)?.[1]) >= FIRST_BINDING_CODE,
  );
  if (errors.length === 0) return undefined;
  const blanks = new Set<Node>();
  const warnings: Diagnostic[] = [];
  for (const { parts, cause } of brokenLegs(root, errors)) {
    for (const part of parts) if (part) blanks.add(part);
    warnings.push({
      ...cause,
      severity: 'warning',
      message: `${cause.message} The union is fuzzy and goes without this leg.`,
    });
  }
  if (blanks.size === 0) return undefined;
  let rest = text;
  for (const { TextStart: start, Width: width } of blanks) {
    const blank = rest.slice(start, start + width).replace(/[^\r\n]/g, ' ');
    rest = rest.slice(0, start) + blank + rest.slice(start + width);
  }
  return { text: rest, warnings };
}

/** Of each fuzzy union whose legs have errors of their own, the innermost first: those legs, where others are left. */
function brokenLegs(root: Node, errors: readonly Diagnostic[]): LeftOut[] {
  const found: LeftOut[] = [];
  const settled = new Set<Diagnostic>();
  const visit = (node: Node): void => {
    childrenOf(node).forEach(visit);
    if (kindOf(node) !== 'UnionOperator' || !isFuzzy(node)) return;
    const legs = legsOf(node);
    const broken = legs.flatMap((leg) => {
      const inside = errors.filter((error) => !settled.has(error) && holds(leg.node, error));
      return inside[0] ? [{ leg, cause: inside[0], inside }] : [];
    });
    if (broken.length === 0 || broken.length === legs.length) return;
    const last = legs.findLast((leg) => !broken.some((each) => each.leg === leg))!;
    for (const { leg, cause, inside } of broken) {
      for (const error of inside) settled.add(error);
      // The comma after the last leg that stays would end the list.
      found.push({ parts: [leg.node, leg.separator, last.separator], cause });
    }
  };
  visit(root);
  return found;
}

const isFuzzy = (node: Node): boolean => /true/i.test(parameterText(parameters(node.Parameters).get('isfuzzy')) ?? '');

const holds = (node: Node, { start }: Diagnostic): boolean =>
  start >= node.TextStart && start < node.TextStart + node.Width;

function legsOf(union: Node): UnionMemberText[] {
  return childrenOf(union.Expressions).flatMap((child): UnionMemberText[] => {
    const node = kindOf(child) === 'SeparatedElement' ? child.GetChild(0) : child;
    return node ? [{ node, separator: child === node ? null : child.GetChild(1) }] : [];
  });
}
