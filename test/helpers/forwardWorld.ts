import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { httpForm } from '../../shared/forward/forms/http.js';
import type { ForwardDocuments, ForwardPorts, LandedObject, SinkAnswer } from '../../shared/forward/ports.js';

/** What kill -9 is to a worker in the same process: nothing after it happens. */
export class Killed extends Error {}

/** Rows of a landed object, as the transform writes them. */
export function landedRows(count: number, changes: (index: number) => object = () => ({})): string[] {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      ts: '2026-11-22 16:41:02.123',
      service: 'pay',
      message: `line ${index}`,
      record: '79cc5S5WbcsmoKxiBpt6P',
      line: index + 1,
      ...changes(index),
    }),
  );
}

export const anObject: LandedObject = {
  bucket: 'logs',
  key: 'logs/type=error/arrived=2026-11-22-16/a.json.gz',
  etag: 'e1',
  landed: Date.parse('2026-11-22T16:42:00Z'),
};

/** Documents in memory, with ETags by their content, as S3 has them. */
export class MemoryDocuments implements ForwardDocuments {
  readonly kept = new Map<string, Uint8Array>();

  async get(key: string) {
    const body = this.kept.get(key);
    return body && { body, etag: etagOf(body) };
  }

  async create(key: string, body: Uint8Array) {
    if (this.kept.has(key)) return false;
    this.kept.set(key, body);
    return true;
  }

  async replace(key: string, body: Uint8Array, etag: string) {
    const before = this.kept.get(key);
    if (!before || etagOf(before) !== etag) return undefined;
    this.kept.set(key, body);
    return etagOf(body);
  }
}

function etagOf(body: Uint8Array): string {
  return createHash('md5').update(body).digest('hex');
}

/** A sink in memory that answers as it is told, and takes lines of JSON. */
class MemorySink {
  readonly form = httpForm({});
  /** Requests that were taken, as their rows' ids. */
  readonly taken: (readonly string[])[] = [];
  posts = 0;

  constructor(private readonly answer: (post: number, ids: readonly string[]) => SinkAnswer) {}

  async post(body: string): Promise<SinkAnswer> {
    const rows = body.split('\n').filter((line) => line !== '');
    const ids = rows.map((row) => String((JSON.parse(row) as { readonly id: unknown }).id));
    const answer = this.answer(this.posts++, ids);
    if (answer.result === 'accepted') this.taken.push(ids);
    return answer;
  }
}

/** Time passes only in pauses. */
class PausingClock {
  readonly pauses: number[] = [];
  constructor(public time = Date.parse('2026-11-22T16:43:00Z')) {}

  now(): number {
    return this.time;
  }

  async pause(ms: number): Promise<void> {
    this.pauses.push(ms);
    this.time += ms;
  }
}

export interface World extends ForwardPorts {
  readonly sink: MemorySink;
  readonly documents: MemoryDocuments;
  readonly clock: PausingClock;
}

export function aWorld(rows: readonly string[], answer: (post: number, ids: readonly string[]) => SinkAnswer): World {
  return {
    sink: new MemorySink(answer),
    documents: new MemoryDocuments(),
    clock: new PausingClock(),
    open: async () => contentOf(rows),
  };
}

/** Gzip members one after the other, cut anywhere, as Firehose joins what the transform returns. */
async function* contentOf(rows: readonly string[]): AsyncGenerator<Uint8Array> {
  const half = Math.ceil(rows.length / 2);
  const members = [rows.slice(0, half), rows.slice(half)].map((part) =>
    gzipSync(part.map((row) => `${row}\n`).join('')),
  );
  const bytes = Buffer.concat(members);
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

export const accepted: SinkAnswer = { result: 'accepted' };
