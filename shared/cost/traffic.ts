import { firehose, lambda } from '../limits.js';
import type { LogType } from '../line/schema/index.js';
import type { CostInput } from './input.js';
import { aggregateBytes, type Curve, landedPerRaw, manifestBytes, sentPerRaw } from './measured.js';

/** AWS bills by GB of so many bytes. */
export const GB = 2 ** 30;
/** 730 hours, as AWS's own calculator has it. */
export const month = { seconds: 730 * 3600, days: 730 / 24, minutes: 730 * 60 } as const;

/** infra/functions.yml and infra/resources; test/infra/cost.test.ts holds it to these files. */
export const deployed = {
  transform: { memoryMb: 1769, bufferBytes: 3 * 2 ** 20, bufferSeconds: 20 },
  objects: { bytes: 128 * 2 ** 20, seconds: 60 },
  alert: { memoryMb: 1769, batchSize: 100, windowSeconds: 1 },
  sweep: { memoryMb: 1769, everySeconds: 60 },
  compact: { memoryMb: 3538, everySeconds: 300, windowSeconds: 3600 },
  forward: { memoryMb: 1024 },
  indexDays: 92,
  logDays: 30,
} as const;

/** A month of traffic: what the stages make of the input. Counts and bytes are of the month. */
export interface Traffic {
  readonly input: CostInput;
  readonly rawBytes: number;
  /** Records of routers and what they hold; those of canaries are apart. */
  readonly records: number;
  readonly sentBytes: number;
  /** Each record rounded up to 5 KB. */
  readonly billedBytes: number;
  readonly canaries: number;
  /** Of the transform. */
  readonly invocations: number;
  readonly landedBytes: number;
  /** Objects that Firehose writes. */
  readonly objects: Readonly<Record<LogType, number>>;
  /** Of compaction, each of which writes a file of Parquet. */
  readonly manifests: Readonly<Record<LogType, number>>;
}

export function trafficOf(input: CostInput): Traffic {
  const rawBytes = input.gbPerDay * GB * month.days;
  const { records, sentBytes, billedBytes } = recordsOf(input);
  const canaries = input.canary ? input.containers * month.minutes : 0;
  const canaryBytes = canaries * canarySent;
  const slots = month.seconds / deployed.transform.bufferSeconds;
  const busySlots = slots * partWithAny((records + canaries) / slots);
  const invocations = Math.max(busySlots, (sentBytes + canaryBytes) / deployed.transform.bufferBytes);
  const landedBytes = rawBytes * along(landedPerRaw, invocations > 0 ? rawBytes / invocations : 0);
  /** Pieces of the landed bytes of a type: one in each interval that has lines, or as many as are full. */
  const piecesOf = (type: LogType, seconds: number, mostBytes: number) => {
    const intervals = month.seconds / seconds;
    const lines = (rawBytes * input.share[type]) / input.lineBytes + (type === 'app' ? canaries : 0);
    return Math.max(intervals * partWithAny(lines / intervals), (landedBytes * input.share[type]) / mostBytes);
  };
  const ofEach = (pieces: (type: LogType) => number) => ({
    access: pieces('access'),
    error: pieces('error'),
    app: pieces('app'),
  });
  return {
    input,
    rawBytes,
    records,
    sentBytes,
    billedBytes: billedBytes + canaries * firehose.billingIncrementBytes,
    canaries,
    invocations,
    landedBytes,
    objects: ofEach((type) => piecesOf(type, deployed.objects.seconds, deployed.objects.bytes)),
    manifests: ofEach((type) => piecesOf(type, deployed.compact.windowSeconds, manifestBytes)),
  };
}

/** A canary's record, gzipped: docs/no-loss.md. Billed as 5 KB. */
export const canarySent = 1200;

/**
 * What the routers send: a record for each flush of a container that has lines, more when they are above a megabyte. Lines are
 * taken to come evenly; those that come in bursts make fewer records.
 */
function recordsOf({ gbPerDay, containers, flushSeconds, lineBytes }: CostInput) {
  const flushes = (month.seconds / flushSeconds) * containers;
  const bytesOfFlush = (gbPerDay * GB * month.days) / flushes;
  const withLines = partWithAny(bytesOfFlush / lineBytes);
  if (withLines === 0) return { records: 0, sentBytes: 0, billedBytes: 0 };
  const raw = bytesOfFlush / withLines;
  const recordsOfFlush = Math.max(1, raw / aggregateBytes);
  const records = flushes * withLines * recordsOfFlush;
  const rawOfRecord = raw / recordsOfFlush;
  const sent = rawOfRecord * along(sentPerRaw, rawOfRecord);
  return { records, sentBytes: records * sent, billedBytes: records * billed(sent) };
}

/** Sizes differ from record to record: above 5 KB half a step is what rounding up adds. */
function billed(sent: number): number {
  const step = firehose.billingIncrementBytes;
  return sent <= step / 2 ? step : sent + step / 2;
}

/** Part of the intervals that have at least one event, of events that come by chance. */
export function partWithAny(eventsOfInterval: number): number {
  return 1 - Math.exp(-eventsOfInterval);
}

/** The curve's value there; beyond its ends that of the end. */
export function along(curve: Curve, at: number): number {
  const next = curve.findIndex(([point]) => point >= at);
  const [first, last] = [curve[0], curve.at(-1)];
  if (!first || !last) throw new Error('a curve without points');
  if (next === 0) return first[1];
  const [left, right] = [curve[next - 1], curve[next]];
  if (!left || !right) return last[1];
  const part = Math.log(at / left[0]) / Math.log(right[0] / left[0]);
  return left[1] + part * (right[1] - left[1]);
}

/** GB-seconds of so many seconds of work, of which a function of less than a vCPU takes more time. */
export function gbSeconds(
  memoryMb: number,
  { cpu, waiting }: { readonly cpu: number; readonly waiting: number },
): number {
  const vcpus = memoryMb / lambda.memoryOfVcpu;
  return (memoryMb / 1024) * (cpu / vcpus + waiting);
}

/** What a call to AWS is taken to take, in seconds: not measured, since no AWS was at hand. */
export const callSeconds = 0.02;
