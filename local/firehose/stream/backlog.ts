import type { Entry, Output, SourceRecord, StagedObject } from './entry.js';

/** An entry and the journal segment that holds it. */
export interface Placed {
  readonly entry: Entry;
  readonly segment: number;
}

export type Held<T> = T & { readonly segment: number };

/** Records that go to the transform together. */
export interface SealedBatch {
  readonly batch: number;
  readonly records: readonly Held<SourceRecord>[];
}

/** What is left to do after the journal's last entry. */
export interface Backlog {
  readonly nextSequence: number;
  readonly nextBatch: number;
  readonly incoming: readonly Held<SourceRecord>[];
  readonly sealed: readonly SealedBatch[];
  readonly outputs: readonly Held<Output>[];
  /** Records that are still to be backed up, transformed or not. */
  readonly backups: readonly Held<SourceRecord>[];
  /** Deliveries that were decided; their staged files may still have to be moved to their places. */
  readonly deliveries: readonly StagedObject[];
}

interface Arrived {
  readonly records: readonly Held<SourceRecord>[];
  readonly backup: boolean;
}

/**
 * Replays the journal. Entries about records that are no longer there are skipped: segments are deleted oldest first,
 * so such records were done with.
 */
export function backlogOf(entries: Iterable<Placed>): Backlog {
  const replay = new Replay();
  for (const placed of entries) replay.apply(placed);
  return replay.backlog();
}

/** What is open after each entry. */
class Replay {
  private nextSequence = 1;
  private nextBatch = 1;
  private readonly incoming = new Map<number, Held<SourceRecord>>();
  /** What running invocations put; it arrives when one of them is done. */
  private putBack: (Arrived & { readonly invocations: readonly string[] })[] = [];
  private readonly sealed = new Map<number, SealedBatch>();
  private readonly outputs = new Map<number, Held<Output>>();
  private readonly backups = new Map<number, Held<SourceRecord>>();
  private readonly deliveries: StagedObject[] = [];

  apply({ entry, segment }: Placed): void {
    switch (entry.kind) {
      case 'opened':
        this.nextSequence = Math.max(this.nextSequence, entry.nextSequence);
        break;
      case 'accepted':
        this.accepted(entry, segment);
        break;
      case 'sealed':
        this.nextBatch = Math.max(this.nextBatch, entry.batch + 1);
        this.sealed.set(entry.batch, { batch: entry.batch, records: take(this.incoming, entry.records) });
        break;
      case 'transformed':
        this.transformed(entry, segment);
        break;
      case 'delivered':
        take(this.outputs, entry.outputs);
        this.deliveries.push(entry.object);
        break;
      case 'backedUp':
        take(this.backups, entry.records);
        this.deliveries.push(entry.object);
        break;
    }
  }

  backlog(): Backlog {
    return {
      nextSequence: this.nextSequence,
      nextBatch: this.nextBatch,
      incoming: [...this.incoming.values()],
      sealed: [...this.sealed.values()].filter((each) => each.records.length > 0),
      outputs: [...this.outputs.values()],
      backups: [...this.backups.values()],
      deliveries: this.deliveries,
    };
  }

  private accepted(entry: Entry & { readonly kind: 'accepted' }, segment: number): void {
    const records = entry.records.map((record) => ({ ...record, segment }));
    for (const record of records) this.nextSequence = Math.max(this.nextSequence, record.sequence + 1);
    const arrived = { records, backup: entry.backup === true };
    if (entry.invocations === undefined) this.arrive(arrived);
    else this.putBack.push({ ...arrived, invocations: entry.invocations });
  }

  private transformed(entry: Entry & { readonly kind: 'transformed' }, segment: number): void {
    this.nextBatch = Math.max(this.nextBatch, entry.batch + 1);
    this.sealed.delete(entry.batch);
    for (const each of this.putBack) if (isOneOf(each.invocations, entry.invocations)) this.arrive(each);
    this.putBack = this.putBack.filter((each) => !isOneOf(each.invocations, entry.invocations));
    for (const output of entry.outputs) {
      this.nextSequence = Math.max(this.nextSequence, output.sequence + 1);
      this.outputs.set(output.sequence, { ...output, segment });
    }
  }

  private arrive({ records, backup }: Arrived): void {
    for (const record of records) {
      this.incoming.set(record.sequence, record);
      if (backup) this.backups.set(record.sequence, record);
    }
  }
}

/** Whether two sets of invocations have one in common. */
export function isOneOf(some: readonly string[], others: readonly string[]): boolean {
  return some.some((each) => others.includes(each));
}

function take<T>(from: Map<number, T>, sequences: readonly number[]): T[] {
  return sequences.flatMap((sequence) => {
    const found = from.get(sequence);
    from.delete(sequence);
    return found === undefined ? [] : [found];
  });
}
