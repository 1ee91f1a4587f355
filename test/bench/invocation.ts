import { gunzipSync, gzipSync } from 'node:zlib';
import type { Config } from '../../shared/config/config.js';
import { compilePolicy, type LinePolicy } from '../../shared/config/policy.js';
import { type IncomingRecord, RecordReader } from '../../shared/record/read.js';
import type { Redactor } from '../../shared/redact/redactor.js';
import { type PartitionGroup, PartitionPool } from '../../shared/regroup/pool.js';
import { signalBatches } from '../../shared/rules/batch.js';
import { compileRules, type RuleSet } from '../../shared/rules/match.js';
import type { Rule } from '../../shared/rules/rule.js';
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
      row: (type, hour, json) => partitions.add(type, hour, json),
      entry: (type, row) => matches.observe(type, row),
      access: matches.access,
      blank: () => undefined,
    });
    for (const record of records) reading.read(record);
    reading.end();
    const groups = await partitions.close();
    signalBatches(
      records.map(({ recordId }) => recordId),
      matches.signals(),
      matches.failures(),
    );
    return groups;
  }
}

/** The transform as it is deployed, and with parts of its work left out to see what they cost. */
export function transforms(config: Config, rules: readonly Rule[]) {
  return {
    deployed: new Transform(compilePolicy(config), compileRules(rules)),
    withoutRules: new Transform(compilePolicy(config), compileRules([])),
    withoutRulesAndRedaction: new Transform({ ...compilePolicy(config), redactor: keepEverything }, compileRules([])),
  };
}

const keepEverything: Redactor = {
  redactRow: (_, fields) => fields,
  mayContainSecret: () => false,
  isClean: () => true,
  takeCounts: () => new Map(),
};

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
