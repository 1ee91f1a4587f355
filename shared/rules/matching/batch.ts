import { createHash } from 'node:crypto';
import { joinSums, linesIn, withoutKey } from '../../conditions/sums.js';
import { sqs } from '../../limits.js';
import { otherKey } from '../../signals/alertKey.js';
import type { RuleFailure, Signal, SignalBatch } from '../../signals/signal.js';
import { type Group, groupBy } from '../../text/groupBy.js';

/** Messages of one invocation: so many hold some twenty thousand keys. */
export const maxMessages = 4;

/** How many samples each signal keeps, tried in this order until the messages hold them all. Few leave no room for frequent values. */
const sampleAllowances = [5, 3, 1, 0] as const;
const fewSamples = 1;

/**
 * The messages that tell functions/alert what an invocation matched; none when it matched nothing.
 * Each fits SQS, and the signals of a rule and key are in one of them. In a storm samples are shed first, then the
 * quietest keys of each rule are folded into its `other` key: it costs detail and never a count.
 *
 * @param recordIds ids of all the records of the invocation: a retry has the same, in the same order, and so makes the same batch id.
 * @param options `shadow`: they are of replayed lines that nobody is to be told of
 */
export function signalBatches(
  recordIds: readonly string[],
  signals: readonly Signal[],
  failures: readonly RuleFailure[] = [],
  { shadow = false }: { readonly shadow?: boolean } = {},
): SignalBatch[] {
  if (signals.length === 0 && failures.length === 0) return [];
  // The same records may have made a batch of lines that people are told of.
  const hash = createHash('sha256').update(recordIds.join('\n'));
  const id = (shadow ? hash.update('\nshadow') : hash).digest('hex');
  const head = { version: 1, id, messages: maxMessages, ...(shadow ? { shadow } : {}) } as const;
  const batch: SignalBatch = { ...head, signals: [], ...(failures.length === 0 ? {} : { failures }) };
  const room = sqs.maxMessageBytes - bytesOf(batch);

  const groups = [...groupBy(signals, ({ rule, key }) => `${rule} ${key}`).values()];
  const [first = [], ...others] = pack(groups, room);
  const messages = 1 + others.length;
  return [{ ...batch, messages, signals: first }, ...others.map((of) => ({ ...head, messages, signals: of }))];
}

/** The signals of one rule and key, which travel together. */
type KeySignals = Group<Signal>;

function pack(groups: readonly KeySignals[], room: number): Signal[][] {
  for (const allowance of sampleAllowances) {
    const messages = fill(
      groups.map((group) => fitted(group, allowance, room)),
      room,
    );
    if (messages.length <= maxMessages) return messages;
  }
  return fill(
    foldQuietest(
      groups.map((group) => fitted(group, 0, room)),
      room,
    ),
    room,
  );
}

/** The group with that many samples a signal, or what of it fits a message. */
function fitted(group: KeySignals, allowance: number, room: number): KeySignals {
  const isLight = group.every(
    ({ samples, top }) => samples.length <= allowance && (allowance > fewSamples || top === undefined),
  );
  const lighter = isLight ? group : (group.map((signal) => withSamples(signal, allowance)) as KeySignals);
  if (weightOf(lighter) <= room) return lighter;
  return allowance > 0 ? fitted(group, 0, room) : withoutPast(lighter, room);
}

/** Hours of lines that come at once: the older half of the buckets, which windows have left behind, becomes one. */
function withoutPast(group: KeySignals, room: number): KeySignals {
  const byAge = [...group].sort((a, b) => a.bucket - b.bucket) as KeySignals;
  const [oldest, ...older] = byAge.splice(0, Math.ceil(byAge.length / 2)) as KeySignals;
  return fitted([older.reduce(addUp, oldest), ...byAge], 0, room);
}

function withSamples({ top, ...signal }: Signal, allowance: number): Signal {
  const samples = signal.samples.slice(0, allowance);
  return { ...signal, samples, ...(top && allowance > fewSamples ? { top } : {}) };
}

/** Puts each group where there is room, first come, first served. */
function fill(groups: readonly KeySignals[], room: number): Signal[][] {
  const messages: { readonly signals: Signal[]; room: number }[] = [];
  for (const group of groups) {
    const weight = weightOf(group);
    let message = messages.at(-1);
    if (!message || weight > message.room) {
      message = { signals: [], room };
      messages.push(message);
    }
    message.signals.push(...group);
    message.room -= weight;
  }
  return messages.map(({ signals }) => signals);
}

/** Keeps the loudest keys whole for as long as there is room beside one `other` key for each rule. */
function foldQuietest(groups: readonly KeySignals[], room: number): KeySignals[] {
  const byLoudness = [...groups].sort((a, b) => countOf(b) - countOf(a));
  let [fewest, most] = [0, byLoudness.length];
  const kept = (count: number) => [...byLoudness.slice(0, count), ...foldByRule(byLoudness.slice(count).flat(), room)];
  while (fewest < most) {
    const middle = Math.ceil((fewest + most) / 2);
    if (fill(kept(middle), room).length <= maxMessages) fewest = middle;
    else most = middle - 1;
  }
  return kept(fewest);
}

function countOf(signals: readonly Signal[]): number {
  return signals.reduce((sum, signal) => sum + linesIn(signal), 0);
}

/** By bucket, so that a window of the other keys is no longer than that of any. */
function foldByRule(signals: readonly Signal[], room: number): KeySignals[] {
  return [...groupBy(signals, ({ rule }) => rule).values()].map((ofRule) => {
    const buckets = [...groupBy(ofRule, ({ bucket }) => String(bucket)).values()];
    return fitted(buckets.map(([first, ...rest]) => rest.reduce(addUp, asOther(first))) as KeySignals, 0, room);
  });
}

function asOther(signal: Signal): Signal {
  return { ...withoutKey(signal), key: otherKey, labels: {}, samples: [] };
}

/** The later one goes into the earlier one. */
function addUp(a: Signal, b: Signal): Signal {
  // The times of a ratio without matches are those of its other lines.
  const spans = [a, b].filter(({ count }) => count > 0 || a.count + b.count === 0);
  return {
    ...a,
    bucket: Math.min(a.bucket, b.bucket),
    count: a.count + b.count,
    first: Math.min(...spans.map(({ first }) => first)),
    last: Math.max(...spans.map(({ last }) => last)),
    ...joinSums(a, b),
  };
}

/** A group is weighed once, however often it is tried where it fits. */
function weightOf(group: readonly Signal[]): number {
  const weight = weights.get(group) ?? group.reduce((sum, signal) => sum + bytesOf(signal) + ','.length, 0);
  weights.set(group, weight);
  return weight;
}

const weights = new WeakMap<readonly Signal[], number>();

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
