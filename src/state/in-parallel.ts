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

/**
 * Does something with every item, at most `width` at a time, begun in their order. After a failure no further item is begun; what is under way
 * is waited for, so that nothing goes on when this rejects with the first failure.
 */
export async function inParallelToTheEnd<T>(
  items: readonly T[],
  width: number,
  action: (item: T, index: number) => Promise<unknown>,
): Promise<void> {
  let failed: { readonly error: unknown } | undefined;
  await inParallel(items, width, async (item, index) => {
    if (failed) return;
    try {
      await action(item, index);
    } catch (error) {
      failed ??= { error };
    }
  });
  if (failed) throw failed.error;
}
