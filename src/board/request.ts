/** A request as every host of the board hands it on. */
export interface BoardRequest {
  readonly method: string;
  /** Below the board, without the slash before it: `` is the page, `api/now` the state of things. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  header(name: string): string | undefined;
  /** Throws BoardFault (413) where it is longer than `most` bytes. */
  body(most: number): Promise<Buffer>;
}

export interface BoardResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/** What is wrong with a request, as it is answered. */
export class BoardFault extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export const json = (value: unknown, status = 200): BoardResponse => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});

export const fault = (status: number, error: string): BoardResponse => json({ error }, status);

/** A query parameter that is a whole number within bounds. Throws BoardFault. */
export function wholeNumber(
  query: URLSearchParams,
  name: string,
  { least = 0, most, otherwise }: { readonly least?: number; readonly most: number; readonly otherwise: number },
): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new BoardFault(400, `${name}: must be a whole number from ${least} to ${most}`);
}

/** A JSON object of a body. Throws BoardFault. */
export async function jsonBody(request: BoardRequest, most = 1024 * 1024): Promise<Record<string, unknown>> {
  const bytes = await request.body(most);
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new BoardFault(400, 'the body must be a JSON object');
}
