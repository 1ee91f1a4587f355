import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { firehose } from '../../../shared/limits.js';
import { logTypes } from '../../../shared/line/schema/index.js';
import type { PartitionGroup } from '../../../shared/partitions/pool.js';
import { putBack } from '../../../shared/partitions/putBack.js';
import { gzipMember } from '../../../shared/record/gzip.js';
import { readLabel } from '../../../shared/record/label.js';

/** A stream that refuses what `refuse` names, in the order of the calls. */
function streamThat(refuse: (records: readonly Uint8Array[], call: number) => readonly Uint8Array[]) {
  const calls: (readonly Uint8Array[])[] = [];
  const objects = new Map<string, Uint8Array>();
  return {
    calls,
    objects,
    options: {
      key: 'key',
      stream: { putBatch: async (records: readonly Uint8Array[]) => refuse(records, calls.push(records)) },
      store: { put: async (key: string, body: Uint8Array) => void objects.set(key, body) },
      invocation: 'i',
      arrived: '2026-11-22-16',
      delays: [0, 0],
    },
  };
}

/** The type that a record's label names, and its row. */
function labelled(record: Uint8Array): string {
  const label = readLabel(Buffer.from(record), ['key'])?.label;
  return `${label?.kind === 'partition' ? label.partition.type : undefined} ${gunzipSync(record).toString()}`;
}

async function groupsOf(count: number): Promise<PartitionGroup[]> {
  const groups = Array.from({ length: count }, async (_, index) => {
    const member = await gzipMember(Buffer.from(String(index)), 6);
    return { partition: { type: logTypes[index % 3] ?? 'app' }, members: [member], bytes: member.length };
  });
  return await Promise.all(groups);
}

describe('putBack', () => {
  it('puts only refused records again', async () => {
    const { calls, objects, options } = streamThat((records, call) => (call === 1 ? records.slice(1) : []));
    expect(await putBack(await groupsOf(3), options)).toEqual({ records: 3, objects: 0 });
    expect(calls.map((records) => records.length)).toEqual([3, 2]);
    expect(calls.flat().map(labelled)).toEqual(['access 0', 'error 1', 'app 2', 'error 1', 'app 2']);
    expect(objects.size).toBe(0);
  });

  it.each([1, 500, 501, 1001])('puts each of %d records', async (count) => {
    const { calls, options } = streamThat(() => []);
    expect(await putBack(await groupsOf(count), options)).toEqual({ records: count, objects: 0 });
    expect(calls.flat()).toHaveLength(count);
  });

  it('calls nobody when there is nothing to put', async () => {
    const { calls, options } = streamThat(() => []);
    expect(await putBack([], options)).toEqual({ records: 0, objects: 0 });
    expect(calls).toEqual([]);
  });

  it('treats a failed call as a refusal of the whole batch', async () => {
    const { calls, options } = streamThat((_, call) => {
      if (call === 1) throw new Error('throttled');
      return [];
    });
    expect(await putBack(await groupsOf(2), options)).toEqual({ records: 2, objects: 0 });
    expect(calls).toHaveLength(2);
  });

  it('stores what is refused for good, in its partition', async () => {
    const { calls, objects, options } = streamThat((records) => records.slice(0, 1));
    expect(await putBack(await groupsOf(2), options)).toEqual({ records: 1, objects: 1 });
    expect(calls).toHaveLength(3);
    expect([...objects.keys()]).toEqual(['logs/type=access/arrived=2026-11-22-16/put-back-i-0.json.gz']);
  });

  it('stores everything when there is no key to sign with', async () => {
    const { calls, objects, options } = streamThat(() => []);
    expect(await putBack(await groupsOf(2), { ...options, key: undefined })).toEqual({ records: 0, objects: 2 });
    expect(calls).toEqual([]);
    expect(objects.size).toBe(2);
  });

  it('stores a member that no record can hold', async () => {
    const { calls, objects, options } = streamThat(() => []);
    const member = Buffer.alloc(firehose.maxRecordBytes, 1);
    expect(await putBack([{ partition: { type: 'app' }, members: [member], bytes: member.length }], options)).toEqual({
      records: 0,
      objects: 1,
    });
    expect(calls).toHaveLength(0);
    expect(objects.size).toBe(1);
  });

  it('keeps to the limits of PutRecordBatch', async () => {
    const { calls, options } = streamThat(() => []);
    await putBack(await groupsOf(1100), options);
    expect(calls.map((records) => records.length)).toEqual([500, 500, 100]);
    const large = Buffer.alloc(900_000);
    await putBack([{ partition: { type: 'app' }, members: Array.from({ length: 6 }, () => large), bytes: 0 }], options);
    expect(calls.slice(3).map((records) => records.length)).toEqual([4, 2]);
  });
});
