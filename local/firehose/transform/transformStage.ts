import { firehose } from '../../../shared/limits.js';
import type { StackEmitter } from '../../events.js';
import type { Invoke } from '../../lambda/invocation.js';
import type { Clock } from '../clock.js';
import { type Backlog, type Held, isOneOf, type SealedBatch } from '../stream/backlog.js';
import type { Output, SourceRecord } from '../stream/entry.js';
import type { Ledger } from '../stream/ledger.js';
import { lambdaOf, type StreamConfig } from '../stream/streamConfig.js';
import type { StreamFaults } from '../stream/streamFaults.js';
import { LambdaBuffer } from './lambdaBuffer.js';
import { outputOf } from './output.js';
import { processRecords } from './processing.js';
import type { Failure } from './processors/failure.js';

interface TransformStageOptions {
  /** The stream's configuration as it is now. */
  config(): StreamConfig;
  readonly region: string;
  readonly clock: Clock;
  /** Invokes the function of this ARN. */
  invoke(functionArn: string): Invoke;
  readonly events: StackEmitter;
  readonly faults?: StreamFaults | undefined;
  readonly maxInvocations?: number | undefined;
  /** Takes accepted records that are to be backed up. */
  backUp(records: readonly Held<SourceRecord>[]): void;
  /** The active partitions. */
  openPrefixes(): Set<string>;
  /** Takes what the transform returned. */
  deliver(outputs: readonly Held<Output>[]): void;
}

/** Records that are in the journal, as they are to go on. */
interface Arrived {
  readonly records: readonly Held<SourceRecord>[];
  readonly backup: boolean;
}

interface Work {
  readonly sealed: SealedBatch;
  /** Whether the journal knows the batch. */
  readonly recorded: boolean;
}

/** What a running transform puts back on the stream. */
interface PutBack {
  /** Those that it may come from. */
  readonly invocations: readonly string[];
  /** Undefined when the journal refused it. */
  readonly arrived: Promise<Arrived | undefined>;
}

