import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError } from '../../aws/awsError.js';
import type { StackEmitter } from '../../events.js';
import type { Invoke } from '../../lambda/invocation.js';
import type { StagedStore } from '../../s3/store/stagedStore.js';
import type { Clock } from '../clock.js';
import { destinationConfig } from '../destination/destinationConfig.js';
import { BufferBound } from './bufferBound.js';
import { DeliveryStream, type DeliveryStreamOptions, type Sender } from './deliveryStream.js';
import { type Buffered, reason } from './ledger.js';
import type { StreamConfig } from './streamConfig.js';
import { StreamFolder, type StreamState } from './streamState.js';

export interface StreamsOptions {
  /** The stack's data folder. */
  readonly data: string;
  readonly region: string;
  readonly accountId: string;
  readonly clock: Clock;
  readonly events: StackEmitter;
  /** The stream of the template; its deletion and its updates last until the next start. */
  readonly template?: { readonly config: StreamConfig; readonly state: StreamState } | undefined;
  /** Milliseconds within which a line is to reach its object, instead of the streams' own intervals. */
  readonly flush?: number | undefined;
  /** How many streams there can be. */
  readonly limit: number;
  /** A bucket for one stream, which stages its objects in a folder of its own. */
  objects(bucket: string, staging: string): StagedStore;
  /** Milliseconds that a new stream is CREATING, and a deleted one DELETING; none when left out. */
  readonly stateTime?: number | undefined;
  /** What invokes a function. */
  invoke(functionArn: string): Invoke;
  /** What all streams together may buffer, in bytes. */
  readonly maxBufferedBytes?: number;
  /** Further options of every stream. */
  readonly more?: Pick<DeliveryStreamOptions, 'maxInvocations' | 'faults'>;
}

/** The streams of the account: the template's, and those that were made through the API and are kept on disk. */
export class Streams {
  private readonly registered = new Map<string, RegisteredStream>();
  /** Names of streams that are being made or deleted. */
  private readonly busy = new Set<string>();
  private readonly bound: BufferBound;
  /** End the states that pass. */
  private readonly timers = new Set<() => void>();
  private started = false;

  private constructor(private readonly options: StreamsOptions) {
    this.bound = new BufferBound(options.maxBufferedBytes);
  }

  /** Opens the template's stream and every kept one. Nothing is processed before `start`. */
  static async open(options: StreamsOptions): Promise<Streams> {
    const streams = new Streams(options);
    try {
      await streams.openAll();
      return streams;
    } catch (error) {
      await streams.close();
      throw error;
    }
  }

  get accountId(): string {
    return this.options.accountId;
  }

  /** In the order in which the API lists them. */
  names(): string[] {
    return [...this.registered.keys()].sort();
  }

  /**
   * A stream in whatever state.
   *
   * @throws AwsError when there is none of the name.
   */
  find(name: string): RegisteredStream {
    const stream = this.registered.get(name);
    if (stream) return stream;
    throw this.notFound(name);
  }

  /** @throws AwsError when there is no such stream, or it is not ACTIVE yet or any more: such a one takes no records. */
  findForPuts(name: string): RegisteredStream {
    const stream = this.find(name);
    if (stream.status === 'ACTIVE') return stream;
    throw this.notFound(name);
  }

  /**
   * A stream that can be changed.
   *
   * @throws AwsError when there is no such stream, or it is being made or deleted.
   */
  findForChange(name: string): RegisteredStream {
    if (this.busy.has(name)) throw this.inUse(name);
    const stream = this.find(name);
    if (stream.status === 'ACTIVE') return stream;
    throw this.inUse(name);
  }

  arnOf(name: string): string {
    return `arn:aws:firehose:${this.options.region}:${this.accountId}:deliverystream/${name}`;
  }

  now(): number {
    return this.options.clock.now();
  }

  /**
   * Makes a stream; it can be used when this resolves, or when it has been CREATING.
   *
   * @throws AwsError when the name is taken or there are too many; InvalidDestination for what Firehose would refuse.
   */
  async create(state: StreamState): Promise<RegisteredStream> {
    const { name } = state;
    if (this.registered.has(name) || this.busy.has(name)) {
      throw new AwsError('ResourceInUseException', `Firehose ${name} under accountId ${this.accountId} already exists`);
    }
    if (this.registered.size + this.busy.size >= this.options.limit) {
      throw new AwsError(
        'LimitExceededException',
        `You have already consumed your firehose quota of ${this.options.limit} hoses. Please increase your limit`,
      );
    }
    const config = this.configOf(state);
    return this.whileBusy(name, async () => {
      const folder = await StreamFolder.create(this.folder, state);
      try {
        const stream = await this.register(state, config, { kind: 'kept', folder });
        this.passState(stream, 'CREATING', () => {
          stream.status = 'ACTIVE';
        });
        return stream;
      } catch (error) {
        await folder.remove();
        throw error;
      }
    });
  }

  /**
   * Deletes a stream with all that it has not delivered.
   *
   * @throws AwsError when there is no such stream, or it is being made or deleted.
   */
  async delete(name: string): Promise<void> {
    const stream = this.findForChange(name);
    this.passState(stream, 'DELETING', () => this.registered.delete(name));
    await this.whileBusy(name, () => stream.remove());
  }

  /** Takes up what was left from before and starts the timers. */
  start(): void {
    this.started = true;
    for (const stream of this.registered.values()) stream.delivery.start();
  }

