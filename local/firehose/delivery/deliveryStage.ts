import type { StackEmitter } from '../../events.js';
import type { StagedStore } from '../../s3/store/stagedStore.js';
import { type Clock, pause } from '../clock.js';
import type { Held } from '../stream/backlog.js';
import type { Entry, Output, StagedObject } from '../stream/entry.js';
import { diskRetry, type Ledger, reason } from '../stream/ledger.js';
import type { StreamFaults } from '../stream/streamFaults.js';
import { errorLine } from './errorLine.js';
import { type ObjectBuffer, ObjectBuffers, type Waiting } from './objectBuffers.js';
import { type ObjectForm, objectBody, objectKey, type Retry } from './objectForm.js';

/** The store of a bucket; what is staged in it is staged by this stream alone. */
export type Buckets = (bucket: string) => StagedStore;

interface DeliveryStageOptions {
  readonly clock: Clock;
  readonly objects: Buckets;
  readonly events: StackEmitter;
  readonly faults?: StreamFaults | undefined;
  /** What notes that outputs (by their sequences) are on their way to an object. */
  entry(sequences: readonly number[], object: StagedObject): Entry;
}

/** From outputs to objects: gathers them by prefix and writes each object once. */
export class DeliveryStage {
  private readonly buffers: ObjectBuffers;
  private readonly deliveries = new Set<Promise<void>>();
  private failures = 0;
  private stopped = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly options: DeliveryStageOptions,
  ) {
    this.buffers = new ObjectBuffers(options.clock, (buffer) => this.deliver(buffer));
  }

  add(outputs: readonly Held<Output>[], form: ObjectForm): void {
    this.buffers.add(outputs, form);
    if (this.ledger.pressed) this.buffers.handAll();
  }

  /** The prefixes that lines are gathered for now: Firehose's active partitions. */
  openPrefixes(): Set<string> {
    return this.buffers.openPrefixes();
  }

  /**
   * Delivers everything, due or not.
   *
   * @throws when an object could not be written; its outputs are still in the journal.
   */
  async drain(): Promise<void> {
    const before = this.failures;
    this.buffers.handAll();
    await Promise.all(this.deliveries);
    if (this.failures > before) throw new Error('Not every object could be written; what is left is in the journal.');
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.buffers.stop();
    await Promise.all(this.deliveries);
  }

  private deliver(buffer: ObjectBuffer): void {
    const delivery = this.write(buffer).finally(() => this.deliveries.delete(delivery));
    this.deliveries.add(delivery);
  }

  private async write(buffer: ObjectBuffer): Promise<void> {
    const { objects, events, faults } = this.options;
    const { bucket } = buffer.form;
    const store = objects(bucket);
    const key = objectKey(buffer);
    const sequences = buffer.outputs.map((output) => output.sequence);
    let staged: string | undefined;
    let object: StagedObject;
    let segment: number;
    try {
      if (faults?.store() === 'error') throw new Error(`the store refused ${key}: an error on demand`);
      const { chunks, contentEncoding } = await objectBody(buffer);
      staged = await store.stage(chunks);
      object = { bucket, staged, key, ...(contentEncoding === undefined ? {} : { contentEncoding }) };
      segment = await this.ledger.append(this.options.entry(sequences, object), 1);
    } catch (error) {
      if (staged !== undefined) await store.discard(staged).catch(() => undefined);
      return this.tryLater(buffer, error);
    }
    // From here on the object is delivered whatever happens: a restart would move it to its place.
    if (!(await this.commit(store, object))) return;
    this.ledger.settle(segment);
    this.ledger.release(buffer.outputs);
    const bytes = buffer.outputs.reduce((sum, output) => sum + output.data.length, 0);
    const partitioned = buffer.kind === 'lines' && buffer.form.partitioned;
    events.emit('delivered', { key, bytes, records: sequences.length, partitioned });
    if (events.listenerCount('stored') > 0)
      events.emit('stored', { key, data: buffer.outputs.map(({ data }) => data) });
  }

  private async tryLater(buffer: ObjectBuffer, error: unknown): Promise<void> {
    this.failures++;
    this.options.events.emit('problem', `an object could not be written, trying again: ${reason(error)}`);
    const { clock } = this.options;
    const now = clock.now();
    const failing = buffer.outputs.map(({ failing, ...output }) => ({
      ...output,
      failing: { since: failing?.since ?? now, attempts: (failing?.attempts ?? 0) + 1 },
    }));
    const { retry } = buffer.form;
    const isOver = ({ failing: { since } }: (typeof failing)[number]) =>
      retry !== undefined && buffer.kind === 'lines' && now - since >= retry.duration;
    const over = failing.filter(isOver);
    if (retry && over.length > 0) this.giveUp(over, buffer.form, retry, error);
    const others = failing.filter((output) => !isOver(output));
    if (others.length === 0) return;
    await pause(clock, diskRetry);
    if (!this.stopped) this.buffers.add(others, buffer.form);
  }

  /** Sends outputs to the error prefix, where they are tried for as long as it takes. */
  private giveUp(outputs: readonly Waiting[], form: ObjectForm, retry: Retry, error: unknown): void {
    const message = `The object could not be written within ${retry.duration / 1000} seconds: ${reason(error)}`;
    const failure = { errorType: 'delivery-failed', code: 'S3.DeliveryFailed', message } as const;
    const prefix = retry.errorPrefix.errorPrefix(failure.errorType);
    const endedAt = this.options.clock.now();
    const lines = outputs.map(({ failing, ...output }): Waiting => {
      const { data, arrival } = output;
      const attempts = failing?.attempts ?? 1;
      const line = errorLine({ failure, attempts, arrival, endedAt, data, lambdaArn: retry.lambdaArn });
      return { ...output, kind: 'failure', prefix, data: line };
    });
    this.ledger.unreserve(outputs);
    this.ledger.reserve(lines);
    this.options.events.emit('failed', { ...failure, records: lines.length });
    this.buffers.add(lines, form);
  }

  private async commit(store: StagedStore, { staged, key, contentEncoding }: StagedObject): Promise<boolean> {
    while (!this.stopped) {
      try {
        await store.commit(staged, key, contentEncoding === undefined ? {} : { contentEncoding });
        return true;
      } catch (error) {
        this.options.events.emit('problem', `${key} could not be moved to its place, trying again: ${reason(error)}`);
        await pause(this.options.clock, diskRetry);
      }
    }
    return false;
  }
}

/**
 * Settles what a crash left staged: a file with a delivery entry becomes its object, any other is removed, since its
 * outputs are still in the journal.
 *
 * @param buckets those that the stream writes to now.
 */
export async function finishDeliveries(
  objects: Buckets,
  deliveries: readonly StagedObject[],
  buckets: readonly string[],
): Promise<void> {
  for (const bucket of new Set([...buckets, ...deliveries.map((delivery) => delivery.bucket)])) {
    const store = objects(bucket);
    const decided = new Map(deliveries.filter((each) => each.bucket === bucket).map((each) => [each.staged, each]));
    for (const staged of await store.staged()) {
      const object = decided.get(staged);
      if (object === undefined) await store.discard(staged);
      else {
        const { key, contentEncoding } = object;
        await store.commit(staged, key, contentEncoding === undefined ? {} : { contentEncoding });
        decided.delete(staged);
      }
    }
    // These were moved to their places; the crash may have come before that was told.
    for (const { key } of decided.values()) await store.announce?.(key);
  }
}
