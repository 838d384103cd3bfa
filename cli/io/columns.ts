import { printable } from '../../src/alerts/print';

/** Breaks a text into lines of at most `width` characters, all of them indented, later ones a little more. Control characters are shown, not obeyed. */
export function wrap(text: string, width: number, indent: number, hanging = 2): string[] {
  const room = Math.max(20, width - indent - 2);
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text, Number.MAX_SAFE_INTEGER).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((part, i) => `${' '.repeat(indent + (i === 0 ? 0 : hanging))}${part}`);
}

/** Rows in columns of even width; the last column that needs it is broken over lines. */
export function table(rows: readonly (readonly string[])[], width: number, indent: number): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const safe = rows.map((row) => Array.from({ length: count }, (_, i) => printable(row[i] ?? '', 2_000)));
  const natural = Array.from({ length: count }, (_, i) => Math.max(0, ...safe.map((row) => row[i]!.length)));
  const room = Math.max(count * 10, width - indent - 2 * (count - 1));
  const widths = shrink(natural, room);
  return safe.flatMap((row) => {
    const cells = row.map((cell, i) => broken(cell, widths[i]!));
    const height = Math.max(1, ...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      `${' '.repeat(indent)}${cells.map((lines, i) => (lines[line] ?? '').padEnd(widths[i]!)).join('  ')}`.trimEnd(),
    );
  });
}

/** Takes what is too much from the widest columns. */
function shrink(natural: readonly number[], room: number): number[] {
  const widths = natural.slice();
  for (;;) {
    const total = widths.reduce((sum, width) => sum + width, 0);
    const widest = Math.max(0, ...widths);
    if (total <= room || widest <= 10) return widths;
    widths[widths.indexOf(widest)] = widest - 1;
  }
}

function broken(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const blank = rest.lastIndexOf(' ', width);
    const at = blank > width / 3 ? blank : width;
    lines.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  return rest === '' ? lines : [...lines, rest];
}
