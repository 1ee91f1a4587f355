import type { StackEmitter } from '../events.js';
import type { Invoke } from '../lambda/invocation.js';
import type { Backlog, Held, SealedBatch } from './backlog.js';
import type { Clock } from './clock.js';
import type { Output, SourceRecord } from './entry.js';
import { LambdaBuffer } from './lambdaBuffer.js';
import type { Ledger } from './ledger.js';
import { type Failure, outputOf } from './output.js';
import type { StreamConfig } from './streamConfig.js';
import { transformBatch } from './transformation.js';

interface TransformStageOptions {
  readonly config: StreamConfig;
  readonly region: string;
  readonly clock: Clock;
  readonly invoke: Invoke;
  readonly events: StackEmitter;
  /** Takes what the transform returned. */
  deliver(outputs: readonly Held<Output>[]): void;
}

/** From accepted records to outputs: gathers a batch, sends it through the transform, records what became of it. */
export class TransformStage {
  private readonly buffer: LambdaBuffer;
  private readonly work: { readonly sealed: SealedBatch; readonly recorded: boolean }[] = [];
  private readonly puttingBack = new Set<Promise<number>>();
  private putBack: Held<SourceRecord>[] = [];
  /** The attempt that is running now. */
  private invocation: string | undefined;
  private working: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly options: TransformStageOptions,
  ) {
    this.buffer = new LambdaBuffer(options.config.lambda.hints, options.clock, (records) =>
      this.enqueue({ sealed: { batch: ledger.batch(), records }, recorded: false }),
    );
  }

  resume({ sealed, incoming }: Backlog): void {
    for (const batch of sealed) this.enqueue({ sealed: batch, recorded: true });
    for (const record of incoming) this.buffer.add(record);
  }

  /** Accepts records durably; rejects when the journal can't be written. */
  async accept(records: readonly SourceRecord[]): Promise<void> {
    const segment = await this.ledger.append({ kind: 'accepted', records }, records.length);
    for (const record of records) this.buffer.add({ ...record, segment });
  }

  /**
   * Accepts what the running transform puts back. It counts when the batch's outcome is recorded: if the stack dies
   * before that, the invocation is repeated, and so is the put.
   */
  async acceptPutBack(records: readonly SourceRecord[]): Promise<void> {
    if (this.invocation === undefined) return this.accept(records);
    const appending = this.ledger.append({ kind: 'accepted', records, invocation: this.invocation }, records.length);
    this.puttingBack.add(appending);
    try {
      const segment = await appending;
      this.putBack.push(...records.map((record) => ({ ...record, segment })));
    } finally {
      this.puttingBack.delete(appending);
    }
  }

  /** Transforms everything that was accepted, put-backs included. */
  async drain(): Promise<void> {
    do {
      this.buffer.sealNow();
      await this.working;
    } while (!this.buffer.empty || this.working);
  }

  /** Stops after the batch in hand. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.buffer.stop();
    await this.working;
  }

  private enqueue(item: { readonly sealed: SealedBatch; readonly recorded: boolean }): void {
    // What comes after the stop is in the journal, for the next start.
    if (this.stopped) return;
    this.work.push(item);
    this.working ??= this.workOff();
  }

  /** One batch at a time keeps the order of arrival. */
  private async workOff(): Promise<void> {
    for (let item = this.work.shift(); item && !this.stopped; item = this.work.shift()) {
      const { sealed, recorded } = item;
      const records = sealed.records.map((record) => record.sequence);
      if (!recorded) await this.ledger.persist({ kind: 'sealed', batch: sealed.batch, records }, 0);
      if (!this.stopped) await this.transform(sealed);
    }
    this.working = undefined;
  }

  private async transform({ batch, records }: SealedBatch): Promise<void> {
    const { config, clock, deliver } = this.options;
    const { verdicts, attempts, invocations } = await transformBatch(records, {
      ...this.options,
      starting: (invocation) => {
        this.invocation = invocation;
      },
    });
    this.invocation = undefined;
    await Promise.allSettled(this.puttingBack);

    const outputs: Output[] = [];
    const failures: Failure[] = [];
    for (const [index, source] of records.entries()) {
      const verdict = verdicts[index];
      const context = { source, sequence: this.ledger.sequence(), config, attempts, endedAt: clock.now() };
      const processed = verdict && outputOf(verdict, context);
      if (processed) outputs.push(processed.output);
      if (processed?.failure) failures.push(processed.failure);
    }
    const segment = await this.ledger.persist({ kind: 'transformed', batch, invocations, outputs }, outputs.length);
    // Stopped while the disk refused: the journal still has the batch to be transformed.
    if (segment === undefined) return;

    this.ledger.reserve(outputs);
    this.ledger.release(records);
    this.report(failures);
    deliver(outputs.map((output) => ({ ...output, segment })));
    for (const record of this.putBack.splice(0)) this.buffer.add(record);
  }

  /** One event for each reason, not for each record. */
  private report(failures: readonly Failure[]): void {
    const counts = new Map<string, Failure & { records: number }>();
    for (const failure of failures) {
      const seen = counts.get(failure.code) ?? { ...failure, records: 0 };
      seen.records++;
      counts.set(failure.code, seen);
    }
    for (const counted of counts.values()) this.options.events.emit('failed', counted);
  }
}
