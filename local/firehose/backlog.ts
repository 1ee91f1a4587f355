import type { Entry, Output, SourceRecord } from './entry.js';

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

/** A delivery that was decided; its staged file may still have to be moved to its place. */
export interface Delivery {
  readonly staged: string;
  readonly key: string;
}

/** What is left to do after the journal's last entry. */
export interface Backlog {
  readonly nextSequence: number;
  readonly nextBatch: number;
  readonly incoming: readonly Held<SourceRecord>[];
  readonly sealed: readonly SealedBatch[];
  readonly outputs: readonly Held<Output>[];
  readonly deliveries: readonly Delivery[];
}

/**
 * Replays the journal. Entries about records that are no longer there are skipped: segments are deleted oldest first,
 * so such records were done with.
 */
export function backlogOf(entries: Iterable<Placed>): Backlog {
  let nextSequence = 1;
  let nextBatch = 1;
  const incoming = new Map<number, Held<SourceRecord>>();
  const putBack = new Map<string, Held<SourceRecord>[]>();
  const sealed = new Map<number, SealedBatch>();
  const outputs = new Map<number, Held<Output>>();
  const deliveries: Delivery[] = [];

  for (const { entry, segment } of entries) {
    switch (entry.kind) {
      case 'opened':
        nextSequence = Math.max(nextSequence, entry.nextSequence);
        break;
      case 'accepted': {
        const records = entry.records.map((record) => ({ ...record, segment }));
        for (const record of records) nextSequence = Math.max(nextSequence, record.sequence + 1);
        if (entry.invocation === undefined) for (const record of records) incoming.set(record.sequence, record);
        else putBack.set(entry.invocation, [...(putBack.get(entry.invocation) ?? []), ...records]);
        break;
      }
      case 'sealed':
        nextBatch = Math.max(nextBatch, entry.batch + 1);
        sealed.set(entry.batch, { batch: entry.batch, records: take(incoming, entry.records) });
        break;
      case 'transformed':
        nextBatch = Math.max(nextBatch, entry.batch + 1);
        sealed.delete(entry.batch);
        for (const invocation of entry.invocations) {
          for (const record of putBack.get(invocation) ?? []) incoming.set(record.sequence, record);
          putBack.delete(invocation);
        }
        for (const output of entry.outputs) {
          nextSequence = Math.max(nextSequence, output.sequence + 1);
          outputs.set(output.sequence, { ...output, segment });
        }
        break;
      case 'delivered':
        take(outputs, entry.outputs);
        deliveries.push({ staged: entry.staged, key: entry.key });
        break;
    }
  }
  return {
    nextSequence,
    nextBatch,
    incoming: [...incoming.values()],
    sealed: [...sealed.values()].filter((each) => each.records.length > 0),
    outputs: [...outputs.values()],
    deliveries,
  };
}

function take<T>(from: Map<number, T>, sequences: readonly number[]): T[] {
  return sequences.flatMap((sequence) => {
    const found = from.get(sequence);
    from.delete(sequence);
    return found === undefined ? [] : [found];
  });
}
