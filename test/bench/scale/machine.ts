/** A function of this much memory has so much of a vCPU, MB (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const megabytesOfCpu = 1769;

/**
 * A clock on which CPU takes as long as in a function of so much memory: what this process computes counts with the function's share of
 * a vCPU, and what it waits for as it is. At most one vCPU: the function's work is bound by one core.
 */
export class FunctionClock {
  private readonly started = performance.now();
  private readonly cpu = process.cpuUsage();
  private base: number;

  constructor(
    start: number,
    private readonly memory: number,
  ) {
    this.base = start;
  }

  /** ms since the epoch. */
  now(): number {
    const slower = Math.max(1, megabytesOfCpu / this.memory) - 1;
    return Math.floor(this.base + performance.now() - this.started + this.spent() * slower);
  }

  /** Milliseconds of CPU so far. */
  spent(): number {
    const { user, system } = process.cpuUsage(this.cpu);
    return (user + system) / 1000;
  }

  skipTo(time: number): void {
    this.base += Math.max(0, time - this.now());
  }
}
