import { pieces } from '../lib/hostile';

interface Props {
  readonly text: string;
  /** Keep line breaks. */
  readonly lines?: boolean;
  /** Characters that are shown; the rest is counted. */
  readonly most?: number;
}

/** A text that somebody else wrote: an event, a rule, an alert. Text nodes alone; what would act on the reader is shown by its code. */
export function Data({ text, lines, most = 20_000 }: Props) {
  const shown = text.length > most ? text.slice(0, most) : text;
  return (
    <bdi class={lines ? 'data lines' : 'data'}>
      {pieces(shown, lines).map(({ text: part, code }) =>
        code === undefined ? (
          part
        ) : (
          <span class="acting" title={code}>
            {part}
          </span>
        ),
      )}
      {shown.length < text.length && <span class="muted"> … {text.length - shown.length} characters more</span>}
    </bdi>
  );
}
