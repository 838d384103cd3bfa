/** The lines of a text that hold more than white space, without their line breaks; `undefined` where there are more than `most`. */
export function linesOf(text: string, most: number): string[] | undefined {
  const lines: string[] = [];
  for (let start = 0; start <= text.length; ) {
    const end = text.indexOf('\n', start);
    const stop = end < 0 ? text.length : end;
    const line = text.slice(start, text.charCodeAt(stop - 1) === 0x0d && stop > start ? stop - 1 : stop);
    if (line.trim() !== '') {
      if (lines.length === most) return undefined;
      lines.push(line);
    }
    start = stop + 1;
  }
  return lines;
}
