/** Where a reader starts: everything after (or from) a value of one annotation, or only what arrives from now on. */
export type StartPosition =
  | { kind: 'earliest' }
  | { kind: 'latest' }
  | { kind: 'offset' | 'sequenceNumber' | 'enqueuedTime'; value: number; inclusive: boolean };

const SELECTOR =
  /^amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time|enqueued-time-utc)\s*(>=|>)\s*'([^']*)'$/;
const KINDS = { offset: 'offset', 'sequence-number': 'sequenceNumber' } as const;

/**
 * Reads an Event Hubs selector such as `amqp.annotation.x-opt-offset > '4711'`. No selector means the earliest event.
 * Throws an Error for a selector that Event Hubs would refuse.
 */
export function parseSelector(selector: string | undefined): StartPosition {
  if (selector === undefined || selector.trim() === '') return { kind: 'earliest' };
  const match = SELECTOR.exec(selector.trim());
  if (!match) throw new Error(`unsupported selector: ${selector}`);
  const [, field = '', operator, value = ''] = match;
  if (value === '@latest') return { kind: 'latest' };
  const number = Number(value);
  if (value === '' || !Number.isFinite(number)) throw new Error(`selector value is not a number: ${selector}`);
  const kind = field === 'offset' || field === 'sequence-number' ? KINDS[field] : 'enqueuedTime';
  return { kind, value: number, inclusive: operator === '>=' };
}
