/**
 * Whether work takes time in proportion to its size: an eighth of the size then takes an eighth of the time, and a
 * 64th if it goes by the square. CPU time, which stays the same when other processes want the machine too.
 */
export function isLinear(work: (size: number) => unknown, size: number): boolean {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const whole = cpuTime(() => work(size));
    if (whole <= negligible || whole <= tolerated * cpuTime(() => work(Math.floor(size / 8)))) return true;
  }
  return false;
}

/** A collection of garbage or a compilation may fall into one measurement, hardly into each. */
const attempts = 5;
/** Milliseconds that need no comparison: a large heap takes some hundreds to collect, the square of 100,000 steps many seconds. */
const negligible = 1000;
/** Between the 8 of linear time and the 64 of quadratic time. */
const tolerated = 24;

/** Milliseconds that the process computes, with its threads. */
function cpuTime(act: () => unknown): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
