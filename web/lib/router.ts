import { Shared } from './signal';

/** Where one is: the parts of the address after `#/`, decoded. */
const parse = (): readonly string[] =>
  location.hash
    .replace(/^#\/?/, '')
    .split('/')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });

export const place = new Shared(parse());
window.addEventListener('hashchange', () => {
  place.value = parse();
  document.querySelector('main')?.scrollTo(0, 0);
});

export const href = (...parts: readonly (string | number)[]): string =>
  `#/${parts.map((part) => encodeURIComponent(String(part))).join('/')}`;
