import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StackEmitter, StackEvents } from '../events.js';
import type { Clock } from '../firehose/clock.js';
import { billedBytes } from '../ship/shipper.js';
import { linesOf } from './lines.js';
import { functionUsage, type KeptDays, newUsage, storedKind, storedKinds, streamUsage, type Usage } from './usage.js';

interface MeterOptions {
  /** The stack's data folder. */
  readonly data: string;
  readonly clock: Clock;
  readonly events: StackEmitter;
  /** As the bucket's lifecycle rules have it. */
  readonly kept: KeptDays;
}

/** The file is written at most this often (ms): a crash costs so much of the counting. */
const saveInterval = 1000;

/** Looking into records for their lines may take one part in so many of the time, after so many ms at the start. */
const lookEvery = 10;
const lookBurst = 2000;

/** Of records that wait to be looked into. */
const maxWaitingBytes = 8 * 2 ** 20;

/** Counts what AWS would bill for, over all runs on a data folder. */
export class Meter {
  private readonly startedAt: number;
  private readonly upBefore: number;
  private cancelSave: (() => void) | undefined;
  private saving: Promise<void> = Promise.resolve();
  private looking: Promise<void> = Promise.resolve();
  private waitingBytes = 0;
  /** ms that may be spent on looking, as of `lookCreditAt`. */
  private lookCredit = lookBurst;
  private lookCreditAt: number;

  private constructor(
    private readonly options: MeterOptions,
    private readonly counted: Usage,
  ) {
    this.startedAt = options.clock.now();
    this.lookCreditAt = this.startedAt;
    this.upBefore = counted.upMs;
    for (const [event, count] of Object.entries(this.listeners)) options.events.on(event as keyof StackEvents, count);
  }

  /** Goes on counting where the last run stopped. */
  static async open(options: MeterOptions): Promise<Meter> {
    const { data, clock, events, kept } = options;
    const found = await readUsage(data).catch((error: unknown) => {
      events.emit('problem', `${error instanceof Error ? error.message : error} Counting starts anew.`);
      return undefined;
    });
    const counted = found ?? newUsage(clock.now(), kept);
    for (const kind of storedKinds) counted.stored[kind].days = kept[kind];
    return new Meter(options, counted);
  }

  usage(): Usage {
    this.counted.upMs = this.upBefore + Math.max(0, this.options.clock.now() - this.startedAt);
    return this.counted;
  }

  /** Counts no more, and writes down what it has. */
  async close(): Promise<void> {
    for (const [event, count] of Object.entries(this.listeners)) {
      this.options.events.off(event as keyof StackEvents, count);
    }
    await this.looking;
    this.cancelSave?.();
    this.save();
    await this.saving;
  }

  private readonly listeners = {
    accepted: ({ stream, sender, data }: StackEvents['accepted'][0]) => {
      const usage = streamUsage(this.counted, stream);
      usage.records += data.length;
      for (const { length } of data) {
        usage.bytes += length;
        usage.billedBytes += billedBytes(length);
        if (sender === 'client') usage.clientBytes += length;
      }
      if (sender === 'client') this.look(stream, data);
      this.saveSoon();
    },
    delivered: ({ key, bytes, partitioned }: StackEvents['delivered'][0]) => {
      this.counted.objects++;
      this.store(key, bytes);
      if (partitioned) {
        this.counted.partitioning.objects++;
        this.counted.partitioning.bytes += bytes;
      }
      this.saveSoon();
    },
    invoked: ({ function: name, billedMs, memoryMb }: StackEvents['invoked'][0]) => {
      const usage = functionUsage(this.counted, name);
      usage.invocations++;
      usage.gbSeconds += (memoryMb / 1024) * (billedMs / 1000);
      this.saveSoon();
    },
    requested: ({ service, units }: StackEvents['requested'][0]) => {
      this.counted.requests[service] += units;
      this.saveSoon();
    },
    put: ({ key, bytes }: StackEvents['put'][0]) => {
      this.store(key, bytes);
      this.saveSoon();
    },
  };

  private store(key: string, bytes: number): void {
    const kind = storedKind(key);
    if (kind) this.counted.stored[kind].bytes += bytes;
  }

  /** Looks into the records, or leaves them to be taken for like the others when they come too fast. */
  private look(stream: string, data: readonly Uint8Array[]): void {
    const now = this.options.clock.now();
    this.lookCredit = Math.min(lookBurst, this.lookCredit + (now - this.lookCreditAt) / lookEvery);
    this.lookCreditAt = now;
    const bytes = data.reduce((sum, { length }) => sum + length, 0);
    if (this.lookCredit <= 0 || this.waitingBytes + bytes > maxWaitingBytes) return;
    this.waitingBytes += bytes;
    this.looking = this.looking.then(async () => {
      const started = this.options.clock.now();
      const found = await linesOf(data);
      this.lookCredit -= this.options.clock.now() - started;
      this.waitingBytes -= bytes;
      const { lines } = streamUsage(this.counted, stream);
      lines.sentBytes += found.sentBytes;
      lines.lines += found.lines;
      lines.rawBytes += found.rawBytes;
      lines.billedBytes += found.billedBytes;
      this.saveSoon();
    });
  }

  private saveSoon(): void {
    this.cancelSave ??= this.options.clock.after(saveInterval, () => this.save());
  }

  private save(): void {
    this.cancelSave = undefined;
    this.saving = this.saving
      .then(() => writeUsage(this.options.data, this.usage()))
      .catch((error: unknown) => {
        this.options.events.emit('problem', `the billing meter could not be saved: ${error}`);
      });
  }
}

/**
 * What was counted on a data folder; undefined when nothing ever was.
 *
 * @throws Error when the file is damaged, with the remedy.
 */
export async function readUsage(data: string): Promise<Usage | undefined> {
  const path = join(data, fileName);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const { version, usage } = JSON.parse(text) as { readonly version: unknown; readonly usage: Usage };
    if (version === fileVersion) {
      const streams = Object.assign(Object.create(null), usage.streams);
      const functions = Object.assign(Object.create(null), usage.functions);
      return { ...usage, streams, functions };
    }
  } catch {
    // As for another version: told below.
  }
  throw new Error(`The billing meter ${path} can't be read: remove it, and the counting starts anew.`);
}

const fileName = 'meter.json';
const fileVersion = 2;

/** Whole or not at all; and not forced to disk, since a power cut may cost some counting. */
async function writeUsage(data: string, usage: Usage): Promise<void> {
  const path = join(data, fileName);
  const text = JSON.stringify({ version: fileVersion, usage });
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
