import type { ObjectFolder } from '../aws/objectFolder.js';
import type { StackEmitter } from '../events.js';
import type { Invoke } from '../lambda/invocation.js';
import { type Backlog, backlogOf } from './backlog.js';
import type { Clock } from './clock.js';
import { DeliveryStage, finishDeliveries } from './deliveryStage.js';
import { Journal } from './journal.js';
import { Ledger } from './ledger.js';
import type { StreamConfig } from './streamConfig.js';
import { TransformStage } from './transformStage.js';

export interface DeliveryStreamOptions {
  readonly config: StreamConfig;
  readonly region: string;
  readonly clock: Clock;
  /** Folder of the journal. */
  readonly journal: string;
  readonly objects: ObjectFolder;
  /** The transform. */
  readonly invoke: Invoke;
  readonly events: StackEmitter;
  readonly maxBufferedBytes?: number;
}

/** Who puts records: somebody outside, or the transform while it runs. */
export type Sender = 'client' | 'transform';

/**
 * One Firehose stream: accepts records durably, buffers them for the transform, buffers what it returns by partition,
 * and delivers objects. Every step is in the journal before its effect shows, so a crash at any time loses nothing and
 * repeats nothing.
 */
export class DeliveryStream {
  readonly createdAt: number;
  private readonly transforming: TransformStage;
  private readonly delivering: DeliveryStage;

  private constructor(
    private readonly options: DeliveryStreamOptions,
    private readonly ledger: Ledger,
    private readonly backlog: Backlog,
  ) {
    this.createdAt = options.clock.now();
    this.delivering = new DeliveryStage(ledger, options);
    this.transforming = new TransformStage(ledger, {
      ...options,
      deliver: (outputs) => this.delivering.add(outputs),
    });
  }

  /** Reads the journal and finishes the deliveries that a crash interrupted. Nothing is processed before `start`. */
  static async open(options: DeliveryStreamOptions): Promise<DeliveryStream> {
    const { journal, entries, torn } = await Journal.open(options.journal);
    if (torn > 0) options.events.emit('problem', `cut ${torn} bytes of an unacknowledged put off the journal`);
    const backlog = backlogOf(entries);
    await finishDeliveries(options.objects, backlog.deliveries);
    return new DeliveryStream(options, new Ledger(journal, { ...options, backlog }), backlog);
  }

  get config(): StreamConfig {
    return this.options.config;
  }

  /** Takes up what was left from before and starts the timers. */
  start(): void {
    this.delivering.add(this.backlog.outputs);
    this.transforming.resume(this.backlog);
  }

  /**
   * Accepts as many records, from the first on, as there is room for. The transform is never refused: its records are
   * part of what was accepted before.
   *
   * @returns how many were accepted; they are on disk.
   * @throws when the journal can't be written; then none was accepted.
   */
  async put(data: readonly Buffer[], sender: Sender): Promise<number> {
    const arrival = this.options.clock.now();
    const fitting = sender === 'transform' ? data : data.slice(0, this.ledger.room(data));
    if (fitting.length === 0) return 0;
    const records = fitting.map((each) => ({ sequence: this.ledger.sequence(), arrival, data: each }));
    this.ledger.reserve(records);
    try {
      if (sender === 'transform') await this.transforming.acceptPutBack(records);
      else await this.transforming.accept(records);
    } catch (error) {
      this.ledger.unreserve(records);
      throw error;
    }
    return records.length;
  }

  /**
   * Transforms and delivers everything that was accepted, put-backs included.
   *
   * @throws when an object could not be written; its records stay in the journal.
   */
  async flush(): Promise<void> {
    await this.transforming.drain();
    await this.delivering.drain();
  }

  /** Stops at the next safe point without flushing; what is left is taken up at the next start. */
  async close(): Promise<void> {
    this.ledger.stop();
    await this.transforming.stop();
    await this.delivering.stop();
    await this.ledger.close();
  }
}
