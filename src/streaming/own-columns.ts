import { type Expr, factsOf, type NamedExpr, type Op, type Schema } from '../kql';

/** How a text hangs together with the event's: a piece of it as it stands, or a piece of what XML in it says. */
export type Tie = 'text' | 'xml';

/** Functions whose result is a piece of the text of an argument, but for letter case: the argument's place. */
const PIECE_OF: ReadonlyMap<string, number> = new Map([
  ['tostring', 0],
  ['tolower', 0],
  ['toupper', 0],
  ['trim', 1],
  ['trim_start', 1],
  ['trim_end', 1],
  ['substring', 0],
  ['extract', 2],
  ['split', 0],
  ['[]', 0],
  ['.member', 0],
  ['parse_json', 0],
  ['parse_xml', 0],
  ['extract_json', 1],
]);
const MOST_ARGUMENTS: ReadonlyMap<string, number> = new Map([
  ['extract', 3],
  ['extract_json', 2],
]);
/** Functions of a whole number that give it again. */
const SAME_NUMBER = new Set(['toint', 'tolong']);

/** Columns that still hold, or are a piece of, what the event says. */
export class OwnColumns {
  /** The event's column of whole numbers that each stands for. */
  private readonly numbers = new Map<string, string>();
  private readonly ties = new Map<string, Tie>();

  constructor(columns: Schema) {
    for (const { name, type } of columns) {
      if (type === 'int' || type === 'long') this.numbers.set(name, name);
      if (type === 'string' || type === 'dynamic') this.ties.set(name, 'text');
    }
  }

  /** How the text of an expression hangs together with the event's; undefined: it does not. */
  tieOf(expr: Expr): Tie | undefined {
    if (expr.k === 'col') return this.ties.get(expr.name);
    const place = expr.k === 'call' ? PIECE_OF.get(expr.fn) : undefined;
    // A further argument of these is a type, and what is made of another type again is no piece.
    if (expr.k !== 'call' || place === undefined || expr.args.length > (MOST_ARGUMENTS.get(expr.fn) ?? 9))
      return undefined;
    const argument = expr.args[place];
    const tie = argument && this.tieOf(argument);
    return tie && expr.fn === 'parse_xml' ? 'xml' : tie;
  }

  /** The event's column of whole numbers whose value an expression has. `asText`: written as text. */
  numberOf(expr: Expr, asText = false): string | undefined {
    if (expr.k === 'col') return this.numbers.get(expr.name);
    if (expr.k !== 'call' || !(SAME_NUMBER.has(expr.fn) || (asText && expr.fn === 'tostring'))) return undefined;
    const [argument] = expr.args;
    return expr.args.length === 1 && argument ? this.numberOf(argument) : undefined;
  }

  /** Follows names through an operator; false where they are lost. */
  follow(op: Op): boolean {
    const facts = factsOf(op);
    const carried = facts.carries?.(op);
    const origins = facts.origins?.(op);
    if (facts.bringsColumns || (!carried && (!facts.onArrival || !origins || facts.subquery))) return false;
    const pieces = [...(carried?.pieces ?? [])].map(([name, from]) => [name, this.ties.get(from)] as const);
    const isSame = facts.rows?.(op) === 'same';
    const made = (origins?.columns ?? []).map(({ name, expr }) => this.made(name, expr, isSame));
    if (origins?.others === 'gone') {
      this.ties.clear();
      this.numbers.clear();
    }
    for (const [old, name] of origins?.renamed ?? []) this.rename(old, name);
    for (const name of carried?.written ?? []) this.forget(name);
    for (const { name, tie, number } of made) this.put(name, tie, number);
    for (const [name, tie] of pieces) this.put(name, tie, undefined);
    return true;
  }

  /** As `follow`, of columns that are elements of what expressions give. */
  addElements(columns: readonly NamedExpr[]): void {
    const made = columns.map(({ name, expr }) => this.made(name, expr, false));
    for (const { name, tie } of made) this.put(name, tie, undefined);
  }

  copy(): OwnColumns {
    const copy = new OwnColumns([]);
    for (const [name, tie] of this.ties) copy.ties.set(name, tie);
    for (const [name, number] of this.numbers) copy.numbers.set(name, number);
    return copy;
  }

  private made(name: string, expr: Expr | undefined, isSame: boolean) {
    return { name, tie: expr && this.tieOf(expr), number: isSame && expr ? this.numberOf(expr) : undefined };
  }

  private put(name: string, tie: Tie | undefined, number: string | undefined): void {
    this.forget(name);
    if (tie) this.ties.set(name, tie);
    if (number) this.numbers.set(name, number);
  }

  private rename(old: string, name: string): void {
    const [tie, number] = [this.ties.get(old), this.numbers.get(old)];
    this.forget(old);
    this.put(name, tie, number);
  }

  private forget(name: string): void {
    this.numbers.delete(name);
    this.ties.delete(name);
  }
}
