/**
 * Milliseconds of CPU, of all threads, for one run: the least of several. What other work on the machine adds differs from
 * minute to minute, by up to half; the least of forty differs by some per cent.
 */
export interface Cost {
  readonly cpu: number;
}

/** Runs the candidates in turn, A B C A B C …, so that a machine that changes its speed changes it for all of them. */
export async function measure<K extends string>(
  candidates: Readonly<Record<K, () => unknown>>,
  runs: number,
): Promise<Record<K, Cost>> {
  const names = Object.keys(candidates) as K[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as unknown as Record<K, number[]>;
  for (let run = -WARM_UPS; run < runs; run++) {
    for (const name of names) {
      const cpu = await cpuOf(candidates[name]);
      if (run >= 0) samples[name].push(cpu);
    }
  }
  return Object.fromEntries(names.map((name) => [name, { cpu: Math.min(...samples[name]) }])) as Record<K, Cost>;
}

/** Milliseconds of CPU, of all threads. */
export async function cpuOf(run: () => unknown): Promise<number> {
  // Not a full collection: after one V8 starts anew with the smallest nursery, which no function in use has.
  globalThis.gc?.({ type: 'minor' });
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A function serves thousands of invocations before it is replaced: what is measured is compiled code. */
const WARM_UPS = 12;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
