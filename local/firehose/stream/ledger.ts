import type { StackEmitter } from '../../events.js';
import { type Clock, pause } from '../clock.js';
import type { Backlog, Held } from './backlog.js';
import { BufferBound } from './bufferBound.js';
import type { Entry } from './entry.js';
import type { Journal } from './journal.js';

/**
 * What a record weighs beside its data: its entry, and its share of what the functions make of it. With 640 a flood of short lines
 * behind a slow handler took the process beyond 600 MB (`npm run bench`).
 */
const overheadBytes = 900;

/** Between attempts at something that the disk refused. */
export const diskRetry = 1000;

interface Weighed {
  readonly data: Buffer;
}

/** What a stream has accepted and not delivered yet. */
export interface Buffered {
  readonly items: number;
  readonly bytes: number;
}

interface LedgerOptions {
  readonly backlog: Backlog;
  readonly clock: Clock;
  readonly events: StackEmitter;
  /** One of its own when left out. */
  readonly bound?: BufferBound | undefined;
}

/** What the stages of a stream share: the journal, the numbers they give out, and how much is buffered. */
export class Ledger {
  private nextSequence: number;
  private nextBatch: number;
  private readonly bound: BufferBound;
  /** This stream's share of what the bound counts. */
  private bufferedBytes = 0;
  private bufferedItems = 0;
  private stopped = false;
  private closed = false;

  constructor(
    private readonly journal: Journal,
    private readonly options: LedgerOptions,
  ) {
    this.bound = options.bound ?? new BufferBound();
    this.nextSequence = options.backlog.nextSequence;
    this.nextBatch = options.backlog.nextBatch;
    journal.nextSequence = () => this.nextSequence;
    const { incoming, sealed, outputs, backups } = options.backlog;
    for (const item of [...incoming, ...sealed.flatMap((batch) => batch.records), ...outputs, ...backups]) {
      this.reserve([item]);
      journal.hold(item.segment, 1);
    }
    journal.prune();
  }

  sequence(): number {
    return this.nextSequence++;
  }

  batch(): number {
    return this.nextBatch++;
  }

  /** How many of these records, from the first on, fit in what may be buffered when each is held so many times. */
  room(data: readonly Buffer[], times: number): number {
    let free = this.bound.free;
    const refused = data.findIndex((each) => {
      free -= times * (each.length + overheadBytes);
      return free < 0;
    });
    return refused === -1 ? data.length : refused;
  }

  /** Records, and outputs of the function, that no object has yet. */
  get buffered(): Buffered {
    return { items: this.bufferedItems, bytes: this.bufferedBytes - this.bufferedItems * overheadBytes };
  }

  get pressed(): boolean {
    return this.bound.pressed;
  }

  reserve(items: readonly Weighed[]): void {
    for (const { data } of items) this.count(1, data.length + overheadBytes);
  }

  /** Gives back what was reserved for something that the journal never took. */
  unreserve(items: readonly Weighed[]): void {
    for (const { data } of items) this.count(-1, -data.length - overheadBytes);
  }

  /** These are done with: their memory and, in time, their segments are free. */
  release(items: readonly Held<Weighed>[]): void {
    this.unreserve(items);
    for (const { segment } of items) this.journal.release(segment);
  }

  /** Lets go of an entry that stands for no record: a delivery that is in its place. */
  settle(segment: number): void {
    this.journal.release(segment);
  }

  /** @throws when the disk refuses; the entry is then not in the journal. */
  append(entry: Entry, holds: number): Promise<number> {
    return this.journal.append(entry, holds);
  }

  /** Appends, again and again while the disk refuses; undefined when the stream was stopped meanwhile. */
  async persist(entry: Entry, holds: number): Promise<number | undefined> {
    while (!this.stopped) {
      try {
        return await this.journal.append(entry, holds);
      } catch (error) {
        this.options.events.emit('problem', `the journal could not be written, trying again: ${reason(error)}`);
        await pause(this.options.clock, diskRetry);
      }
    }
    return undefined;
  }

  stop(): void {
    this.stopped = true;
  }

  /** Gives back what the stream has buffered: a deleted one holds nothing more. */
  close(): Promise<void> {
    this.count(-this.bufferedItems, -this.bufferedBytes);
    this.closed = true;
    return this.journal.close();
  }

  private count(items: number, bytes: number): void {
    if (this.closed) return;
    this.bufferedItems += items;
    this.bufferedBytes += bytes;
    this.bound.add(bytes);
  }
}

export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
