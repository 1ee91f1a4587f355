import { randomUUID } from 'node:crypto';
import type { ObjectFolder } from '../aws/objectFolder.js';
import type { StackEmitter } from '../events.js';
import type { Delivery, Held } from './backlog.js';
import { type Clock, pause } from './clock.js';
import type { Output } from './entry.js';
import { diskRetry, type Ledger, reason } from './ledger.js';
import { type ObjectBuffer, ObjectBuffers } from './objectBuffers.js';
import { evaluatePrefix } from './prefix.js';
import type { StreamConfig } from './streamConfig.js';
import { compileTimestampPattern } from './timestampPattern.js';

interface DeliveryStageOptions {
  readonly config: StreamConfig;
  readonly clock: Clock;
  readonly objects: ObjectFolder;
  readonly events: StackEmitter;
}

/** The stream's configuration never changes while it runs, so its version stays the first. */
export const configurationVersion = 1;

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
    this.buffers = new ObjectBuffers(options.config.hints, options.clock, (buffer) => this.deliver(buffer));
  }

  add(outputs: readonly Held<Output>[]): void {
    for (const output of outputs) this.buffers.add(output);
    if (this.ledger.pressed) this.buffers.handAll();
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
    const { objects, events } = this.options;
    const key = this.keyOf(buffer);
    const outputs = buffer.outputs.map((output) => output.sequence);
    let staged: string | undefined;
    let segment: number;
    try {
      staged = await objects.stage(buffer.outputs.map((output) => output.data));
      segment = await this.ledger.append({ kind: 'delivered', outputs, staged, key }, 1);
    } catch (error) {
      if (staged !== undefined) await objects.discard(staged).catch(() => undefined);
      return this.tryLater(buffer, error);
    }
    // From here on the object is delivered whatever happens: a restart would move it to its place.
    if (!(await this.commit(staged, key))) return;
    this.ledger.settle(segment);
    this.ledger.release(buffer.outputs);
    const bytes = buffer.outputs.reduce((sum, output) => sum + output.data.length, 0);
    events.emit('delivered', { key, bytes, records: outputs.length });
  }

  private async tryLater(buffer: ObjectBuffer, error: unknown): Promise<void> {
    this.failures++;
    this.options.events.emit('problem', `an object could not be written, trying again: ${reason(error)}`);
    await pause(this.options.clock, diskRetry);
    if (!this.stopped) for (const output of buffer.outputs) this.buffers.add(output);
  }

  private async commit(staged: string, key: string): Promise<boolean> {
    while (!this.stopped) {
      try {
        await this.options.objects.commit(staged, key);
        return true;
      } catch (error) {
        this.options.events.emit('problem', `${key} could not be moved to its place, trying again: ${reason(error)}`);
        await pause(this.options.clock, diskRetry);
      }
    }
    return false;
  }

  /** `<prefix><stream>-<version>-<time of the oldest record>-<uuid><extension>` */
  private keyOf({ kind, prefix, outputs }: ObjectBuffer): string {
    const { name, extension } = this.options.config;
    const oldest = outputs.reduce((least, output) => Math.min(least, output.arrival), Number.POSITIVE_INFINITY);
    const object = `${name}-${configurationVersion}-${objectTime(oldest)}-${randomUUID()}`;
    return `${evaluatePrefix(prefix, oldest)}${object}${kind === 'lines' ? extension : ''}`;
  }
}

const objectTime = compileTimestampPattern('yyyy-MM-dd-HH-mm-ss');

/**
 * Settles what a crash left in the staging folder: a file with a delivery entry becomes its object, any other is
 * removed, since its outputs are still in the journal.
 */
export async function finishDeliveries(objects: ObjectFolder, deliveries: readonly Delivery[]): Promise<void> {
  const keys = new Map(deliveries.map(({ staged, key }) => [staged, key]));
  for (const staged of await objects.staged()) {
    const key = keys.get(staged);
    if (key === undefined) await objects.discard(staged);
    else await objects.commit(staged, key);
  }
}
