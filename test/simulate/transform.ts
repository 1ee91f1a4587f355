import { gzipSync } from 'node:zlib';
import { defaultInput } from '../../shared/cost/input.js';
import { landedPerRaw, sentBytes, transformCpuPerGb } from '../../shared/cost/measured.js';
import { along, GB } from '../../shared/cost/traffic.js';
import { lambda, sqs } from '../../shared/limits.js';
import { arrivedHour } from '../../shared/line/partition.js';
import { logTypes } from '../../shared/line/schema/index.js';
import { assignCarriers } from '../../shared/partitions/carriers.js';
import type { PartitionGroup } from '../../shared/partitions/pool.js';
import { putBack } from '../../shared/partitions/putBack.js';
import type { ReadRecord } from '../../shared/record/read.js';
import { signalBatches } from '../../shared/rules/matching/batch.js';
import type { RuleSet } from '../../shared/rules/matching/match.js';
import { writeBatch } from '../../shared/signals/batchText.js';
import type { Signal, SignalBatch } from '../../shared/signals/signal.js';
import type { Random } from '../oncall/random.js';
import type { Fleet } from './fleet.js';
import { latencies, measured } from './measured.js';
import type { Probes } from './probes.js';
import type { SignalQueue } from './queue.js';
import type { Setting } from './setting.js';
import type { Invocation, Stream } from './stream.js';
import type { VirtualTime } from './virtualTime.js';

/** What the transform did in a day. */
export interface TransformCounts {
  invocations: number;
  /** Milliseconds that its instances were busy. */
  busy: number;
  /** Services that invocations had lines of, and keys of the signals that they sent. */
  services: number;
  keys: number;
  messages: number;
  putBack: number;
  stored: number;
  landedBytes: number;
  /** Of the JSON of an answer, at most. */
  largestAnswer: number;
}

/** The transform's decisions, by its own code, on invocations whose lines are only counted. */
export class Transform {
  readonly counts: TransformCounts = {
    invocations: 0,
    busy: 0,
    services: 0,
    keys: 0,
    messages: 0,
    putBack: 0,
    stored: 0,
    landedBytes: 0,
    largestAnswer: 0,
  };

  constructor(
    private readonly time: VirtualTime,
    private readonly setting: Setting,
    private readonly rules: RuleSet,
    private readonly fleet: Fleet,
    private readonly probes: Probes,
    private readonly queue: SignalQueue,
    private readonly random: Random,
  ) {}

  /** One invocation, to its answer. */
  async run(invocation: Invocation, stream: Stream): Promise<void> {
    const { counts, setting } = this;
    const number = counts.invocations++;
    const duration = durationOf(invocation, setting.transform.memory);
    counts.busy += duration;
    await this.time.sleepUntil(Math.ceil(this.time.now() + duration));
    const { messages, keys, services } = this.signals(invocation, number);
    counts.services += services;
    counts.keys += keys;
    counts.messages += messages.length;
    for (const { batch, bytes } of messages) {
      this.queue.send({ batch, bytes, written: invocation.first - setting.flush * 1000 });
    }
    await this.answer(invocation, number, stream);
  }

  private signals(invocation: Invocation, number: number) {
    const collector = this.rules.collector();
    const services = this.fleet.show(invocation, this.setting.flush, collector);
    this.probes.show(invocation.last, collector);
    const signals = collector.signals();
    const weights = signals.map((signal) => this.fleet.weightOf(signal.key));
    const keys = signals.reduce((sum, _, at) => sum + (weights[at] ?? 1), 0);
    return { services: services * this.fleet.weight, keys, messages: this.messagesOf(signals, weights, number) };
  }

