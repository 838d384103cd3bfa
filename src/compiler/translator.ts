import { type Column, type Expr, INGESTION_COLUMN, type Op, type Pipeline, type Reference } from '../kql';
import { isTable, NOTHING, translateScalar } from './expressions';
import { callFunction } from './functions';
import { elements, kindOf, knownColumns, type Node, symbolKind, type TableDeclaration } from './kusto';
import { externalData } from './lists';
import { openColumns, openColumnType } from './open-columns';
import { OPERATORS } from './operators';
import { find } from './operators/find';
import { sourceSearch } from './operators/search';
import { sourceUnion, type UnionMember } from './operators/union';
import { patternTable } from './patterns';
import { Scope } from './scope';
import { dataTable, emptyPlan, print, range } from './sources';
import { type QueryStage, stageOf } from './stages';
import { append, withoutAlias } from './time-alias';
import { type Fault, INVALID, type ReferenceData, type Translation, UNSUPPORTED, unknownSource } from './translation';
import { unsupportedNode } from './unsupported';
import { watchlist, watchlistAliases } from './watchlists';

/** Deepest nesting of function calls and pipelines: a recursion in the query must not become one here. */
const MAX_DEPTH = 200;

/** Turns one bound syntax tree into a plan, recording every problem on the way. */
export class Translator implements Translation {
  readonly faults: Fault[] = [];
  readonly references: Reference[] = [];
  /** Every operator met, in the order of translation: what `stage` of a plan operator points to. */
  readonly stages: QueryStage[] = [];
  windows: Translation['windows'] = [];
  usesIngestion = false;
  private hidden = 0;
  private depth = 0;
  private readonly sources = new Map<string, Column[]>();
  private readonly open = new Set<string>();
  private readonly options = new Map<string, Expr>();

  constructor(
    private readonly tables: ReadonlyMap<string, TableDeclaration>,
    readonly data: ReferenceData,
    private readonly text: string,
    private readonly knowsEveryTable = false,
  ) {}

  readsTables(): boolean {
    return this.sources.size > 0;
  }

  /** The plan of a whole query. */
  query(root: Node): Pipeline {
    const scope = new Scope(undefined, 0);
    const plan = this.block(root, scope)?.plan ?? emptyPlan();
    for (const [name, columns] of this.sources) {
      if (this.usesIngestion) columns.push({ name: INGESTION_COLUMN, type: 'datetime' });
      if (!this.tables.get(name)?.open) continue;
      for (const column of this.open) {
        if (!columns.some((known) => known.name === column))
          columns.push({ name: column, type: openColumnType(column) });
      }
    }
    return plan;
  }

  /** Statements of a query or of a function's body; the last expression is the result. */
  block(node: Node, scope: Scope): { plan?: Pipeline; expr?: Expr } | undefined {
    for (const name of openColumns(node)) this.open.add(name);
    let last: Node | undefined;
    for (const statement of elements(node.Statements)) {
      if (kindOf(statement) === 'ExpressionStatement') last = statement.Expression;
      else this.statement(statement, scope);
    }
    if (kindOf(node) === 'FunctionBody' && node.Expression) last = node.Expression;
    if (!last) {
      this.report(INVALID, 'the query has no expression that gives a table', node, scope);
      return undefined;
    }
    return isTable(last) || kindOf(node) === 'QueryBlock'
      ? { plan: this.table(last, scope) }
      : { expr: this.scalar(last, scope) };
  }