  /** What all of them have accepted and not delivered yet. */
  get buffered(): Buffered {
    const each = [...this.registered.values()].map(({ delivery }) => delivery.buffered);
    return {
      items: each.reduce((sum, { items }) => sum + items, 0),
      bytes: each.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  /** Processes and delivers everything that was accepted. */
  async flush(): Promise<void> {
    await Promise.all(this.open().map((stream) => stream.delivery.flush()));
  }

  /** Stops without flushing; what is left is taken up at the next start. */
  async close(): Promise<void> {
    for (const cancel of this.timers) cancel();
    await Promise.all(this.open().map((stream) => stream.delivery.close()));
  }

  /** Those that a deletion has not closed. */
  private open(): RegisteredStream[] {
    return [...this.registered.values()].filter(({ status }) => status !== 'DELETING');
  }

  /** Lets a state pass: at once, unless states take time here. */
  private passState(stream: RegisteredStream, status: 'CREATING' | 'DELETING', next: () => void): void {
    const { stateTime = 0, clock } = this.options;
    if (stateTime === 0) {
      next();
      return;
    }
    stream.status = status;
    const cancel = clock.after(stateTime, () => {
      this.timers.delete(cancel);
      next();
    });
    this.timers.add(cancel);
  }

  private notFound(name: string): AwsError {
    return new AwsError('ResourceNotFoundException', `Firehose ${name} under account ${this.accountId} not found.`);
  }

  private inUse(name: string): AwsError {
    return new AwsError('ResourceInUseException', `Firehose ${name} under accountId ${this.accountId} is in use.`);
  }

  private get folder(): string {
    return join(this.options.data, 'streams');
  }

  private async openAll(): Promise<void> {
    const { template, events, data } = this.options;
    if (template) {
      const place = { kind: 'template', journal: join(data, 'journal'), staging: join(data, 'staging') } as const;
      await this.register(template.state, template.config, place);
    }
    for (const { folder, state } of await StreamFolder.list(this.folder)) {
      if (this.registered.has(state.name)) {
        events.emit('problem', `${folder.path} is left aside: the template has a stream ${state.name} now`);
        continue;
      }
      await this.register(state, this.keptConfig(folder, state), { kind: 'kept', folder });
    }
  }

  private keptConfig(folder: StreamFolder, state: StreamState): StreamConfig {
    try {
      return this.configOf(state);
    } catch (error) {
      throw new Error(`${folder.path} keeps a stream that can't be opened, mend or remove it: ${reason(error)}`);
    }
  }

  private configOf({ name, version, destination }: StreamState): StreamConfig {
    return destinationConfig(name, this.arnOf(name), version, destination, this.options.flush);
  }

  private async register(state: StreamState, config: StreamConfig, place: Place): Promise<RegisteredStream> {
    const { region, clock, events, invoke, objects, more } = this.options;
    const { journal, staging } = place.kind === 'kept' ? place.folder : place;
    const delivery = await DeliveryStream.open({
      config,
      region,
      clock,
      journal,
      objects: (bucket) => objects(bucket, staging),
      invoke,
      events,
      bound: this.bound,
      ...more,
    });
    if (this.started) delivery.start();
    const stream = new RegisteredStream(state, delivery, place, clock, (changed) => this.configOf(changed));
    this.registered.set(state.name, stream);
    return stream;
  }

  private async whileBusy<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.busy.add(name);
    try {
      return await work();
    } finally {
      this.busy.delete(name);
    }
  }
}

/** Where a stream keeps what it has not delivered. */
type Place =
  | { readonly kind: 'template'; readonly journal: string; readonly staging: string }
  | { readonly kind: 'kept'; readonly folder: StreamFolder };

/** A stream with what the API tells of it. */
export class RegisteredStream {
  status: 'CREATING' | 'ACTIVE' | 'DELETING' = 'ACTIVE';
  private changing: Promise<unknown> = Promise.resolve();

  constructor(
    private current: StreamState,
    readonly delivery: DeliveryStream,
    /** Where it is kept; the template's stream has only a journal. */
    private readonly place: Place,
    private readonly clock: Clock,
    private readonly configOf: (state: StreamState) => StreamConfig,
  ) {}

  get state(): StreamState {
    return this.current;
  }

  get arn(): string {
    return this.delivery.config.arn;
  }

  get encrypted(): boolean {
    return this.current.encryption.status === 'ENABLED';
  }

  now(): number {
    return this.clock.now();
  }

  put(records: readonly Buffer[], sender: Sender, invocation?: string): Promise<number> {
    return this.delivery.put(records, sender, invocation);
  }

  /**
   * Changes what the API tells, one change after the other; a new version is in force for what is buffered from then
   * on. What `next` throws leaves everything as it was.
   */
  async change(next: (state: StreamState) => StreamState): Promise<void> {
    const changed = this.changing.then(async () => {
      const state = next(this.current);
      if (state === this.current) return;
      const config = state.version === this.current.version ? undefined : this.configOf(state);
      if (this.place.kind === 'kept') await this.place.folder.write(state);
      this.current = state;
      if (config) this.delivery.reconfigure(config);
    });
    this.changing = changed.catch(() => undefined);
    await changed;
  }

  /** Closes the stream and removes what it kept; the template's stream only forgets what it had not delivered. */
  async remove(): Promise<void> {
    await this.changing;
    await this.delivery.close();
    if (this.place.kind === 'kept') await this.place.folder.remove();
    else await rm(this.place.journal, { recursive: true, force: true });
  }
}
