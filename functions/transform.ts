import './transform/linearPatterns.js';
import middy from '@middy/core';
import type {
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResult,
} from 'aws-lambda';
import { arrivedHour } from '../shared/line/partition.js';
import { assignCarriers } from '../shared/partitions/carriers.js';
import { type PartitionGroup, PartitionPool } from '../shared/partitions/pool.js';
import { putBack } from '../shared/partitions/putBack.js';
import { type LineSink, type ReadRecord, RecordReader } from '../shared/record/read.js';
import { type Origination, Readings } from '../shared/record/readings.js';
import { signalBatches } from '../shared/rules/matching/batch.js';
import { compileRules, type SignalCollector } from '../shared/rules/matching/match.js';
import type { SignalBatch } from '../shared/signals/signal.js';
import { compilePolicy } from '../shared/treatment/policy.js';
import { deployedConfig } from './adapters/deployedConfig.js';
import { deployedRules } from './adapters/deployedRules.js';
import {
  gzipLevel,
  invocationName,
  logStore,
  putBackKeys,
  redactHashKey,
  signalQueue,
  streamOf,
} from './transform/environment.js';
import { Counts, metrics, warnOfFailed, warnOfRefused } from './transform/metrics.js';

const rules = compileRules(deployedRules());
const config = deployedConfig();
const policy = compilePolicy(config, redactHashKey(config));
const reader = new RecordReader(policy, putBackKeys);

/**
 * Firehose's transformation Lambda: takes the records of one invocation apart into lines, and gives the lines back
 * sorted into partitions.
 */
export const handler = middy<FirehoseTransformationEvent, FirehoseTransformationResult>()
  .use(metrics.middleware)
  .handler(async ({ records: incoming, deliveryStreamArn }) => {
    const counts = new Counts();
    const partitions = new PartitionPool(gzipLevel);
    const matches = rules.collector();
    const replayed = rules.collector();

    // Decode, parse and classify every line; each row goes to its partition, and past the rules.
    const reading = new Readings((origination, spent) => {
      const sink = {
        row(type, json, service) {
          partitions.add(type, json);
          counts.lines.add(type, service);
        },
        ...watchedBy(origination, { matches, replayed }),
        canary: (canary) => {
          if (origination === 'live') counts.routers.add(canary);
        },
        blank: () => counts.blank++,
      } satisfies LineSink;
      return reader.begin(sink, spent);
    }, putBackKeys);
    const records: ReadRecord[] = [];
    for (const record of incoming) {
      records.push(reading.read(record));
      await partitions.settle();
    }
    reading.end();
    counts.byLane = reading.laneLines;
    counts.joined = reading.joinedLines;
    counts.linesIn = reading.spent.lines;
    const groups = await partitions.close();
    const [signals, failures] = [matches.signals(), matches.failures()];

    // What the rules matched goes out before anything is stored: a retry sends the same batches, which are counted once.
    const ids = recordIdsOf(records);
    await sendSignals([
      ...signalBatches(ids, signals, failures),
      ...signalBatches(ids, replayed.signals(), replayed.failures(), { shadow: true }),
    ]);

    // Each partition travels back in one record's place; what finds no place returns to the stream, last of all,
    // because a retry could not take that back.
    const { answers, leftOver } = assignCarriers(records, groups);
    await putLeftOversBack(leftOver, incoming, deliveryStreamArn, counts);

    counts.publish(records, groups, { signals, failures }, policy.takeCounts());
    warnOfFailed(records);
    return { records: answers };
  });

/** The rules that see lines: replayed ones nobody is told of unless it was asked for (docs/replay.md). */
function watchedBy(
  origination: Origination,
  { matches, replayed }: Readonly<Record<'matches' | 'replayed', SignalCollector>>,
): Pick<LineSink, 'entry' | 'access'> {
  if (origination === 'off') return { entry: () => undefined };
  const collector = origination === 'shadow' ? replayed : matches;
  return { entry: (type, row) => collector.observe(type, row), access: collector.access };
}

/** To functions/alert, all at once; what the queue refuses is kept in the bucket, where functions/sweep finds it. */
async function sendSignals(batches: readonly SignalBatch[]): Promise<void> {
  if (batches.length === 0) return;
  const queue = await signalQueue();
  await Promise.all(
    batches.map(async (batch, part) => {
      try {
        await queue.send(batch);
      } catch (error) {
        warnOfRefused(batch, error);
        await (await logStore()).put(`signals/${batch.id}-${part}.json`, Buffer.from(JSON.stringify(batch)));
      }
    }),
  );
}

async function putLeftOversBack(
  groups: readonly PartitionGroup[],
  records: readonly FirehoseTransformationEventRecord[],
  streamArn: string,
  counts: Counts,
) {
  if (groups.length === 0) return;
  counts.putBack = await putBack(groups, {
    stream: await streamOf(streamArn),
    key: putBackKeys[0],
    store: { put: async (key, body) => (await logStore()).put(key, body) },
    invocation: invocationName(recordIdsOf(records)),
    arrived: arrivedHour(Math.min(...records.map((each) => each.approximateArrivalTimestamp))),
  });
}

function recordIdsOf(records: readonly { readonly recordId: string }[]): string[] {
  return records.map(({ recordId }) => recordId);
}
