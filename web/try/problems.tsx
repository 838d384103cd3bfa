import type { QueryProblem } from '../../src/board/types';
import { Data } from '../parts/data';

interface Props {
  readonly problems: readonly QueryProblem[];
  readonly query: string;
}

const place = (query: string, offset: number): string => {
  const before = query.slice(0, offset);
  return `${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`;
};

/** What is wrong with the query, beside its squiggles. */
export const Problems = ({ problems, query }: Props) => (
  <ul class="problems" aria-label="Problems of the query" aria-live="polite">
    {problems.map(({ code, severity, message, start }) => (
      <li key={`${code} ${start} ${message}`} class={severity}>
        <span class="mono">{place(query, start)}</span> <Data text={message} most={1_000} />{' '}
        <span class="muted">{code}</span>
      </li>
    ))}
  </ul>
);
