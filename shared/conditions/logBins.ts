/**
 * How positive numbers are spread, to within {@link accuracy} of each: how many there are in bins that grow by the same factor, as
 * `[bin, count, bin, count, …]` in ascending order of the bins. Those of parts add up to those of the whole, in any order.
 *
 * C. Masson et al., DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees, VLDB 2019.
 */
export type LogBins = readonly number[];

/** The relative error of a number that is read from bins. */
export const accuracy = 0.01;

const growth = (1 + accuracy) / (1 - accuracy);

/** The bin of a number above 0: bin i holds those above growth^(i-1), up to growth^i. */
export function binOf(number: number): number {
  return Math.ceil(Math.log(number) / Math.log(growth));
}

/** Adds to a bin, in place. */
export function addTo(bins: Map<number, number>, bin: number, count: number): void {
  bins.set(bin, (bins.get(bin) ?? 0) + count);
}

export function toBins(bins: ReadonlyMap<number, number>): LogBins {
  return [...bins].sort(([a], [b]) => a - b).flat();
}

export function mergeBins(a: LogBins, b: LogBins): LogBins {
  const merged = new Map<number, number>();
  for (const bins of [a, b]) {
    for (let at = 0; at < bins.length; at += 2) addTo(merged, bins[at] as number, bins[at + 1] as number);
  }
  return toBins(merged);
}

/** The bins without the numbers that are not above a bound, as far as bins can tell. */
export function binsAbove(bins: LogBins, bound: number): LogBins {
  const lowest = binOf(bound);
  return bins.slice(2 * bins.filter((bin, at) => at % 2 === 0 && bin < lowest).length);
}

/** How many numbers the bins hold. */
export function countIn(bins: LogBins): number {
  return bins.reduce((sum, count, at) => (at % 2 === 1 ? sum + count : sum), 0);
}

/**
 * The number of a rank, the lowest being 1. No less than `bound`, which all of them are above; undefined when there are not as many.
 */
export function numberAt(bins: LogBins, rank: number, bound: number): number | undefined {
  let passed = 0;
  for (let at = 0; at < bins.length; at += 2) {
    passed += bins[at + 1] as number;
    if (passed < rank) continue;
    const highest = growth ** (bins[at] as number);
    const lowest = Math.max(bound, highest / growth);
    // As far from either end as a part of it.
    return highest > lowest ? (2 * lowest * highest) / (lowest + highest) : lowest;
  }
  return undefined;
}
