import { Shared } from './signal';

const KEY = 'outrider-token';

/** What the terminal printed for those who may write: kept for this tab alone. */
export const token = new Shared(sessionStorage.getItem(KEY) ?? '');

export function setToken(text: string): void {
  token.value = text.trim();
  if (token.value === '') sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token.value);
}
