import type { Canary } from '../../shared/record/canary.js';

/** What the log routers of an invocation's canaries say, added up. */
export class RouterCounts {
  canaries = 0;
  /** Since the canary before, of each router. */
  lines = 0;
  retries = 0;
  dropped = 0;
  /** Inputs that stood still when their router was asked. */
  paused = 0;
  mostDiskBytes = 0;
  private oldest = Number.POSITIVE_INFINITY;

  add({ time, since, now }: Canary): void {
    this.canaries++;
    this.oldest = Math.min(this.oldest, time ?? this.oldest);
    this.lines += since?.lines ?? 0;
    this.retries += since?.retries ?? 0;
    this.dropped += since?.dropped ?? 0;
    this.paused += now?.paused ?? 0;
    this.mostDiskBytes = Math.max(this.mostDiskBytes, now?.diskBytes ?? 0);
  }

  /** How long ago the oldest canary was written, in milliseconds; undefined when none says when it was. */
  lagAt(now: number): number | undefined {
    return Number.isFinite(this.oldest) ? now - this.oldest : undefined;
  }
}
