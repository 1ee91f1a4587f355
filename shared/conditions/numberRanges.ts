/** Whole numbers, both ends among them. */
export type NumberRange = readonly [from: number, to: number];

/** How many numbers the ranges hold. */
export function sizeOf(ranges: readonly NumberRange[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** The numbers of either, each once: in ascending order, and with a number between any two ranges that neither has. */
export function union(a: readonly NumberRange[], b: readonly NumberRange[]): NumberRange[] {
  const joined: [number, number][] = [];
  for (const [from, to] of [...a, ...b].sort(([one], [other]) => one - other)) {
    const last = joined.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** The numbers of the range that are in both; undefined when there are none. */
export function intersection([from, to]: NumberRange, other: NumberRange): NumberRange | undefined {
  const [first, last] = [Math.max(from, other[0]), Math.min(to, other[1])];
  return first <= last ? [first, last] : undefined;
}

/** The numbers of a range that another one does not have. */
export function without([from, to]: NumberRange, [first, last]: NumberRange): NumberRange[] {
  if (first > to || last < from) return [[from, to]];
  const before: NumberRange[] = first > from ? [[from, first - 1]] : [];
  const after: NumberRange[] = last < to ? [[last + 1, to]] : [];
  return [...before, ...after];
}

/** `17`, `17 to 19`, and no more than so many of them: `3, 17 to 19, …`. */
export function rangesText(ranges: readonly NumberRange[], most: number): string {
  const texts = ranges.slice(0, most).map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  return [...texts, ...(ranges.length > most ? ['…'] : [])].join(', ');
}
