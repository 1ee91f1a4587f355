import type { Clock } from '../ports.js';

/** A clock on which time passes only while everybody waits for it. */
export class SimulatedClock implements Clock {
  private readonly sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  /** @param time ms since the epoch */
  constructor(private time: number) {}

  now(): number {
    return this.time;
  }

  /** Nothing happens when it is later already. */
  moveTo(time: number): void {
    this.time = Math.max(this.time, time);
  }

  sleepUntil(time: number): Promise<void> {
    if (time <= this.time) return Promise.resolve();
    return new Promise((wake) => {
      this.sleepers.push({ until: time, wake });
      if (this.sleepers.length === 1) this.wakeNext();
    });
  }

  /** Whatever can be done without waiting is done first. */
  private wakeNext(): void {
    setImmediate(() => {
      this.sleepers.sort((a, b) => a.until - b.until);
      const next = this.sleepers.shift();
      if (!next) return;
      this.moveTo(next.until);
      next.wake();
      if (this.sleepers.length > 0) this.wakeNext();
    });
  }
}
