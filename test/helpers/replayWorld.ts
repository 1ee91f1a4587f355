import { createHash } from 'node:crypto';
import { replay } from '../../shared/bounds.js';
import type { RecordStream } from '../../shared/partitions/storage.js';
import { answerEvent } from '../../shared/replay/answerEvent.js';
import { findObjects } from '../../shared/replay/find.js';
import { Pace } from '../../shared/replay/pace.js';
import type {
  FoundObject,
  ObjectPlace,
  ReplayClock,
  ReplayDocuments,
  ReplayQueue,
  ReplayTask,
  SourceObjects,
} from '../../shared/replay/ports.js';
import { putObjectBack } from '../../shared/replay/putObjectBack.js';

interface Kept {
  body: Buffer;
  etag: string;
  modified: number;
  tags: Readonly<Record<string, string>>;
}

/** What happens to a call: nothing, or it fails before or after it had its effect. */
export type Fate = 'works' | 'fails before' | 'fails after';

/** All that a replay works on, in memory: S3, SQS and the stream, each of whose calls may fail. */
export class ReplayWorld {
  /** `bucket/key` → object. */
  readonly kept = new Map<string, Kept>();
  readonly queued: ReplayTask[] = [];
  /** What the stream took, in order. */
  readonly onStream: Buffer[] = [];
  /** Told of each tag before it is set. */
  onTag: (place: ObjectPlace) => void = () => undefined;
  /** Asked at each call. */
  fate: (call: string) => Fate = () => 'works';
  time = Date.parse('2026-11-28T14:12:00Z');

  readonly clock: ReplayClock = {
    now: () => this.time,
    pause: async (ms) => {
      this.time += ms;
    },
  };

  add(bucket: string, key: string, body: Buffer | string, modified = this.time): void {
    const bytes = Buffer.from(body);
    this.kept.set(`${bucket}/${key}`, { body: bytes, etag: etagOf(bytes), modified, tags: {} });
  }

  tagsOf(bucket: string, key: string): Readonly<Record<string, string>> {
    return this.kept.get(`${bucket}/${key}`)?.tags ?? {};
  }

  readonly objects: SourceObjects = {
    list: (bucket, prefix, after) => this.list(bucket, prefix, after),
    folders: (bucket, prefix) =>
      this.call('folders', () => {
        const names = this.keys(bucket).filter((key) => key.startsWith(prefix) && key.indexOf('/', prefix.length) > 0);
        return [...new Set(names.map((key) => key.slice(0, key.indexOf('/', prefix.length) + 1)))].sort();
      }),
    find: (place) => this.call('find', () => this.found(place)),
    open: (object) =>
      this.call('open', () => {
        const kept = this.kept.get(nameOf(object));
        return kept?.etag === object.etag ? chunksOf(kept.body, Math.max(777, kept.body.length >> 10)) : undefined;
      }),
    tags: (place) => this.call('tags', () => this.kept.get(nameOf(place))?.tags ?? {}),
    tag: (place, tags) =>
      this.call('tag', () => {
        this.onTag(place);
        const kept = this.kept.get(nameOf(place));
        if (kept) kept.tags = tags;
      }),
  };

  readonly documents: ReplayDocuments = {
    get: (key) =>
      this.call('get', () => {
        const kept = this.kept.get(`logs/${key}`);
        return kept && { body: kept.body, etag: kept.etag };
      }),
    create: (key, body) =>
      this.call('create', () => {
        if (this.kept.has(`logs/${key}`)) return false;
        this.add('logs', key, Buffer.from(body));
        return true;
      }),
    replace: (key, body, etag) =>
      this.call('replace', () => {
        if (this.kept.get(`logs/${key}`)?.etag !== etag) return undefined;
        this.add('logs', key, Buffer.from(body));
        return this.kept.get(`logs/${key}`)?.etag;
      }),
  };

  readonly queue: ReplayQueue = { send: (tasks) => this.call('send', () => void this.queued.push(...tasks)) };

