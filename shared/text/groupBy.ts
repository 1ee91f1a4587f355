/** Never empty: a key without items has no group. */
export type Group<T> = [T, ...T[]];

export function isGroup<T>(items: readonly T[]): items is Group<T> {
  return items.length > 0;
}

/** Groups in the order in which their keys first appear; `Map.groupBy` needs Node 21. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, Group<T>> {
  const groups = new Map<string, Group<T>>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
