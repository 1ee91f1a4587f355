import './transform/linearPatterns.js';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { compilePolicy } from '../shared/config/policy.js';
import { type ReadRecord, RecordReader } from '../shared/record/read.js';
import { assignCarriers } from '../shared/regroup/carriers.js';
import { type PartitionGroup, PartitionPool } from '../shared/regroup/pool.js';
import { putBack } from '../shared/regroup/putBack.js';
import { signalBatch } from '../shared/rules/batch.js';
import { compileRules, type SignalCollector } from '../shared/rules/match.js';
import { deployedConfig } from './adapters/deployedConfig.js';
import { deployedRules } from './adapters/deployedRules.js';
import { gzipLevel, invocationName, logStore, redactHashKey, signalQueue, streamOf } from './transform/environment.js';
import { Counts, metrics, warnOfFailed } from './transform/metrics.js';

const rules = compileRules(deployedRules());
const config = deployedConfig();
const policy = compilePolicy(config, redactHashKey(config));
const reader = new RecordReader(policy);

/**
 * Firehose's transformation Lambda: takes the records of one invocation apart into lines, and gives the lines back
 * sorted into partitions.
 */
export const handler = middy<FirehoseTransformationEvent, FirehoseTransformationResult>()
  .use(logMetrics(metrics, { captureColdStartMetric: true }))
  .handler(async ({ records: incoming, deliveryStreamArn }) => {
    const counts = new Counts();
    const partitions = new PartitionPool(gzipLevel);
    const matches = rules.collector();

    // Decode, parse and classify every line; each row goes to its partition, and past the rules.
    const reading = reader.begin({
      row(type, hour, json, service) {
        partitions.add(type, hour, json);
        counts.lines.add(type, service);
      },
      entry: (type, row) => matches.observe(type, row),
      blank: () => counts.blank++,
    });
    const records = incoming.map((record) => reading.read(record));
    reading.end();
    const groups = await partitions.close();

    // What the rules matched goes out before anything is stored: a retry sends the same batch, which is counted once.
    await sendSignals(records, matches);

    // Each partition travels back in one record's place; what finds no place returns to the stream, last of all,
    // because a retry could not take that back.
    const { answers, leftOver } = assignCarriers(records, groups);
    await putLeftOversBack(leftOver, records, deliveryStreamArn, counts);

    counts.publish(records, groups, matches, policy.takeCounts());
    warnOfFailed(records);
    return { records: answers };
  });

async function sendSignals(records: readonly ReadRecord[], matches: SignalCollector): Promise<void> {
  const batch = signalBatch(
    records.map(({ recordId }) => recordId),
    matches.signals(),
  );
  if (!batch) return;
  try {
    await (await signalQueue()).send(batch);
  } catch (error) {
    console.warn(
      JSON.stringify({
        level: 'warn',
        message: 'the signal queue refused a batch; it is kept in the bucket under signals/',
        batch: batch.id,
        error: String(error),
      }),
    );
    await (await logStore()).put(`signals/${batch.id}.json`, Buffer.from(JSON.stringify(batch)));
  }
}

async function putLeftOversBack(
  groups: readonly PartitionGroup[],
  records: readonly ReadRecord[],
  streamArn: string,
  counts: Counts,
) {
  if (groups.length === 0) return;
  counts.putBack = await putBack(groups, {
    stream: await streamOf(streamArn),
    store: { put: async (key, body) => (await logStore()).put(key, body) },
    invocation: invocationName(records.map(({ recordId }) => recordId)),
  });
}