  readonly stream: RecordStream = {
    putBatch: (records) =>
      this.call('put', () => {
        this.onStream.push(...records.map((record) => Buffer.from(record)));
        return [];
      }),
  };

  readonly pace = new Pace({ records: 1e9, bytes: 1e9 }, this.clock);

  private async *list(bucket: string, prefix: string, after = ''): AsyncGenerator<FoundObject> {
    const keys = await this.call('list', () => this.keys(bucket));
    for (const key of keys.filter((each) => each.startsWith(prefix) && each > after).sort()) {
      const object = this.found({ bucket, key });
      if (object) yield object;
    }
  }

  private keys(bucket: string): string[] {
    return [...this.kept.keys()]
      .filter((name) => name.startsWith(`${bucket}/`))
      .map((name) => name.slice(bucket.length + 1));
  }

  private found({ bucket, key }: ObjectPlace): FoundObject | undefined {
    const kept = this.kept.get(`${bucket}/${key}`);
    return kept && { bucket, key, etag: kept.etag, size: kept.body.length, modified: kept.modified };
  }

  private async call<T>(name: string, work: () => T): Promise<T> {
    const fate = this.fate(name);
    if (fate === 'fails before') throw new Error(`${name} failed`);
    const result = work();
    if (fate === 'fails after') throw new Error(`${name} was not answered`);
    return result;
  }
}

/** That sign labels in {@link ReplayWorld}. */
export const replayKeys: [string, string] = ['new key', 'old key'];

export function ask(world: ReplayWorld, event: unknown): Promise<Readonly<Record<string, unknown>>> {
  return answerEvent(event, { bucket: 'logs', keys: replayKeys, pace: { records: 1000, bytes: 1e6 } }, world);
}

/** Begins a replay and does what it queues, each task until it is done or dead; resolves to those that are dead. */
export async function runReplay(
  world: ReplayWorld,
  event: object,
  timeOf = () => 60_000,
): Promise<{ id: string; dead: ReplayTask[] }> {
  const { fate } = world;
  world.fate = () => 'works';
  const { replay: id } = await ask(world, { ...event, dryRun: false });
  world.fate = fate;
  return { id: String(id), dead: await workOff(world, timeOf) };
}

export async function workOff(world: ReplayWorld, timeOf: () => number): Promise<ReplayTask[]> {
  const receives = new Map<ReplayTask, number>();
  const dead: ReplayTask[] = [];
  for (let task = world.queued.shift(); task; task = world.queued.shift()) {
    try {
      await work(world, task, world.time + timeOf());
    } catch {
      const received = (receives.get(task) ?? 0) + 1;
      receives.set(task, received);
      if (received >= replay.maxAttempts) dead.push(task);
      else world.queued.push(task);
    }
  }
  return dead;
}

export async function work(world: ReplayWorld, { replay: id, object }: ReplayTask, until: number): Promise<void> {
  if (object === undefined) await findObjects(id, 'logs', world, until);
  else await putObjectBack(id, object, replayKeys, world, until);
}

/** In pieces of a size that no format expects. */
export async function* chunksOf(body: Buffer, size = 777): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < body.length; start += size) yield body.subarray(start, start + size);
}

function nameOf({ bucket, key }: ObjectPlace): string {
  return `${bucket}/${key}`;
}

function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

/** A line of Firehose's error output, in one of the ways it has been spelled. */
export function failedLine(data: Buffer | string, more: Readonly<Record<string, unknown>> = {}): string {
  return `${JSON.stringify({
    attemptsMade: 4,
    arrivalTimestamp: Date.parse('2026-11-28T13:05:00Z'),
    errorCode: 'Lambda.FunctionError',
    errorMessage: 'The Lambda function was successfully invoked but it returned an error result.',
    attemptEndingTimestamp: Date.parse('2026-11-28T13:06:00Z'),
    rawData: Buffer.from(data).toString('base64'),
    lambdaArn: 'arn:aws:lambda:us-east-1:000000000000:function:firesplit-local-transform',
    ...more,
  })}\n`;
}
