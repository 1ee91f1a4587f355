import { estimate } from '../../shared/cost/estimate.js';
import { defaultInput } from '../../shared/cost/input.js';
import { deployed } from '../../shared/cost/traffic.js';
import { firehose } from '../../shared/limits.js';
import type { RouterOptions } from './routerOptions.js';

/** What `Flush` comes to for a container. */
export interface FlushPlan {
  /** Seconds. */
  readonly flush: number;
  /** Of Firehose's ingestion, for the container's lines. */
  readonly dollarsPerMonth: number;
  /** The same with `Flush 5`. */
  readonly dollarsAtShortest: number;
  /** From a line to its alert, in seconds. */
  readonly alertAfter: number;
  /** Bytes of lines that go with a disk that is gone at once. */
  readonly mayBeLost: number;
  /** Such containers, with their canaries, that reach the requests of a stream. */
  readonly containersOfStream: number;
}

/**
 * Raw bytes of lines that a record holds for what Firehose bills at the least, 5 KB: lines of a record so small gzip to a seventh
 * with what a router adds to them (`npm run bench -- --packing`).
 */
const fullRecord = 33 * 1024;

/** Seconds: alerts wait as long as lines do, so never for longer than a minute, and never shorter than as shipped. */
const [shortest, longest] = [5, 60];

/** Seconds that lines wait in Firehose before the transform, and their signals in the queue. */
const [firehoseBuffer, queueWindow] = [deployed.transform.bufferSeconds, deployed.alert.windowSeconds];

/** `Flush` in seconds for a container that logs so many bytes a second: as long as it takes to fill a record. */
export function flushFor(bytesPerSecond: number): number {
  return Math.min(longest, Math.max(shortest, Math.floor(fullRecord / bytesPerSecond)));
}

export function planFlush(
  bytesPerSecond: number,
  { region, lineBytes }: Pick<RouterOptions, 'region' | 'lineBytes'>,
): FlushPlan {
  const flush = flushFor(bytesPerSecond);
  const { requestsPerSecond } = firehose.streamQuotas(region);
  return {
    flush,
    dollarsPerMonth: ingestion(bytesPerSecond, flush, lineBytes),
    dollarsAtShortest: ingestion(bytesPerSecond, shortest, lineBytes),
    alertAfter: flush + firehoseBuffer + queueWindow,
    mayBeLost: bytesPerSecond * flush,
    containersOfStream: Math.floor(requestsPerSecond / (1 / flush + 1 / canaryInterval)),
  };
}

/** Seconds between two canaries, each a request of its own: infra/fluent-bit/extra.conf. */
const canaryInterval = 60;

function ingestion(bytesPerSecond: number, flushSeconds: number, lineBytes: number): number {
  const gbPerDay = (bytesPerSecond * 24 * 3600) / 2 ** 30;
  const items = estimate({ ...defaultInput, gbPerDay, containers: 1, flushSeconds, lineBytes, canary: false });
  return items.filter(({ stage }) => stage === 'ingestion').reduce((sum, { dollars }) => sum + dollars, 0);
}

/** The plan in words. */
export function flushLines(bytesPerSecond: number | undefined, options: RouterOptions): string[] {
  if (bytesPerSecond === undefined) {
    const quiet = planFlush(fullRecord / longest, options);
    return [
      `Flush ${shortest}, as shipped: right for a container that logs ${thousands(fullRecord / shortest)} bytes a second or more; for a quieter one --bytes-per-second saves up to ${dollars(quiet.dollarsAtShortest - quiet.dollarsPerMonth)} a month`,
    ];
  }
  const plan = planFlush(bytesPerSecond, options);
  const { flush, alertAfter, mayBeLost, containersOfStream } = plan;
  return [
    `Flush ${flush}: ${thousands(fullRecord)} bytes of lines fill a record of 5 KB, ${thousands(bytesPerSecond)} a second in ${Math.floor(fullRecord / bytesPerSecond)} s; not below ${shortest} nor above ${longest}`,
    `costs ${dollars(plan.dollarsPerMonth)} a month of Firehose for each container, ${dollars(plan.dollarsAtShortest)} with Flush ${shortest}`,
    `an alert comes up to ${alertAfter} s after its line (${flush} here, ${firehoseBuffer} in Firehose, ${queueWindow} in the signal queue); ${flush} s of lines, ${thousands(mayBeLost)} bytes at that rate, are lost when the task and its disk are gone at once`,
    `${thousands(containersOfStream)} such containers reach the requests that a stream of ${options.region} takes (${thousands(firehose.streamQuotas(options.region).requestsPerSecond)} a second, until AWS raises it)`,
  ];
}

/** The configuration with that `Flush`. */
export function withFlush(conf: string, flush: number): string {
  const changed = conf.replace(/^(\s*Flush\s+)\d+$/m, `$1${flush}`);
  if (changed === conf && flushOf(conf) !== flush)
    throw new Error('infra/fluent-bit/extra.conf has no Flush to replace');
  return changed;
}

function flushOf(conf: string): number | undefined {
  const [, seconds] = /^\s*Flush\s+(\d+)$/m.exec(conf) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

function thousands(count: number): string {
  return Math.round(count).toLocaleString('en');
}

function dollars(amount: number): string {
  return `$${amount.toFixed(3)}`;
}
