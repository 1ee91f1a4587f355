import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { vary } from './variation.js';

/** Lines of the demo's recordings, round after round, as Fluent Bit sends them. */
export interface Corpus {
  readonly name: string;
  readonly lines: number;
  /** Bytes of the raw log lines, without their FireLens envelope. */
  readonly rawBytes: number;
  /** Gzipped aggregates: base64. */
  readonly records: readonly string[];
  /** Bytes the records inflate to. */
  readonly inflatedBytes: number;
}

const everything = ['web', 'web-error', 'edge', 'orders', 'cart', 'billing', 'checkout', 'search'] as const;

/**
 * What the benchmark reads: of which services. In the mix, over three quarters of the bytes are access lines, as behind
 * most web servers; the demo's shop, whose application talks more than most, has fewer.
 */
export const corpora = {
  access: ['web'],
  'access JSON': ['edge'],
  'application JSON': ['orders', 'cart'],
  text: ['billing', 'checkout', 'search', 'web-error'],
  'access lines of both kinds': ['web', 'edge'],
  'errors and application': ['orders', 'cart', 'billing', 'checkout', 'search', 'web-error'],
  mix: [...everything, 'web', 'edge'],
  'mix with fewer access lines': everything,
} as const;

export type CorpusName = keyof typeof corpora;

/** Those that the whole transform is measured with; the others are made of the same lines. */
export const measuredWhole: readonly CorpusName[] = [
  'access',
  'access JSON',
  'application JSON',
  'text',
  'mix',
  'mix with fewer access lines',
];

type Service = (typeof everything)[number];

export const recordings: Readonly<Record<Service, string>> = {
  web: 'web.access.log',
  'web-error': 'web.error.log',
  edge: 'edge.access.json.log',
  orders: 'orders.log',
  cart: 'cart.log',
  billing: 'billing.log',
  checkout: 'checkout.log',
  search: 'search.log',
};

/** When the lines arrive: all are of the minutes before. */
export const arrival = Date.parse('2026-11-22T17:27:00Z');

interface CorpusShape {
  /** Whose lines all of them are; without it each recording is that of a service. */
  readonly service?: string;
  readonly recordBytes?: number;
  readonly start?: number;
  readonly spread?: number;
}

/**
 * @param firstRound rounds differ by their number: those of one corpus can go on where those of another ended
 * @param shape `recordBytes`: what a record inflates to at most, if that leaves it a line; `start`: of the lines' times, which are of the `spread` ms after it
 */
export function buildCorpus(
  name: CorpusName,
  rawBytes: number,
  firstRound = 0,
  { service: only, recordBytes = RECORD_BYTES, start = recordedAt, spread = MINUTE }: CorpusShape = {},
): Corpus & { readonly rounds: number } {
  const services: readonly Service[] = corpora[name];
  const sources = services.map((service, index) => ({
    lines: readLines(recordings[service]),
    aggregate: new Aggregate(service, recordBytes, only ?? service),
    /** A service that is there twice serves others the second time. */
    copy: services.slice(0, index).filter((other) => other === service).length,
  }));
  const roundBytes = sources.reduce((sum, { lines }) => sum + sizeOf(lines), 0);
  const rounds = Math.max(1, Math.round(rawBytes / roundBytes));
  for (let round = 0; round < rounds; round++) {
    const offset = start - recordedAt + Math.floor((round / rounds) * spread);
    for (const { lines, aggregate, copy } of sources) {
      for (const line of lines)
        aggregate.add(vary(line, firstRound + round + copy * rounds, offset), recordedAt + offset);
    }
  }
  const aggregates = sources.map(({ aggregate }) => aggregate.close());
  return {
    name,
    rounds,
    lines: total(aggregates, ({ lines }) => lines),
    rawBytes: total(aggregates, ({ rawBytes }) => rawBytes),
    inflatedBytes: total(aggregates, ({ inflatedBytes }) => inflatedBytes),
    records: aggregates.flatMap(({ records }) => records),
  };
}

/**
 * Rounds start within this time, and each lasts 75 seconds: two minutes in all. Firehose gathers 20 seconds of lines for an invocation
 * (infra/resources/firehose.yml), and what routers send late is of the minutes before.
 */
const MINUTE = 60_000;
const recordedAt = Date.parse('2026-11-22T17:24:00Z');

/** The entries of a recording; Fluent Bit has joined stack traces to the line they belong to. */
export function readLines(file: string): string[] {
  const text = readFileSync(`local/demo/samples/${file}`, 'utf8').trimEnd();
  return text.split(startsEntry[file] ?? '\n').map((entry) => entry.trimEnd());
}

const startsEntry: Readonly<Record<string, RegExp>> = {
  'billing.log': /\n(?=\d{4}-)/,
  'checkout.log': /\n(?=\d{4}-)/,
};

/** The lines of one service's tasks, joined into records of up to a megabyte as Fluent Bit does. */
class Aggregate {
  readonly records: string[] = [];
  lines = 0;
  rawBytes = 0;
  inflatedBytes = 0;
  private text = '';

  constructor(
    private readonly service: Service,
    private readonly recordBytes: number,
    private readonly container: string,
  ) {}

  add(log: string, time: number): void {
    const record = this.fireLensRecord(log, time + (this.lines % 75_000));
    if (this.text !== '' && this.text.length + record.length > this.recordBytes) this.seal();
    this.text += record;
    this.lines++;
    this.rawBytes += Buffer.byteLength(log) + 1;
  }

  close(): this {
    if (this.text !== '') this.seal();
    return this;
  }

  private seal(): void {
    const data = Buffer.from(`${this.text}\n`);
    this.inflatedBytes += data.length;
    this.records.push(gzipSync(data, { level: 6 }).toString('base64'));
    this.text = '';
  }

  /** The record of a container on Fargate; each aggregate comes from the router of another task. */
  private fireLensRecord(log: string, time: number): string {
    const task = String(this.records.length % TASKS).padStart(32, '5b0d9a1c7a7a4e5a9f3e');
    return `${JSON.stringify({
      container_id: `${task}-${Buffer.from(this.service.padEnd(4)).readUInt32BE()}`,
      container_name: this.container,
      source: this.service === 'web-error' ? 'stderr' : 'stdout',
      log,
      ecs_cluster: 'prod',
      ecs_task_arn: `arn:aws:ecs:eu-west-1:123456789012:task/prod/${task}`,
      ecs_task_definition: `${this.service}:42`,
      time: new Date(time).toISOString().replace('Z', '000000Z'),
    })}\n`;
  }
}

/** Characters; Fluent Bit's limit is 1,024,000 bytes, and hardly a character here takes two. */
const RECORD_BYTES = 1_000_000;
/** Tasks of each service. */
const TASKS = 4;

function sizeOf(lines: readonly string[]): number {
  return total(lines, (line) => Buffer.byteLength(line) + 1);
}

function total<T>(items: readonly T[], size: (item: T) => number): number {
  return items.reduce((sum, item) => sum + size(item), 0);
}
