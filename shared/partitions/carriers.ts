import { responseBudgetBytes } from '../limits.js';
import type { Partition } from '../line/partition.js';
import type { ReadRecord } from '../record/read.js';
import type { PartitionGroup } from './pool.js';

/** What the transform answers for one record. `data` is base64. */
type RecordAnswer =
  | { recordId: string; result: 'Ok'; data: string; metadata: { partitionKeys: { [key: string]: string } } }
  | { recordId: string; result: 'Dropped' | 'ProcessingFailed'; data: '' };

export interface Regrouped {
  /** One answer for each record, in their order. */
  readonly answers: RecordAnswer[];
  /** Partitions that found no carrier, or no room in the response. */
  readonly leftOver: readonly PartitionGroup[];
}

/**
 * Firehose takes one output record in one prefix for each input record, but the lines of one input record belong to
 * several prefixes. So each partition travels in a *carrier*, the id of any record whose lines were read, and the
 * other ids are dropped: their lines are in the carriers. A response counts as a whole, so neither can arrive alone.
 *
 * @param groups the largest first: what is left over should be the cheapest to put back
 */
export function assignCarriers(
  records: readonly ReadRecord[],
  groups: readonly PartitionGroup[],
  budget = responseBudgetBytes,
): Regrouped {
  const answers = records.map(answerWithoutLines);
  let size = answers.reduce((sum, answer) => sum + ENVELOPE + answer.recordId.length + answer.data.length, 0);
  const leftOver: PartitionGroup[] = [];
  let next = 0;
  for (const group of groups) {
    while (next < records.length && records[next]?.kind !== 'lines') next++;
    const record = records[next];
    const encoded = Math.ceil(group.bytes / 3) * 4;
    if (!record || size + encoded > budget) {
      leftOver.push(group);
      continue;
    }
    size += encoded;
    answers[next++] = ok(record.recordId, Buffer.concat(group.members).toString('base64'), group.partition);
  }
  return { answers, leftOver };
}

function answerWithoutLines(record: ReadRecord): RecordAnswer {
  const { recordId, kind } = record;
  if (kind === 'partition') return ok(recordId, record.data, record.partition);
  return { recordId, result: kind === 'failed' ? 'ProcessingFailed' : 'Dropped', data: '' };
}

function ok(recordId: string, data: string, { type }: Partition): RecordAnswer {
  return { recordId, result: 'Ok', data, metadata: { partitionKeys: { type } } };
}

/** More than the JSON around one record's id and data takes. */
const ENVELOPE = 160;
