import type { StackEmitter } from '../../events.js';
import type { Invoke } from '../../lambda/invocation.js';
import type { Clock } from '../clock.js';
import { type Buckets, DeliveryStage, finishDeliveries } from '../delivery/deliveryStage.js';
import { backupForm, deliveredForm } from '../delivery/objectForm.js';
import { TransformStage } from '../transform/transformStage.js';
import { type Backlog, backlogOf, type Held } from './backlog.js';
import type { BufferBound } from './bufferBound.js';
import type { SourceRecord } from './entry.js';
import { Journal } from './journal.js';
import { type Buffered, Ledger } from './ledger.js';
import type { StreamConfig } from './streamConfig.js';
import type { StreamFaults } from './streamFaults.js';

export interface DeliveryStreamOptions {
  readonly config: StreamConfig;
  readonly region: string;
  readonly clock: Clock;
  /** Folder of the journal. */
  readonly journal: string;
  /** The store of a bucket, with a staging area that no other stream uses. */
  readonly objects: Buckets;
  /** Invokes the function of this ARN. */
  readonly invoke: (functionArn: string) => Invoke;
  readonly events: StackEmitter;
  readonly faults?: StreamFaults;
  /** How much may be buffered, with the other streams; one of its own when left out. */
  readonly bound?: BufferBound;
  /** Invocations at a time; as many as Firehose has when left out. */
  readonly maxInvocations?: number;
}

/** Who puts records: somebody outside, or the transform while it runs. */
export type Sender = 'client' | 'transform';

/**
 * One Firehose stream: accepts records durably, buffers them for the transform, buffers what it returns by partition,
 * and delivers objects; beside that it backs the source records up, if it is to. Every step is in the journal before
 * its effect shows, so a crash at any time loses nothing and repeats nothing.
 */
export class DeliveryStream {
  readonly createdAt: number;
  private current: StreamConfig;
  private readonly transforming: TransformStage;
  private readonly delivering: DeliveryStage;
  private readonly backingUp: DeliveryStage;

  private constructor(
    private readonly options: DeliveryStreamOptions,
    private readonly ledger: Ledger,
    private readonly backlog: Backlog,
  ) {
    this.createdAt = options.clock.now();
    this.current = options.config;
    this.delivering = new DeliveryStage(ledger, {
      ...options,
      entry: (outputs, object) => ({ kind: 'delivered', outputs, object }),
    });
    this.backingUp = new DeliveryStage(ledger, {
      ...options,
      entry: (records, object) => ({ kind: 'backedUp', records, object }),
    });
    this.transforming = new TransformStage(ledger, {
      ...options,
      config: () => this.current,
      backUp: (records) => this.backUp(records),
      openPrefixes: () => this.delivering.openPrefixes(),
      deliver: (outputs) => this.delivering.add(outputs, deliveredForm(this.current)),
    });
  }

  /** Reads the journal and finishes the deliveries that a crash interrupted. Nothing is processed before `start`. */
  static async open(options: DeliveryStreamOptions): Promise<DeliveryStream> {
    const { journal, entries, torn } = await Journal.open(options.journal);
    if (torn > 0) options.events.emit('problem', `cut ${torn} bytes of an unacknowledged put off the journal`);
    const backlog = backlogOf(entries);
    const forms = [deliveredForm(options.config), backupForm(options.config)];
    const buckets = forms.flatMap((form) => form?.bucket ?? []);
    await finishDeliveries(options.objects, backlog.deliveries, buckets);
    return new DeliveryStream(options, new Ledger(journal, { ...options, backlog }), backlog);
  }

  get config(): StreamConfig {
    return this.current;
  }

  /** What was accepted and no object has yet. */
  get buffered(): Buffered {
    return this.ledger.buffered;
  }

  /** Takes an updated destination for what is buffered from now on. */
  reconfigure(config: StreamConfig): void {
    this.current = config;
  }

  /** Takes up what was left from before and starts the timers. */
  start(): void {
    this.delivering.add(this.backlog.outputs, deliveredForm(this.current));
    this.backUp(this.backlog.backups);
    this.transforming.resume(this.backlog);
  }

  /**
   * Accepts as many records, from the first on, as there is room for. The transform is never refused: its records are
   * part of what was accepted before.
   *
   * @param invocation the invocation of the transform that puts them, if it is known.
   * @returns how many were accepted; they are on disk.
   * @throws when the journal can't be written; then none was accepted.
   */
  async put(data: readonly Buffer[], sender: Sender, invocation?: string): Promise<number> {
    const arrival = this.options.clock.now();
    // A record that is backed up is waiting twice: to be processed, and for its backup.
    const times = this.current.backup === undefined ? 1 : 2;
    const fitting = sender === 'transform' ? data : data.slice(0, this.accepted(data, times));
    if (fitting.length === 0) return 0;
    const records = fitting.map((each) => ({ sequence: this.ledger.sequence(), arrival, data: each }));
    for (let time = 0; time < times; time++) this.ledger.reserve(records);
    try {
      if (sender === 'transform') await this.transforming.acceptPutBack(records, invocation);
      else await this.transforming.accept(records);
    } catch (error) {
      for (let time = 0; time < times; time++) this.ledger.unreserve(records);
      throw error;
    }
    this.options.events.emit('accepted', { stream: this.current.name, sender, data: fitting });
    return records.length;
  }

  /**
   * Transforms and delivers everything that was accepted, put-backs included.
   *
   * @throws when an object could not be written; its records stay in the journal.
   */
  async flush(): Promise<void> {
    await this.transforming.drain();
    await Promise.all([this.delivering.drain(), this.backingUp.drain()]);
  }

  /** Stops at the next safe point without flushing; what is left is taken up at the next start. */
  async close(): Promise<void> {
    this.ledger.stop();
    await this.transforming.stop();
    await Promise.all([this.delivering.stop(), this.backingUp.stop()]);
    await this.ledger.close();
  }

  private accepted(data: readonly Buffer[], times: number): number {
    const throttled = this.options.faults?.puts(data.length) ?? 0;
    return Math.min(data.length - throttled, this.ledger.room(data, times));
  }

  private backUp(records: readonly Held<SourceRecord>[]): void {
    const form = backupForm(this.current);
    const prefix = this.current.backup?.prefix.partitionFor({ lambda: {}, query: {} });
    if (form && prefix?.found) {
      const outputs = records.map((record) => ({ ...record, kind: 'lines' as const, prefix: prefix.prefix }));
      this.backingUp.add(outputs, form);
      // Else there is nowhere for them to go any more: the template no longer has a backup.
    } else this.ledger.release(records);
  }
}
