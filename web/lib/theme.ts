import { Shared } from './signal';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'outrider-theme';
const ORDER: readonly Theme[] = ['system', 'light', 'dark'];

const stored = localStorage.getItem(KEY);
export const theme = new Shared<Theme>(ORDER.find((one) => one === stored) ?? 'system');

export function applyTheme(): void {
  document.documentElement.dataset.theme = theme.value;
}

export function nextTheme(): void {
  theme.value = ORDER[(ORDER.indexOf(theme.value) + 1) % ORDER.length]!;
  localStorage.setItem(KEY, theme.value);
  applyTheme();
}
