import { type Expr, KqlError, prepareExpr, TICKS_PER_MS, TIME_COLUMN, type Within } from '../kql';

/** A comparison of TimeGenerated with a time relative to the end of the window, T: its offset from T, in ticks. */
export interface TimeBound {
  readonly side: 'from' | 'to';
  readonly offset: bigint;
  /** The comparison includes equality. */
  readonly closed: boolean;
}

const MIRROR: Readonly<Record<string, string>> = { '>=': '<=', '>': '<', '<=': '>=', '<': '>' };

/** `TimeGenerated >= ago(1h)`, `between (ago(1d) .. now())` …: its bounds, or undefined for any other predicate. */
export function timeBounds(cond: Expr): TimeBound[] | undefined {
  if (cond.k !== 'call') return undefined;
  const [first, second, third] = cond.args;
  if (cond.fn === 'between' && first && second && third && isTime(first)) {
    const from = offsetOf(second);
    const to = offsetOf(third);
    if (from === undefined || to === undefined) return undefined;
    return [
      { side: 'from', offset: from, closed: true },
      { side: 'to', offset: to, closed: true },
    ];
  }
  if (!MIRROR[cond.fn] || !first || !second) return undefined;
  const isLeft = isTime(first);
  if (!isLeft && !isTime(second)) return undefined;
  const offset = offsetOf(isLeft ? second : first);
  if (offset === undefined) return undefined;
  const fn = isLeft ? cond.fn : MIRROR[cond.fn]!;
  return [{ side: fn.startsWith('>') ? 'from' : 'to', offset, closed: fn.endsWith('=') }];
}

const isTime = (expr: Expr): boolean => expr.k === 'col' && expr.name === TIME_COLUMN;

/** `now()`, `now() - 1h`, `now() + 1h - 5m` → ticks from T. */
function offsetOf(expr: Expr): bigint | undefined {
  if (expr.k === 'now') return 0n;
  if (expr.k !== 'call' || (expr.fn !== '-' && expr.fn !== '+')) return undefined;
  const [base, shift] = expr.args;
  if (!base || !shift) return undefined;
  const from = offsetOf(base);
  const by = constantTimespan(shift);
  if (from === undefined || by === undefined) return undefined;
  return expr.fn === '-' ? from - by : from + by;
}

function constantTimespan(expr: Expr): bigint | undefined {
  try {
    const prepared = prepareExpr(expr, []);
    return prepared.type === 'timespan' && typeof prepared.constant?.value === 'bigint'
      ? prepared.constant.value
      : undefined;
  } catch (error) {
    if (error instanceof KqlError) return undefined;
    throw error;
  }
}

/** Only bounds of whole minutes are decided by panes: finer ones would need too many. */
const FINEST_MS = 60_000;

/** Windows cut by TimeGenerated. */
export interface TimeWindow {
  readonly periodMs: number;
  /** Whether panes may be made as fine as bounds ask for. */
  readonly byPane: boolean;
}

/**
 * What a bound leaves of a window: `implied` (nothing is cut off), `never` (nothing is left), a `Within`, or undefined
 * where panes cannot decide it.
 */
export function boundWithin(
  bound: TimeBound,
  { periodMs, byPane }: TimeWindow,
): 'implied' | 'never' | Within | undefined {
  const behind = -bound.offset;
  const period = BigInt(periodMs) * TICKS_PER_MS;
  if (bound.side === 'from') {
    if (behind > period || (behind === period && bound.closed)) return 'implied';
    if (behind <= 0n) return 'never';
  } else {
    if (behind <= 0n) return 'implied';
    if (behind > period || (behind === period && !bound.closed)) return 'never';
  }
  if (!byPane) return undefined;
  const ms = Number(behind / TICKS_PER_MS);
  if (behind % TICKS_PER_MS !== 0n || ms % FINEST_MS !== 0) return undefined;
  return bound.side === 'from' ? { fromMs: ms, fromOpen: !bound.closed } : { toMs: ms, toClosed: bound.closed };
}

/** Both restrictions at once. */
export function intersect(a: Within, b: Within): Within {
  const result: { -readonly [K in keyof Within]: Within[K] } = { ...a };
  if (
    b.fromMs !== undefined &&
    (a.fromMs === undefined || b.fromMs < a.fromMs || (b.fromMs === a.fromMs && b.fromOpen))
  ) {
    result.fromMs = b.fromMs;
    result.fromOpen = b.fromOpen;
  }
  if (b.toMs !== undefined && (a.toMs === undefined || b.toMs > a.toMs || (b.toMs === a.toMs && !b.toClosed))) {
    result.toMs = b.toMs;
    result.toClosed = b.toClosed;
  }
  return result;
}
