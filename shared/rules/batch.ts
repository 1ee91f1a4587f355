import { createHash } from 'node:crypto';
import { sqs } from '../limits.js';
import type { Signal, SignalBatch } from '../signals.js';
import { groupBy } from './groupBy.js';
import { otherKey } from './key.js';

/** How many samples each signal keeps, tried in this order until the batch fits. */
const sampleAllowances = [3, 1, 0] as const;

/**
 * The one message that tells functions/alert what an invocation matched; undefined when it matched nothing.
 * It fits an SQS message: samples are shed first, then the quietest keys of each rule are folded into one `other`
 * signal, so that a storm costs detail and never a count.
 *
 * @param recordIds ids of all the records of the invocation: a retry has the same, in the same order, and so makes the same batch id.
 */
export function signalBatch(recordIds: readonly string[], signals: readonly Signal[]): SignalBatch | undefined {
  if (signals.length === 0) return undefined;
  const id = createHash('sha256').update(recordIds.join('\n')).digest('hex');

  const whole = batchOf(id, signals);
  if (bytesOf(whole) <= sqs.maxMessageBytes) return whole;
  for (const allowance of sampleAllowances) {
    const lighter = batchOf(id, withSamples(signals, allowance));
    if (bytesOf(lighter) <= sqs.maxMessageBytes) return lighter;
  }
  return batchOf(id, foldQuietest(withSamples(signals, 0), sqs.maxMessageBytes - bytesOf(batchOf(id, []))));
}

function batchOf(id: string, signals: readonly Signal[]): SignalBatch {
  return { version: 1, id, signals };
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function withSamples(signals: readonly Signal[], allowance: number): Signal[] {
  return signals.map((signal) => ({ ...signal, samples: signal.samples.slice(0, allowance) }));
}

/** Keeps the loudest keys whole for as long as there is room beside one `other` signal for each rule. */
function foldQuietest(signals: readonly Signal[], budget: number): Signal[] {
  // What the `other` signals weigh when everything is folded into them is the most they can weigh.
  let room = budget - bytesOf(foldByRule(signals));
  const kept: Signal[] = [];
  const folded: Signal[] = [];
  for (const group of byLoudness(signals)) {
    const weight = group.reduce((sum, signal) => sum + bytesOf(signal) + ','.length, 0);
    const fits = folded.length === 0 && weight <= room;
    if (fits) room -= weight;
    (fits ? kept : folded).push(...group);
  }
  return [...kept, ...foldByRule(folded)];
}

/** The signals of each (rule, key), the highest count first. */
function byLoudness(signals: readonly Signal[]): Signal[][] {
  const groups = groupBy(signals, ({ rule, key }) => `${rule} ${key}`);
  return [...groups.values()].sort((a, b) => countOf(b) - countOf(a));
}

function countOf(signals: readonly Signal[]): number {
  return signals.reduce((sum, { count }) => sum + count, 0);
}

function foldByRule(signals: readonly Signal[]): Signal[] {
  return [...groupBy(signals, ({ rule }) => rule)].map(([rule, group]) => ({
    rule,
    key: otherKey,
    labels: {},
    minute: group.reduce((least, { minute }) => Math.min(least, minute), Number.POSITIVE_INFINITY),
    count: countOf(group),
    first: group.reduce((least, { first }) => Math.min(least, first), Number.POSITIVE_INFINITY),
    last: group.reduce((most, { last }) => Math.max(most, last), Number.NEGATIVE_INFINITY),
    samples: [],
  }));
}