  /**
   * As many messages as the signals of all services take, by the bytes of those of the shown ones, over which these are spread. Where each
   * service is shown they are what the transform makes.
   */
  private messagesOf(signals: readonly Signal[], weights: readonly number[], number: number) {
    const ids = [`record-${number}`];
    if (this.fleet.weight === 1)
      return signalBatches(ids, signals).map((batch) => ({ batch, bytes: Buffer.byteLength(writeBatch(batch)) }));
    const bytes = signals.reduce((sum, signal, at) => sum + bytesOf(signal) * (weights[at] ?? 1), 0);
    const count = Math.max(1, Math.ceil(bytes / sqs.maxMessageBytes));
    const spread = Array.from({ length: count }, () => [] as Signal[]);
    // The signals of a service stand together, as they do in most messages.
    const places = new Map<string, number>();
    for (const signal of signals) {
      const name = signal.labels.service ?? signal.key;
      const place = places.get(name) ?? this.random.below(count);
      places.set(name, place);
      spread[place]?.push(signal);
    }
    const sent = spread.filter((of) => of.length > 0);
    return sent.flatMap((of): { batch: SignalBatch; bytes: number }[] =>
      signalBatches(ids, of).map((batch) => ({
        batch: { ...batch, messages: sent.length },
        bytes: sentBytes(bytes / sent.length),
      })),
    );
  }

  private async answer(invocation: Invocation, number: number, stream: Stream): Promise<void> {
    const { counts } = this;
    const records: ReadRecord[] = Array.from(
      { length: Math.max(1, Math.round(invocation.records + invocation.canaries)) },
      (_, index) => ({
        recordId: `49640912821178817833517986466168945147170627572855734270000${number}${index}`,
        kind: 'lines',
        bytes: 0,
      }),
    );
    const groups = groupsOf(invocation.rawBytes);
    counts.landedBytes += groups.reduce((sum, { bytes }) => sum + bytes, 0);
    const { answers, leftOver } = assignCarriers(records, groups);
    const carried = groups.filter((group) => !leftOver.includes(group));
    const encoded = carried.reduce((sum, { bytes }) => sum + (bytes * 4) / 3, 0);
    const envelopes = answers.reduce((sum, { recordId }) => sum + recordId.length + envelopeBytes, 0);
    counts.largestAnswer = Math.max(counts.largestAnswer, encoded + envelopes);
    if (leftOver.length === 0) return;
    const { records: back, objects } = await putBack(leftOver.map(withMembers), {
      stream: {
        putBatch: async (batch) => {
          for (const { length } of batch) stream.putBack(length);
          return [];
        },
      },
      key: 'a key of the simulation',
      store: { put: async () => undefined },
      invocation: String(number),
      arrived: arrivedHour(invocation.arrived),
    });
    counts.putBack += back;
    counts.stored += objects;
  }
}

/** The JSON around a record's id in an answer. */
const envelopeBytes = 60;

/** Milliseconds that an invocation takes: what one thread computes, and gzip beside it where there is more than one vCPU. */
function durationOf({ rawBytes }: Pick<Invocation, 'rawBytes'>, memory: number): number {
  const cpu = (rawBytes / GB) * along(transformCpuPerGb, Math.max(1, rawBytes)) * 1000;
  const share = memory / lambda.memoryOfVcpu;
  return Math.max((cpu * measured.transformSerialPart) / Math.min(1, share), cpu / share) + latencies.invocation;
}

/** What the pool makes of the lines, the largest first. That they are carried depends on their sizes alone, so they hold no bytes. */
function groupsOf(rawBytes: number): PartitionGroup[] {
  return logTypes
    .map((type) => ({
      partition: { type },
      members: [],
      bytes: Math.ceil(rawBytes * along(landedPerRaw, rawBytes) * defaultInput.share[type]),
    }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
}

/** What is put back is put in members, which have their sizes. */
function withMembers(group: PartitionGroup): PartitionGroup {
  const sizes: number[] = [];
  for (let left = group.bytes; left > 0; left -= memberBytes) sizes.push(Math.min(left, memberBytes));
  return {
    ...group,
    members: sizes.map((size) => Buffer.concat([member, Buffer.alloc(Math.max(0, size - member.length))])),
  };
}

/** Of 900,000 bytes of rows (shared/partitions/pool.ts). */
const memberBytes = 90_000;
const member = gzipSync('');

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
