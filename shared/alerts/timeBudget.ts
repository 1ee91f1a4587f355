import type { Considered } from './consider.js';
import { type AlertPorts, longestPost } from './ports.js';

/** How long it takes at most to fold what there is no room for, milliseconds. */
const foldTime = 2000;

/**
 * How long an invocation may go on to consider keys: what it leaves must do for telling people. A third of its time is always
 * left; and more when there is much to tell, for to mark a key takes about as long as to consider it.
 */
export class TimeBudget {
  private readonly began: number;
  private considered = 0;
  private claimed = 0;

  constructor(private readonly ports: Pick<AlertPorts, 'clock' | 'deadline'>) {
    this.began = ports.clock.now();
  }

  /** Counts what one key came to. */
  note(outcomes: readonly Considered[]): void {
    this.considered++;
    if (outcomes.some(({ outcome }) => outcome === 'claimed')) this.claimed++;
  }

  hasTime(): boolean {
    const { clock, deadline } = this.ports;
    const now = clock.now();
    const marking = (this.claimed * (now - this.began)) / Math.max(1, this.considered);
    const telling = this.claimed > 0 ? longestPost + foldTime + marking : 0;
    return now < deadline - Math.max((deadline - this.began) / 3, telling);
  }
}
