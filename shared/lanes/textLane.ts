import type { Origin } from '../line/origin.js';
import { timeOf } from '../parse/entry.js';
import { isIso, timeEnd } from '../parse/head/headTime.js';
import { detach } from '../text/detach.js';
import type { LinePolicy } from '../treatment/policy.js';
import { ByTreatment } from './byTreatment.js';
import type { EntryLane, EntryLaneRow, FullRow } from './lane.js';
import { Sightings } from './sightings.js';
import { endsHead, type Head, hasLayout, headBefore, LONGEST_HEAD, learnHead, renderHead } from './textHead.js';
import { isPlainMessage } from './textMessage.js';

/**
 * Reads lines of text that start with a date and a time, and have a head that was met before:
 *
 *     2026-11-22T16:41:37.445Z INFO    [main] com.shop.Checkout - checkout ok order=1
 *     └ time ────────────────┘└ head ──────────────────────────┘└ message
 *
 * The heads of a program are few. What one becomes is learned from the full parse of a line with it and of made-up ones
 * ({@link learnHead}); then the time and the message are copied. A head is trusted after it has given the very row of the full
 * parse on several lines. After that every {@link RETRY}th line goes through the full parse again, and one difference closes its
 * head for good.
 */
export class TextLane implements EntryLane {
  private readonly learned: ByTreatment<Learned>;
  /** Heads, of all treatments. */
  private heads = 0;
  private reads = 0;
  /** Whether something can be learned from the line that was read last. */
  private isLesson = false;
  private lessonsLeft = MAX_LESSONS;

  constructor(private readonly policy: LinePolicy) {
    this.learned = new ByTreatment(policy, () => ({ heads: new Map(), latest: undefined, sightings: new Sightings() }));
  }

  read(log: string, origin: Origin, time: number): EntryLaneRow | undefined {
    this.isLesson = false;
    const end = dateAndTimeEnd(log);
    if (end < 0 || !this.policy.isPlain(origin, log, 0, 0)) return undefined;
    const head = findHead(this.learned.of(origin), log, end);
    this.isLesson = !head || head.trials > 0 || ++this.reads % RETRY === 0;
    return head && !this.isLesson ? this.render(head, log, end, origin, time) : undefined;
  }

  /** Starts an invocation: what it may spend on learning is counted from here. */
  begin(): void {
    this.lessonsLeft = MAX_LESSONS;
  }

  /** Shows the lane the line that it was asked for last and did not read, and the row that the full parse made of it. */
  learn(log: string, origin: Origin, time: number, { ts, json }: FullRow): void {
    if (!this.isLesson) return;
    const end = dateAndTimeEnd(log);
    const learned = this.learned.of(origin);
    const isRight = (head: Head) => {
      const row = this.render(head, log, end, origin, time);
      return row && row.ts === ts && row.json === json;
    };
    const known = findHead(learned, log, end);
    if (known) {
      const right = isRight(known);
      if (right !== undefined) known.trials = right ? known.trials - 1 : Number.POSITIVE_INFINITY;
      return;
    }
    const text = headBefore(json, log, end);
    if (text === undefined || this.lessonsLeft <= 0 || !learned.sightings.isDue({ leaves: [], tail: text })) return;
    this.lessonsLeft--;
    const head = learnHead(detach(text), log, end, origin, this.policy);
    if (!head || !isRight(head)) return;
    learned.heads.set(head.text, head);
    if (++this.heads >= MAX_HEADS) this.forget();
  }

  private render(head: Head, log: string, end: number, origin: Origin, time: number): EntryLaneRow | undefined {
    const message = log.slice(end + head.text.length);
    if (!isPlainMessage(message) || !hasLayout(head, log, end)) return undefined;
    // The whole line, or a word that stands in the time would not be found.
    if (this.policy.redactor.mayContainSecret(log, 0, log.length)) return undefined;
    const timeText = log.slice(0, end);
    const ts = head.hasZone ? timeOf(timeText) : time;
    return ts === undefined ? undefined : renderHead(head, message, timeText, ts, origin);
  }

  private forget(): void {
    this.learned.forget();
    this.heads = 0;
  }
}

/** What was learned from lines of one treatment. */
interface Learned {
  /** By their texts. */
  readonly heads: Map<string, Head>;
  /** The one that was found last: mostly the next line has it too. */
  latest: Head | undefined;
  readonly sightings: Sightings;
}

/** The end of an ISO time at the start of a line; -1 for any other line. */
function dateAndTimeEnd(log: string): number {
  // In other layouts, such as with a space for the first digit of the hour, a head may mean something else.
  return isIso(log, 0) ? timeEnd(log, 0) : -1;
}

/** A head ends in a sign with a space behind it, which may stand in its midst as well. */
function findHead(learned: Learned, log: string, start: number): Head | undefined {
  const { latest, heads } = learned;
  if (latest !== undefined && log.startsWith(latest.text, start)) return latest;
  const limit = Math.min(log.length, start + LONGEST_HEAD);
  for (let at = log.indexOf(' ', start + 1), signs = 0; at > 0 && at < limit; at = log.indexOf(' ', at + 1)) {
    if (!endsHead(log.charCodeAt(at - 1))) continue;
    const head = heads.get(log.slice(start, at + 1));
    if (head) {
      learned.latest = head;
      return head;
    }
    if (++signs === MOST_SIGNS) return undefined;
  }
  return undefined;
}

/** Among which the end of a head is looked for. */
const MOST_SIGNS = 4;
/** One line in so many goes through the full parse again. */
const RETRY = 1000;
/** A head takes some 500 bytes: all together 4 MB. When there are more, all are forgotten and learned anew. */
const MAX_HEADS = 8192;
/** Heads that are learned in one invocation, for about a tenth of a millisecond each. */
const MAX_LESSONS = 2000;
