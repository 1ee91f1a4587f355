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
  let nextSequence = 1;
  let nextBatch = 1;
  const incoming = new Map<number, Held<SourceRecord>>();
  let putBack: (Arrived & { readonly invocations: readonly string[] })[] = [];
  const sealed = new Map<number, SealedBatch>();
  const outputs = new Map<number, Held<Output>>();
  const backups = new Map<number, Held<SourceRecord>>();
  const deliveries: StagedObject[] = [];
  const arrive = ({ records, backup }: Arrived) => {
    for (const record of records) {
      incoming.set(record.sequence, record);
      if (backup) backups.set(record.sequence, record);
    }
  };

  for (const { entry, segment } of entries) {
    switch (entry.kind) {
      case 'opened':
        nextSequence = Math.max(nextSequence, entry.nextSequence);
        break;
      case 'accepted': {
        const records = entry.records.map((record) => ({ ...record, segment }));
        for (const record of records) nextSequence = Math.max(nextSequence, record.sequence + 1);
        const arrived = { records, backup: entry.backup === true };
        if (entry.invocations === undefined) arrive(arrived);
        else putBack.push({ ...arrived, invocations: entry.invocations });
        break;
      }
      case 'sealed':
        nextBatch = Math.max(nextBatch, entry.batch + 1);
        sealed.set(entry.batch, { batch: entry.batch, records: take(incoming, entry.records) });
        break;
      case 'transformed':
        nextBatch = Math.max(nextBatch, entry.batch + 1);
        sealed.delete(entry.batch);
        for (const each of putBack) if (isOneOf(each.invocations, entry.invocations)) arrive(each);
        putBack = putBack.filter((each) => !isOneOf(each.invocations, entry.invocations));
        for (const output of entry.outputs) {
          nextSequence = Math.max(nextSequence, output.sequence + 1);
          outputs.set(output.sequence, { ...output, segment });
        }
        break;
      case 'delivered':
        take(outputs, entry.outputs);
        deliveries.push(entry.object);
        break;
      case 'backedUp':
        take(backups, entry.records);
        deliveries.push(entry.object);
        break;
    }
  }
  return {
    nextSequence,
    nextBatch,
    incoming: [...incoming.values()],
    sealed: [...sealed.values()].filter((each) => each.records.length > 0),
    outputs: [...outputs.values()],
    backups: [...backups.values()],
    deliveries,
  };
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
