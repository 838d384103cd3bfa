/** Does something with every item, at most `width` at a time, begun in their order. The first failure rejects; what is under way goes on. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  action: (item: T, index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      await action(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}
