import { channel } from 'node:diagnostics_channel';
import { roundTrip, shareOf } from './arithmetic.js';

/**
 * A clock on which a function takes as long as with so much memory, however busy this machine is: what it computes counts with its share
 * of a vCPU, each request with the time that DynamoDB takes to answer, by those that are under way at once. Nothing of that is taken to
 * overlap. While no request is under way, it goes as it is: that is how pauses pass.
 */
export class FunctionClock {
  private readonly cpu = process.cpuUsage();
  private base: number;
  private requests = 0;
  private underWay = 0;
  private quiet = 0;
  private quietSince = performance.now();
  private asked = Number.NEGATIVE_INFINITY;
  private answer = 0;

  /** @param parallel requests that the function has under way at once. */
  constructor(
    start: number,
    private readonly memory: number,
    private readonly parallel: number,
  ) {
    this.base = start;
    channel('http.client.request.start').subscribe(() => this.begin());
    channel('http.client.response.finish').subscribe(() => this.end());
  }

  /** ms since the epoch. */
  now(): number {
    const waited = (this.requests * roundTrip) / this.parallel;
    const paused = this.underWay > 0 ? 0 : performance.now() - this.quietSince;
    return Math.floor(this.base + this.spent() / shareOf(this.memory) + waited + this.quiet + paused);
  }

  /** Milliseconds of CPU so far. To ask costs more than what most functions ask for, so an answer is good for a millisecond. */
  spent(): number {
    const now = performance.now();
    if (now >= this.asked + 1) {
      const { user, system } = process.cpuUsage(this.cpu);
      this.answer = (user + system) / 1000;
      this.asked = now;
    }
    return this.answer;
  }

  skipTo(time: number): void {
    this.base += Math.max(0, time - this.now());
  }

  private begin(): void {
    if (this.underWay++ === 0) this.quiet += performance.now() - this.quietSince;
    this.requests++;
  }

  private end(): void {
    if (--this.underWay === 0) this.quietSince = performance.now();
  }
}
