/** Parts of an error that are read, in all; a library may nest one try in another. */
const MOST = 1_000;

/**
 * What an error says. Several tries, or several addresses of one host, end in an AggregateError without a text: it says what its parts say,
 * each thing once. Where nothing is said, the code or the name of the error.
 */
export function messageOf(error: unknown): string {
  const texts = new Set<string>();
  const queue: unknown[] = [error];
  for (let i = 0; i < queue.length && i < MOST; i++) {
    const { message, errors, code, name } = (queue[i] ?? {}) as {
      message?: unknown;
      errors?: unknown;
      code?: unknown;
      name?: unknown;
    };
    if (typeof message === 'string' && message.trim() !== '') texts.add(message.trim());
    else if (Array.isArray(errors) && errors.length > 0) queue.push(...errors.slice(0, MOST));
    else texts.add(String(code ?? name ?? queue[i]));
  }
  return [...texts].join('; ');
}
