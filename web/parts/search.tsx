interface Props {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
}

export const Search = ({ label, text, onText }: Props) => (
  <input
    type="search"
    class="search"
    aria-label={label}
    placeholder={label}
    value={text}
    onInput={(event) => onText(event.currentTarget.value)}
  />
);

/** Whether every word of a search is in one of the texts, in any case. */
export function matches(search: string, ...texts: readonly string[]): boolean {
  const all = texts.join('\n').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
