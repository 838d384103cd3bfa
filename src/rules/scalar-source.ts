import type { Scalar } from 'yaml';

/**
 * For each UTF-16 unit of a scalar's value, the offset in `text` where it was written, and one more entry for the end.
 * Exact for block literals and folded blocks, plain, single- and double-quoted scalars, with LF and CRLF.
 * Returns only the scalar's start if value and source cannot be aligned.
 */
export function scalarSourceMap(scalar: Scalar, text: string): number[] {
  const value = scalar.value;
  const [start, end] = scalar.range ?? [0, 0];
  if (typeof value !== 'string') return [start];
  const token = scalar.srcToken;
  if (token?.type === 'block-scalar') {
    const header = token.props.find((prop) => prop.type === 'block-scalar-header');
    return alignBlock(value, text, token.offset, end, header && 'source' in header ? header.source : '', token.indent);
  }
  const units = scalar.type === 'PLAIN' ? plainUnits(text, start, end) : quotedUnits(text, start, end, scalar.type);
  if (units.text !== value) return [start];
  return [...units.offsets, end];
}

/** `bodyMark` is the offset of the block's token; its text begins on the line after the header. */
function alignBlock(
  value: string,
  text: string,
  bodyMark: number,
  end: number,
  header: string,
  parentIndent: number,
): number[] {
  const bodyStart = text.indexOf('\n', text.lastIndexOf(header, bodyMark) + header.length - 1) + 1;
  if (bodyStart === 0) return [end];
  const lines: { start: number; content: string }[] = [];
  const explicit = /[1-9]/.exec(header)?.[0];
  let indent = explicit === undefined ? undefined : Math.max(parentIndent, 0) + Number(explicit);
  for (let at = bodyStart; at < end; ) {
    const newline = text.indexOf('\n', at);
    const stop = newline < 0 || newline > end ? end : newline;
    const line = text.slice(at, stop).replace(/\r$/, '');
    if (indent === undefined && /[^ ]/.test(line)) indent = line.search(/[^ ]/);
    lines.push({ start: at, content: line });
    at = stop + 1;
  }
  const cut = indent ?? 0;
  const map: number[] = new Array(value.length + 1);
  let unit = 0;
  for (const { start, content } of lines) {
    const own = content.slice(cut);
    if (own === '') continue;
    // Between two lines stand the breaks, or the blank that folding makes of one.
    const breakOffset = start - 1;
    while (unit < value.length && !value.startsWith(own, unit)) map[unit++] = breakOffset;
    if (unit === value.length) break;
    for (let i = 0; i < own.length; i++) map[unit++] = start + cut + i;
  }
  const last = lines.at(-1);
  const tail = last === undefined ? end : last.start + last.content.length;
  while (unit <= value.length) map[unit++] = tail;
  return map;
}

interface Units {
  text: string;
  offsets: number[];
}

class UnitWriter implements Units {
  text = '';
  offsets: number[] = [];

  add(text: string, offset: number): void {
    this.text += text;
    for (let i = 0; i < text.length; i++) this.offsets.push(offset);
  }

  /** Removes blanks written since `from`: they do not count before a line break. */
  trimBlanks(from: number): void {
    while (this.text.length > from && /[ \t]/.test(this.text.at(-1)!)) {
      this.text = this.text.slice(0, -1);
      this.offsets.pop();
    }
  }
}

function plainUnits(text: string, start: number, end: number): Units {
  const out = new UnitWriter();
  for (let at = start; at < end; ) at = foldBreak(text, at, end, out, 0) ?? take(out, text, at);
  out.trimBlanks(0);
  return out;
}

function quotedUnits(text: string, start: number, end: number, type: Scalar['type']): Units {
  const out = new UnitWriter();
  const isDouble = type === 'QUOTE_DOUBLE';
  const close = end - 1;
  let kept = 0;
  for (let at = start + 1; at < close; ) {
    if (isDouble && text[at] === '\\') {
      at = escaped(text, at, out);
      kept = out.text.length;
    } else if (!isDouble && text.startsWith("''", at)) {
      out.add("'", at);
      at += 2;
    } else {
      at = foldBreak(text, at, close, out, kept) ?? take(out, text, at);
    }
  }
  return out;
}

function take(out: UnitWriter, text: string, at: number): number {
  out.add(text[at]!, at);
  return at + 1;
}

/** Folds the line break at `at`, if there is one: one break is a blank, each further one a newline. */
function foldBreak(text: string, at: number, end: number, out: UnitWriter, kept: number): number | undefined {
  const first = /^\r?\n/.exec(text.slice(at, at + 2));
  if (!first) return undefined;
  out.trimBlanks(kept);
  const { next, breaks } = skipBreaks(text, at, end);
  if (breaks.length === 1) out.add(' ', at);
  else for (const offset of breaks.slice(1)) out.add('\n', offset);
  return next;
}

function skipBreaks(text: string, from: number, end: number): { next: number; breaks: number[] } {
  const breaks: number[] = [];
  let at = from;
  while (at < end && /[ \t\r\n]/.test(text[at]!)) {
    if (text[at] === '\n') breaks.push(at);
    at++;
  }
  return { next: at, breaks };
}

const ESCAPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '0': '\0',
    a: '\x07',
    b: '\b',
    e: '\x1b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
    v: '\v',
    N: '\x85',
    _: '\xa0',
    L: '\u2028',
    P: '\u2029',
    '\t': '\t',
  }),
);
const HEX_LENGTH: ReadonlyMap<string, number> = new Map(Object.entries({ x: 2, u: 4, U: 8 }));

function escaped(text: string, at: number, out: UnitWriter): number {
  const kind = text[at + 1] ?? '';
  const digits = HEX_LENGTH.get(kind);
  if (digits !== undefined) {
    const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16);
    if (code <= 0x10ffff) out.add(String.fromCodePoint(code), at);
    return at + 2 + digits;
  }
  const breakLength = /^\r?\n/.exec(text.slice(at + 1, at + 3))?.[0].length;
  if (breakLength !== undefined) {
    // An escaped break joins the lines; the empty lines that follow are still breaks.
    const { next, breaks } = skipBreaks(text, at + 1, text.length);
    for (const offset of breaks.slice(1)) out.add('\n', offset);
    return next;
  }
  out.add(ESCAPES.get(kind) ?? kind, at);
  return at + 2;
}
