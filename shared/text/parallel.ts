/**
 * Does something with each item, `limit` at a time; resolves to the results in the order of the items. Those that have to be read are
 * read as they are needed.
 */
export async function inParallel<T, R>(
  items: readonly T[] | AsyncIterable<T>,
  limit: number,
  act: (item: T) => Promise<R> | R,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = Array.isArray(items) ? (items as readonly T[]).entries() : numbered(items as AsyncIterable<T>);
  const work = async () => {
    for await (const [at, item] of waiting) results[at] = await act(item);
  };
  const workers = Array.isArray(items) ? Math.min(limit, items.length) : limit;
  await Promise.all(Array.from({ length: workers }, work));
  return results;
}

async function* numbered<T>(items: AsyncIterable<T>): AsyncGenerator<[at: number, item: T]> {
  let at = 0;
  for await (const item of items) yield [at++, item];
}