  private statement(node: Node, scope: Scope): void {
    switch (kindOf(node)) {
      case 'LetStatement': {
        const name = node.Name.SimpleName;
        const value = node.Expression;
        if (kindOf(value) === 'FunctionDeclaration')
          scope.define(name, { kind: 'function', declaration: value, scope });
        else if (isTable(value)) scope.define(name, { kind: 'table', plan: this.table(value, scope) });
        else scope.define(name, { kind: 'scalar', expr: this.scalar(value, scope) });
        return;
      }
      case 'QueryParametersStatement':
        for (const parameter of elements(node.Parameters)) {
          const declared = parameter.NameAndType ?? parameter;
          if (!parameter.DefaultValue) {
            this.report(INVALID, 'a query parameter of a rule needs a default value', parameter, scope);
            continue;
          }
          scope.define(declared.Name.SimpleName, {
            kind: 'scalar',
            expr: this.scalar(parameter.DefaultValue.Value, scope),
          });
        }
        return;
      case 'PatternStatement':
        scope.define(node.Name.SimpleName, { kind: 'pattern', matches: elements(node.Pattern?.Patterns), scope });
        return;
      case 'RestrictStatement':
        // It takes names out of reach, and no row of a query that does without them is another for it.
        return;
      case 'SetOptionStatement':
        if (node.ValueClause)
          this.options.set(node.Name.SimpleName.toLowerCase(), this.scalar(node.ValueClause.Expression, scope));
        return;
      default:
        this.report(UNSUPPORTED, unsupportedNode(kindOf(node)), node, scope);
    }
  }

  table(node: Node, scope: Scope): Pipeline {
    if (++this.depth > MAX_DEPTH) {
      this.depth--;
      this.report(UNSUPPORTED, 'the query is nested too deeply', node, scope);
      return emptyPlan();
    }
    try {
      return this.tableOf(node, scope);
    } finally {
      this.depth--;
    }
  }

  private tableOf(node: Node, scope: Scope): Pipeline {
    const kind = kindOf(node);
    switch (kind) {
      case 'PipeExpression':
        return this.apply(node.Operator, scope, this.table(node.Expression, scope));
      case 'ParenthesizedExpression':
      case 'MaterializeExpression':
        return this.table(node.Expression, scope);
      case 'NameReference':
        return this.named(node, scope);
      case 'FunctionCallExpression':
        return this.pattern(node, scope) ?? this.tableFunction(node, scope);
      case 'DataTableExpression':
        return dataTable(this, node, scope);
      case 'ExternalDataExpression':
        return externalData(this, node, scope);
      case 'PrintOperator':
        return print(this, node, scope);
      case 'RangeOperator':
        return range(this, node, scope);
      case 'UnionOperator':
        return sourceUnion(this, node, scope);
      case 'PathExpression': {
        const defined = this.pattern(node, scope);
        if (defined) return defined;
        this.report(UNSUPPORTED, 'tables of other clusters, databases and workspaces cannot be read', node, scope);
        return emptyPlan();
      }
      case 'SearchOperator':
        return sourceSearch(this, node, scope);
      case 'FindOperator':
        return find(this, node, scope);
      default:
        // The subquery of mv-apply starts with an operator: its input is the expanded rows.
        if (OPERATORS[kind]) return this.apply(node, scope, { source: { kind: 'input' }, ops: [] });
        this.report(UNSUPPORTED, unsupportedNode(kind), node, scope);
        return emptyPlan();
    }
  }

  private apply(node: Node, scope: Scope, input: Pipeline): Pipeline {
    const translate = OPERATORS[kindOf(node)];
    if (!translate) {
      this.report(UNSUPPORTED, unsupportedNode(kindOf(node)), node, scope);
      return input;
    }
    const outer = this.windows;
    this.windows = [];
    const stage = this.stages.push(stageOf(node, scope, this.text)) - 1;
    const result = translate(this, node, scope, input);
    const lifted = this.windows;
    this.windows = outer;
    if (!isOps(result)) return result;
    const before = lifted.map((column): Op => ({ op: 'window', columns: [column] }));
    const after: Op[] = lifted.length === 0 ? [] : [{ op: 'drop', names: lifted.map((column) => column.name) }];
    const own = [...before, ...result, ...after].map((op): Op => ({ ...op, stage }));
    return { source: input.source, ops: append(input.ops, own) };
  }

