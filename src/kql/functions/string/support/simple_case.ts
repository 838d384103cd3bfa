// Letters whose case JavaScript changes by what stands around them.
const CONTEXTUAL = /Σ/;

/** Changes case letter by letter: what would become longer, or depends on its neighbours, is mapped alone or stays (ß, İ, Σ). */
export function simpleCase(text: string, change: (part: string) => string): string {
  const changed = change(text);
  if (changed.length === text.length && !CONTEXTUAL.test(text)) return changed;
  return Array.from(text, (letter) => {
    const other = change(letter);
    return other.length === letter.length ? other : letter;
  }).join('');
}
