import { gunzipSync, gzipSync } from 'node:zlib';
import { type PartitionGroup, PartitionPool } from '../../shared/partitions/pool.js';
import { type IncomingRecord, RecordReader } from '../../shared/record/read.js';
import { signalBatches } from '../../shared/rules/matching/batch.js';
import type { RuleSet } from '../../shared/rules/matching/match.js';
import type { LinePolicy } from '../../shared/treatment/policy.js';
import { arrival, type Corpus } from './corpus.js';

/** The transform's work as functions/transform.ts wires it, without the calls to AWS: gzip in, gzip out. */
export class Transform {
  private readonly reader: RecordReader;

  constructor(
    policy: LinePolicy,
    private readonly rules: RuleSet,
  ) {
    this.reader = new RecordReader(policy);
  }

  async run(records: readonly IncomingRecord[], gzipLevel: number): Promise<PartitionGroup[]> {
    const partitions = new PartitionPool(gzipLevel);
    const matches = this.rules.collector();
    const reading = this.reader.begin({
      row: (type, json) => partitions.add(type, json),
      entry: (type, row) => matches.observe(type, row),
      access: matches.access,
      blank: () => undefined,
    });
    for (const record of records) reading.read(record);
    reading.end();
    const groups = await partitions.close();
    const recordIds = records.map(({ recordId }) => recordId);
    signalBatches(recordIds, matches.signals(), matches.failures());
    return groups;
  }
}

export function recordsOf(corpus: Corpus): IncomingRecord[] {
  return corpus.records.map((data, index) => ({
    recordId: `49640912821178817833517986466168945147170627572855734270000${index}`,
    approximateArrivalTimestamp: arrival,
    data,
  }));
}

/** What no implementation can save: inflating what came and compressing what leaves. */
export function floorOf(corpus: Corpus, outputs: readonly Buffer[], gzipLevel: number): () => void {
  const incoming = corpus.records.map((data) => Buffer.from(data, 'base64'));
  const outgoing = outputs.map((output) => gunzipSync(output));
  return () => {
    for (const data of incoming) gunzipSync(data);
    for (const rows of outgoing) gzipSync(rows, { level: gzipLevel });
  };
}
