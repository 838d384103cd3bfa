/** An error that closes a link or rejects a transfer with this AMQP condition. */
export class AmqpFault extends Error {
  readonly condition: string;

  constructor(condition: string, message: string) {
    super(message);
    this.name = 'AmqpFault';
    this.condition = condition;
  }
}

export function notFound(entity: string): AmqpFault {
  return new AmqpFault('amqp:not-found', `The messaging entity '${entity}' could not be found.`);
}

/** The form in which rhea takes an error. */
export function amqpError(error: unknown): { condition: string; description: string } {
  const condition = error instanceof AmqpFault ? error.condition : 'amqp:internal-error';
  return { condition, description: error instanceof Error ? error.message : String(error) };
}
