/**
 * Does something with every item, at most `width` at a time, begun in their order. After a failure nothing more is begun; it is thrown when
 * what is under way has ended.
 */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  action: (item: T, index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      try {
        await action(items[index]!, index);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}
