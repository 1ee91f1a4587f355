import type { Clock } from '../../shared/alerts/ports.js';
import { lambda } from '../../shared/limits.js';
import type { VirtualTime } from './virtualTime.js';

/**
 * One invocation's share of a vCPU, and its clock: JavaScript has one thread, so whoever is to work sees the time after the work that is
 * before it.
 */
export class Machine implements Clock {
  /** Milliseconds that the longest piece of its work takes. */
  largest = 0;
  private freeAt: number;
  private readonly slower: number;
  /** Milliseconds of CPU. */
  private owed = 0;
  /** Lambda has ended it: whatever it still does is in vain. */
  isEnded = false;

  /** @param memory of the function, MB */
  constructor(
    private readonly time: VirtualTime,
    memory: number,
  ) {
    this.freeAt = time.now();
    this.slower = Math.max(1, lambda.memoryOfVcpu / memory);
  }

  now(): number {
    return Math.ceil(Math.max(this.freeAt, this.time.now()));
  }

  sleepUntil(time: number): Promise<void> {
    return this.time.sleepUntil(time);
  }

  /** Puts so many milliseconds of a whole vCPU's work behind what there is. */
  spend(milliseconds: number): void {
    this.largest = Math.max(this.largest, milliseconds * this.slower);
    this.freeAt = Math.max(this.freeAt, this.time.now()) + milliseconds * this.slower;
  }

  /** Leaves so many milliseconds of work to be done before {@link paid} resolves. */
  owe(milliseconds: number): void {
    this.owed += milliseconds;
  }

  /** Does what is owed, and resolves once it is done. */
  async paid(): Promise<void> {
    this.spend(this.owed);
    this.owed = 0;
    await this.answered(0);
  }

  /** Resolves once its work is done and others have answered, which takes `latency` milliseconds. */
  async answered(latency: number): Promise<void> {
    await this.time.sleepUntil(this.now() + latency);
    if (this.isEnded) throw new Error('the invocation was ended');
  }
}
