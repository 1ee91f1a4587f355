/**
 * Whether work takes time in proportion to its size: eight pieces of an eighth of the size then take as long as the
 * whole, and an eighth of that if it goes by the square. Both sides make the same amount of garbage, so that collecting
 * it in a process with a large heap weighs on both. CPU time, which stays the same when other processes want the
 * machine too.
 *
 * Where V8's linear-time engine takes over (functions/transform/linearPatterns.ts, which stays on for a process), the whole may be its
 * work and a piece not: a character costs it much more. Then the whole is compared with what is four times as large.
 */
export function isLinear(work: (size: number) => unknown, size: number): boolean {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const whole = cpuTime(() => work(size));
    if (whole <= negligible) return true;
    const pieces = cpuTime(() => {
      for (let piece = 0; piece < 8; piece++) work(Math.floor(size / 8));
    });
    if (whole <= tolerated * pieces) return true;
    if (cpuTime(() => work(4 * size)) <= toleratedOfFour * whole) return true;
  }
  return false;
}

/** A collection of garbage or a compilation may fall into one measurement, hardly into each. */
const attempts = 5;
/** Milliseconds that need no comparison: the square of 100,000 steps takes many seconds. */
const negligible = 200;
/** Between the 1 of linear time and the 8 of quadratic time. */
const tolerated = 3;
/** Between the 4 of linear time and the 16 of quadratic time. */
const toleratedOfFour = 8;

/** Milliseconds that the process computes, with its threads. */
function cpuTime(act: () => unknown): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
