/** Column names, or all of them. */
export type Names = ReadonlySet<string> | 'all';

export const union = (...sets: readonly Names[]): Names => {
  if (sets.some((set) => set === 'all')) return 'all';
  return new Set(sets.flatMap((set) => [...(set as ReadonlySet<string>)]));
};

export const without = (names: Names, gone: readonly string[]): Names =>
  names === 'all' ? 'all' : new Set([...names].filter((name) => !gone.includes(name)));