/** From accepted records to outputs: gathers batches, sends them through the transform, records what became of them. */
export class TransformStage {
  private readonly buffer: LambdaBuffer;
  private readonly work: Work[] = [];
  private readonly working = new Set<Promise<void>>();
  /** The attempts that are running now. */
  private readonly outstanding = new Set<string>();
  private putBack: PutBack[] = [];
  /** Prefixes of outputs that are being recorded, and so not yet among the active partitions. */
  private readonly recording = new Set<Set<string>>();
  private stopped = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly options: TransformStageOptions,
  ) {
    this.buffer = new LambdaBuffer(options.config, options.clock, (records) =>
      this.enqueue({ sealed: { batch: ledger.batch(), records }, recorded: false }),
    );
  }

  resume({ sealed, incoming }: Backlog): void {
    for (const batch of sealed) this.enqueue({ sealed: batch, recorded: true });
    for (const record of incoming) this.buffer.add(record);
  }

  /** Accepts records durably; rejects when the journal can't be written. */
  async accept(records: readonly SourceRecord[]): Promise<void> {
    this.arrive(await this.append(records));
  }

  /**
   * Accepts what a running transform puts back. It counts when the batch's outcome is recorded: if the stack dies
   * before that, the invocation is repeated, and so is the put.
   *
   * @param invocation the one that puts it, when the sender says so.
   */
  async acceptPutBack(records: readonly SourceRecord[], invocation: string | undefined): Promise<void> {
    const running = [...this.outstanding].filter((each) => invocation === undefined || each === invocation);
    if (running.length === 0) return this.accept(records);
    const appending = this.append(records, running);
    this.putBack.push({ invocations: running, arrived: appending.catch(() => undefined) });
    await appending;
  }

  /** Transforms everything that was accepted, put-backs included. */
  async drain(): Promise<void> {
    do {
      this.buffer.sealNow();
      await Promise.all(this.working);
    } while (!this.buffer.empty || this.working.size > 0);
  }

  /** Stops after the batches in hand. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.buffer.stop();
    await Promise.all(this.working);
  }

  private enqueue(item: Work): void {
    // What comes after the stop is in the journal, for the next start.
    if (this.stopped) return;
    this.work.push(item);
    if (this.working.size >= (this.options.maxInvocations ?? firehose.maxOutstandingInvocations)) return;
    const working = this.workOff().finally(() => this.working.delete(working));
    this.working.add(working);
  }

  private async workOff(): Promise<void> {
    for (let item = this.work.shift(); item && !this.stopped; item = this.work.shift()) {
      const { sealed, recorded } = item;
      const records = sealed.records.map((record) => record.sequence);
      if (!recorded) await this.ledger.persist({ kind: 'sealed', batch: sealed.batch, records }, 0);
      if (!this.stopped) await this.transform(sealed);
    }
  }

  private async transform({ batch, records }: SealedBatch): Promise<void> {
    const config = this.options.config();
    const first = await this.process(records, config);
    const again = this.options.faults?.redeliver() ? await this.process(records, config) : undefined;
    const invocations = [...first.invocations, ...(again?.invocations ?? [])];
    const returned = await this.takePutBack(invocations);

    const outputs: Output[] = [];
    const failures: Failure[] = [];
    const openPrefixes = new Set([this.options.openPrefixes(), ...this.recording].flatMap((each) => [...each]));
    for (const outcome of [...first.outcomes, ...(again?.outcomes ?? [])]) {
      const processed = outputOf(outcome, { sequence: this.ledger.sequence(), config, openPrefixes });
      if (processed) outputs.push(processed.output);
      if (processed?.failure) failures.push(processed.failure);
    }
    this.recording.add(openPrefixes);
    const segment = await this.ledger.persist({ kind: 'transformed', batch, invocations, outputs }, outputs.length);
    this.recording.delete(openPrefixes);
    // Stopped while the disk refused: the journal still has the batch to be transformed.
    if (segment === undefined) return;

    this.ledger.reserve(outputs);
    this.ledger.release(records);
    this.report(failures);
    this.options.deliver(outputs.map((output) => ({ ...output, segment })));
    for (const arrived of returned) this.arrive(arrived);
  }

  private async process(records: readonly SourceRecord[], config: StreamConfig): ReturnType<typeof processRecords> {
    const own: string[] = [];
    try {
      return await processRecords(records, config, {
        arn: config.arn,
        region: this.options.region,
        clock: this.options.clock,
        faults: this.options.faults,
        invoke: this.options.invoke(lambdaOf(config)?.arn ?? ''),
        starting: (invocation) => {
          for (const former of own.splice(0)) this.outstanding.delete(former);
          own.push(invocation);
          this.outstanding.add(invocation);
        },
      });
    } finally {
      for (const last of own) this.outstanding.delete(last);
    }
  }

  /** What may have been put back by these invocations, once the journal has it. */
  private async takePutBack(invocations: readonly string[]): Promise<readonly Arrived[]> {
    const theirs = this.putBack.filter((each) => isOneOf(each.invocations, invocations));
    this.putBack = this.putBack.filter((each) => !theirs.includes(each));
    return (await Promise.all(theirs.map((each) => each.arrived))).flatMap((arrived) => arrived ?? []);
  }

  private async append(records: readonly SourceRecord[], invocations?: readonly string[]): Promise<Arrived> {
    const backup = this.options.config().backup !== undefined;
    const entry = {
      kind: 'accepted' as const,
      records,
      ...(invocations === undefined ? {} : { invocations }),
      ...(backup ? { backup } : {}),
    };
    const segment = await this.ledger.append(entry, backup ? 2 * records.length : records.length);
    return { records: records.map((record) => ({ ...record, segment })), backup };
  }

  private arrive({ records, backup }: Arrived): void {
    if (backup) this.options.backUp(records);
    for (const record of records) this.buffer.add(record);
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
