import type { Clock } from '../../local/firehose/clock.js';

/** A clock that a test moves by hand. */
export class FakeClock implements Clock {
  private readonly timers = new Map<symbol, { readonly at: number; readonly run: () => void }>();

  constructor(private time = Date.parse('2026-11-22T16:45:00Z')) {}

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const id = Symbol();
    this.timers.set(id, { at: this.time + ms, run });
    return () => this.timers.delete(id);
  }

  /** Lets time pass; what falls due runs in order. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(([, timer]) => timer.at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [id, timer] = due;
      this.timers.delete(id);
      this.time = Math.max(this.time, timer.at);
      timer.run();
    }
    this.time = end;
  }
}
