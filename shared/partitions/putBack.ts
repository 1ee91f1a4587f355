import { setTimeout as sleep } from 'node:timers/promises';
import { firehose } from '../limits.js';
import { landedPrefix } from '../line/partition.js';
import { labelMember } from '../record/label.js';
import type { PartitionGroup } from './pool.js';
import { putPatiently } from './putPatiently.js';
import type { ObjectStore, RecordStream } from './storage.js';

/** Where left-over partitions went, counted in records and objects. */
export interface PutBack {
  readonly records: number;
  readonly objects: number;
}

export interface PutBackOptions {
  readonly stream: RecordStream;
  /** Signs what is put back. Without one nothing is: all of it goes to the store. */
  readonly key: string | undefined;
  readonly store: ObjectStore;
  /** Names the invocation: the same on every retry, so that an object written twice is one object. */
  readonly invocation: string;
  /** Hour in which the oldest record of the invocation arrived, as arrivedHour writes it: the same on every retry. */
  readonly arrived: string;
  /** Waits between the attempts to put refused records, ms; injected by tests. */
  readonly delays?: readonly number[];
}

/**
 * Puts left-over partitions back on the stream, each gzip member a record labelled with its partition. Records that
 * the stream keeps refusing are written to the store, under the prefix where Firehose would have put them, as is
 * everything when there is no key to sign labels with.
 *
 * @throws what the store throws, when neither would take them: Firehose then retries the invocation.
 */
export async function putBack(groups: readonly PartitionGroup[], options: PutBackOptions): Promise<PutBack> {
  const { key: labelKey, delays = [100, 400, 1600] } = options;
  const labelled = groups.flatMap(({ partition, members }) =>
    members.map((member, index) => ({
      data: labelKey === undefined ? member : labelMember(member, { kind: 'partition', partition }, labelKey),
      key: `${landedPrefix(partition, options.arrived)}put-back-${options.invocation}-${index}.json.gz`,
    })),
  );
  const fits = ({ data }: { data: Uint8Array }) => labelKey !== undefined && data.length <= firehose.maxRecordBytes;
  const fitting = labelled.filter(fits).map(({ data }) => data);
  const refused = new Set<Uint8Array>();
  for (const batch of batches(fitting)) {
    for (const record of await putPatiently(batch, options.stream, delays, sleep)) refused.add(record);
  }
  const stored = labelled.filter((each) => !fits(each) || refused.has(each.data));
  await Promise.all(stored.map(({ key, data }) => options.store.put(key, data)));
  return { records: labelled.length - stored.length, objects: stored.length };
}

/** Cuts at the limits of one PutRecordBatch. */
function* batches(records: readonly Uint8Array[]): Generator<Uint8Array[]> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for (const record of records) {
    if (batch.length === firehose.maxBatchRecords || bytes + record.length > firehose.maxBatchBytes) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += record.length;
  }
  if (batch.length > 0) yield batch;
}
