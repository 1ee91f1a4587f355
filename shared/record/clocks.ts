import type { ClockOff } from '../line/clockOff.js';
import type { Origin } from '../line/origin.js';

const [MINUTE, HOUR] = [60_000, 3_600_000];

/** So far a line's time may be from its arrival: log routers and Firehose take some of it. Milliseconds, as all below. */
const allowed = 5 * MINUTE;

/** A time zone is left out more often than a clock is wrong, which makes up to 14 hours; what is older is a file of the past. */
const longestBehind = 15 * HOUR;

/** Lines of one clock are as far off within this, whatever their way took. */
const jitter = MINUTE;

/** For so long lines must be as far off to tell a clock from a backlog, which becomes shorter; and to tell people. */
const [judgedAfter, toldAfter] = [MINUTE, 5 * MINUTE];

/** One line in so many may be as far off as none before it, such as one that was sent again. */
const exceptions = 5;

/** Without a line that is as far off for so long others may take its place. */
const givenUpAfter = 2 * MINUTE;

/** A line that is as far off as one this long ago is no sign of anything. */
const longestPause = HOUR;

/** Containers that are remembered, at some 200 bytes each. */
const maxContainers = 10_000;

/** The time that rules go by instead of a line's own. */
export interface JudgedTime extends ClockOff {
  readonly ts: number;
}

/** How far lines of a container were off, and from when to when they arrived. */
interface Run {
  readonly off: number;
  readonly from: number;
  until: number;
  lines: number;
  /** Lines meanwhile that were off by something else. */
  others: number;
}

/**
 * Tells whose clock is off. A line is judged by its own time unless that is more than some minutes from its arrival. Then it goes
 * by when its collector read it, or by its arrival where its collector's clock says the same as its own:
 *
 * - A line cannot be from the future.
 * - One of the past may be late: it waited in a log router, or its program held it back. That shows in lines that are less and less
 *   behind; those of a slow clock are as far behind for minutes. Where its collector read it at another time, the first
 *   is taken for a clock.
 *
 * One serves all invocations of a function, and forgets whatever a function forgets.
 */
export class Clocks {
  private readonly runs = new Map<string, Run>();

  /**
   * @param ts the line's own time, or else that of its collector
   * @param time when its collector read it
   * @param arrival at Firehose; all are ms since the epoch
   * @returns undefined for a line that is judged by its own time
   */
  judge(ts: number, time: number | undefined, arrival: number, origin: Origin): JudgedTime | undefined {
    const lag = arrival - ts;
    if (lag > allowed || lag < -allowed) return this.judgeOff(ts, time, arrival, origin);
    // A container that states the right time in others of its lines has no wrong clock: requests may be minutes long.
    if (this.runs.size > 0 && ts !== (time ?? arrival)) this.runs.delete(origin.columnsJson);
    return undefined;
  }

  private judgeOff(own: number, time: number | undefined, arrival: number, origin: Origin): JudgedTime | undefined {
    const isByCollector = time !== undefined && Math.abs(time - own) > allowed && time <= arrival + allowed;
    const ts = isByCollector ? time : arrival;
    const off = ts - own;
    if (off > longestBehind) return undefined;
    const run = this.runOf(origin.columnsJson, off, arrival);
    const lasted = run === undefined ? 0 : run.until - run.from;
    const isOff = off < 0 || (run !== undefined && (isByCollector || lasted >= judgedAfter));
    return isOff ? { ts, own, isSteady: lasted >= toldAfter } : undefined;
  }

  /** The lines that are as far off; undefined when too many are not. */
  private runOf(container: string, off: number, at: number): Run | undefined {
    const known = this.runs.get(container);
    if (known && at - known.until <= longestPause && Math.abs(off - known.off) <= jitter) {
      known.until = Math.max(known.until, at);
      known.lines++;
      return known.others * exceptions <= known.lines ? known : undefined;
    }
    if (known && at - known.until <= givenUpAfter) {
      known.others++;
      return undefined;
    }
    const [oldest] = this.runs.keys();
    if (!known && oldest !== undefined && this.runs.size >= maxContainers) this.runs.delete(oldest);
    const run: Run = { off, from: at, until: at, lines: 1, others: 0 };
    this.runs.set(container, run);
    return run;
  }
}
