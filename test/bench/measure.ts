/** Milliseconds of CPU (all threads) and of wall time for one run: the median of several, after a warm-up. */
export interface Cost {
  readonly cpu: number;
  readonly wall: number;
}

/** Runs the candidates in turn, A B C A B C …, so that a machine that changes its speed changes it for all of them. */
export async function measure<K extends string>(
  candidates: Readonly<Record<K, () => unknown>>,
  runs = 7,
): Promise<Record<K, Cost>> {
  const names = Object.keys(candidates) as K[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as Cost[]])) as unknown as Record<K, Cost[]>;
  for (let run = -2; run < runs; run++) {
    for (const name of names) {
      globalThis.gc?.();
      const cpu = process.cpuUsage();
      const start = performance.now();
      await candidates[name]();
      const wall = performance.now() - start;
      const { user, system } = process.cpuUsage(cpu);
      if (run >= 0) samples[name].push({ cpu: (user + system) / 1000, wall });
    }
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      { cpu: median(samples[name].map(({ cpu }) => cpu)), wall: median(samples[name].map(({ wall }) => wall)) },
    ]),
  ) as Record<K, Cost>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
