import type { ReplayClock } from './ports.js';

/** What may go on the stream in a second, beside its live traffic. */
export interface PaceLimits {
  readonly records: number;
  readonly bytes: number;
}

/** Spreads what is put over time, so that lines that are logged now find room. */
export class Pace {
  /** When what was taken so far is used up, ms since the epoch. */
  private next = 0;

  constructor(
    private readonly limits: PaceLimits,
    private readonly clock: ReplayClock,
  ) {}

  /** Resolves when so much may be put. */
  async take(records: number, bytes: number): Promise<void> {
    const now = this.clock.now();
    const wait = Math.max(0, this.next - now);
    this.next = now + wait + 1000 * Math.max(records / this.limits.records, bytes / this.limits.bytes);
    if (wait > 0) await this.clock.pause(wait);
  }
}