  private named(node: Node, scope: Scope): Pipeline {
    const name = node.SimpleName;
    const binding = scope.find(name);
    if (binding?.kind === 'table') return binding.plan;
    if (!binding && symbolKind(node.ReferencedSymbol) === 'Table') return this.source(name);
    if (!binding && name === '_GetWatchlistAlias') return watchlistAliases(this);
    const called = this.call(node, scope);
    if (called?.plan) return called.plan;
    // Of the query itself the binder has said what is wrong.
    if (scope.isElsewhere() && !called) this.report(INVALID, unknownSource(name), node, scope);
    return emptyPlan();
  }

  private pattern(node: Node, scope: Scope): Pipeline | undefined {
    return patternTable(this, (body, inner) => this.block(body, inner), node, scope);
  }

  private tableFunction(node: Node, scope: Scope): Pipeline {
    if (!scope.find(node.Name.SimpleName)) {
      if (node.Name.SimpleName === '_GetWatchlist') return watchlist(this, node, scope);
      if (node.Name.SimpleName === '_GetWatchlistAlias') return watchlistAliases(this);
    }
    const called = this.call(node, scope);
    if (called?.plan) return called.plan;
    const name = node.Name.SimpleName;
    const [first] = elements(node.ArgumentList.Expressions);
    if (name === 'table' && first) {
      const table = this.scalar(first, scope);
      if (table.k === 'lit' && this.tables.has(String(table.v))) return this.source(String(table.v));
      this.report(INVALID, 'table() takes the name of a known table', node, scope);
      return emptyPlan();
    }
    if (name === 'materialize' && first) return this.table(first, scope);
    if (!called) this.report(INVALID, unknownSource(name), node.Name, scope);
    return emptyPlan();
  }

  scalar(node: Node, scope: Scope): Expr {
    if (++this.depth > MAX_DEPTH * 2) {
      this.depth--;
      this.report(UNSUPPORTED, 'the expression is nested too deeply', node, scope);
      return NOTHING;
    }
    try {
      return translateScalar(this, node, scope);
    } finally {
      this.depth--;
    }
  }

  call(node: Node, scope: Scope, input?: Pipeline): { plan?: Pipeline; expr?: Expr } | undefined {
    return callFunction(this, (body, inner) => this.block(body, inner), node, scope, input);
  }

  source(name: string): Pipeline {
    const { columns: own, ops } = withoutAlias(this.tables.get(name)?.columns ?? []);
    const columns = this.sources.get(name) ?? own;
    this.sources.set(name, columns);
    return { source: { kind: 'table', name, columns }, ops };
  }

  everyTable(scope: Scope): UnionMember[] | undefined {
    if (!this.knowsEveryTable) return undefined;
    const tables = [...this.tables.values()].map(({ name, columns }) => ({ plan: this.source(name), name, columns }));
    return [...tables, ...scope.views().map((name) => this.view(name, scope))];
  }

  private view(name: string, scope: Scope): UnionMember {
    const binding = scope.find(name);
    if (binding?.kind !== 'function') return { plan: emptyPlan(), name, columns: [] };
    const { scope: outer, declaration } = binding;
    const plan = this.block(declaration.Body, new Scope(outer, outer.base, outer.calledAt))?.plan ?? emptyPlan();
    return { plan, name, columns: knownColumns(declaration.Body.Expression?.ResultType) };
  }

  hiddenName(): string {
    return `$${++this.hidden}`;
  }

  option(name: string): Expr | undefined {
    return this.options.get(name);
  }

  report(code: string, message: string, node: Node, scope: Scope): void {
    this.add({ code, message }, node, scope);
  }

  warn(code: string, message: string, node: Node, scope: Scope): void {
    this.add({ code, message, severity: 'warning' }, node, scope);
  }

  private add(fault: Pick<Fault, 'code' | 'message' | 'severity'>, node: Node, scope: Scope): void {
    const start = scope.at(node);
    if (this.faults.some((known) => known.start === start && known.message === fault.message)) return;
    this.faults.push({ ...fault, start, length: Math.max(1, node.Width) });
  }
}

const isOps = (result: readonly Op[] | Pipeline): result is readonly Op[] => Array.isArray(result);
