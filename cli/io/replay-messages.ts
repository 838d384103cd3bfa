import type { OutgoingMessage } from '../../src/host/hub-sender';
import { messageBodies } from './input';
import { latestTime, shiftTimes } from './shift-time';

/** The largest message of an Event Hub's standard tier, bytes. */
export const LARGEST_MESSAGE = 1024 * 1024;
/** The longest partition key, characters. */
const LONGEST_KEY = 128;

export interface ReplayMessage extends OutgoingMessage {
  readonly file: string;
  /** In its file, from 1. */
  readonly number: number;
}

export interface ReplayOptions {
  readonly files: readonly string[];
  /** How far times are moved, ticks. */
  readonly shift?: bigint;
  /** Field of the first record whose value becomes the partition key. */
  readonly partitionKey?: string;
  /** A message whose times were to be moved and that has none. */
  readonly onUnshifted?: () => void;
}

/** The messages of files, in order. A JSON array that is larger than a message is sent as its elements. */
export async function* replayMessages(options: ReplayOptions): AsyncGenerator<ReplayMessage> {
  const { files, shift, partitionKey, onUnshifted } = options;
  for (const file of files) {
    let number = 0;
    for await (const whole of messageBodies(file)) {
      for (const part of parts(whole)) {
        let body = part;
        if (shift !== undefined) {
          const shifted = isJson(part) ? shiftTimes(part.toString('utf8'), shift) : undefined;
          if (shifted === undefined) onUnshifted?.();
          else body = Buffer.from(shifted);
        }
        const key = partitionKey === undefined ? undefined : keyOf(body, partitionKey);
        yield { body, file, number: ++number, ...(key === undefined ? {} : { partitionKey: key }) };
      }
    }
  }
}

/** The latest TimeGenerated of all files, ticks. */
export async function latestOf(files: readonly string[]): Promise<bigint | undefined> {
  let latest: bigint | undefined;
  for await (const { body } of replayMessages({ files })) {
    const time = isJson(body) ? latestTime(body.toString('utf8')) : undefined;
    if (time !== undefined && (latest === undefined || time > latest)) latest = time;
  }
  return latest;
}

function isJson(body: Buffer): boolean {
  const first = /\S/.exec(body.subarray(0, 64).toString('latin1'))?.[0];
  return first === '{' || first === '[';
}

function parts(body: Buffer): Buffer[] {
  if (body.length < LARGEST_MESSAGE || !isJson(body)) return [body];
  const elements = elementsOf(body.toString('utf8'));
  return elements.length > 1 ? elements.map((text) => Buffer.from(text)) : [body];
}

/** The texts of the elements of a JSON array, as they stand; none where it is no array of objects. */
function elementsOf(text: string): string[] {
  const elements: string[] = [];
  let depth = 0;
  let start = -1;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (inString) {
      if (char === '\\') at++;
      else if (char === '"') inString = false;
    } else if (char === '"') {
      if (depth < 1) return [];
      inString = true;
    } else if (char === '{' || char === '[') {
      if (depth === 0 && char === '{') return [];
      if (depth === 1) start = at;
      depth++;
    } else if (char === '}' || char === ']') {
      depth--;
      if (depth === 1) elements.push(text.slice(start, at + 1));
    }
  }
  return depth === 0 ? elements : [];
}

/** Undefined where the message has no such field, or none that is text, a number or a boolean: any partition will do. */
function keyOf(body: Buffer, field: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  for (let depth = 0; depth < 4; depth++) {
    if (Array.isArray(value)) value = value[0];
    else if (isRecord(value) && !Object.hasOwn(value, field) && Array.isArray(value.records)) value = value.records;
  }
  const key = isRecord(value) && Object.hasOwn(value, field) ? value[field] : undefined;
  if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'boolean') return undefined;
  return key === '' ? undefined : String(key).slice(0, LONGEST_KEY);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
