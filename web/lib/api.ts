import { token } from './token';

/** An answer that is no success, with what the board says of it. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

async function answer<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T;
  let message = `the board answered with ${response.status}`;
  try {
    message = ((await response.json()) as { error: string }).error;
  } catch {
    // Not ours: a proxy's page, say.
  }
  throw new ApiError(response.status, message);
}

/** Addresses are below the folder of the page, whatever serves it. */
export const apiPath = (name: string, ...parts: readonly (string | number)[]): string =>
  ['api', name, ...parts.map((part) => encodeURIComponent(String(part)))].join('/');

export const get = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  answer<T>(await fetch(path, signal ? { signal } : {}));

/** Asks for more than reading. The token goes along where somebody has given one. */
export async function post<T>(path: string, body: BodyInit, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { 'X-Outrider-Board': '1', 'Content-Type': 'application/octet-stream' };
  if (token.value !== '') headers['X-Outrider-Token'] = token.value;
  return answer<T>(await fetch(path, { method: 'POST', headers, body, ...(signal ? { signal } : {}) }));
}

export const postJson = <T>(path: string, value: unknown, signal?: AbortSignal): Promise<T> =>
  post<T>(path, JSON.stringify(value), signal);

/** What the board takes, bytes. */
const MOST = 64 * 1024 * 1024;

/** Events to try something on: a file, or what the board has at hand of the last minutes. */
export type EventInput = File | { readonly minutes: number };

export const inputName = (input: EventInput): string =>
  input instanceof File ? input.name : `the last ${input.minutes} minutes`;

/** A line of JSON, then the bytes of a file where it is one. */
export async function postWithEvents<T>(path: string, head: object, input: EventInput): Promise<T> {
  if (!(input instanceof File)) return post<T>(path, `${JSON.stringify({ ...head, minutes: input.minutes })}\n`);
  const file = input;
  if (file.size > MOST) throw new Error(`${file.name} is larger than 64 MiB: use 'outrider run' for it.`);
  return post<T>(path, new Blob([`${JSON.stringify({ ...head, file: file.name })}\n`, file]));
}
