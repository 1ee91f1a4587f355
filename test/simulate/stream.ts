import { canarySent } from '../../shared/cost/traffic.js';
import { firehose } from '../../shared/limits.js';
import { quotas, recordsPerMiB, requestsPerMiB } from './setting.js';
import type { VirtualTime } from './virtualTime.js';

const MiB = 2 ** 20;
const second = 1000;

/** Records that were flushed together: each of one container, and each a request. */
export interface Flushed {
  /** When, ms since the epoch: their lines are those of the time since the flush before. */
  readonly at: number;
  readonly records: number;
  /** Records of canaries, which are none of the others: one of each router. */
  readonly canaries: number;
  /** Of all of them, as they are sent and as they were written. */
  readonly bytes: number;
  readonly rawBytes: number;
}

/** What one invocation of the transform gets. */
export interface Invocation extends Omit<Flushed, 'at'> {
  /** When its first and its last record were flushed. */
  readonly first: number;
  readonly last: number;
  /** When its first record arrived. */
  readonly arrived: number;
  /** Records that an invocation put back, which are none of the others. */
  readonly putBack: number;
}

export interface StreamSetting {
  readonly quotaMiB: number;
  /** What is gathered for an invocation: bytes, and milliseconds after the first. */
  readonly bufferBytes: number;
  readonly bufferInterval: number;
}

/** What became of a day's records. */
export interface StreamCounts {
  /** Requests that the stream refused at first. */
  throttled: number;
  /** Bytes that waited at the routers, the most at a time, and the longest that any waited, milliseconds. */
  mostWaiting: number;
  longestWait: number;
  /** Of the quota, the most that a second took: bytes and requests; and invocations under way. */
  mostBytes: number;
  mostRequests: number;
  mostOutstanding: number;
  /** Records as they are billed: each rounded up to 5 KB. */
  billedBytes: number;
  bytes: number;
  rawBytes: number;
  records: number;
}

/**
 * A Firehose stream with its quotas, and the routers that wait when it refuses what they send. Bytes flow by the second: how a second's
 * requests are spread over it makes no difference to anything that takes longer.
 */
export class Stream {
  readonly counts: StreamCounts = {
    throttled: 0,
    mostWaiting: 0,
    longestWait: 0,
    mostBytes: 0,
    mostRequests: 0,
    mostOutstanding: 0,
    billedBytes: 0,
    bytes: 0,
    rawBytes: 0,
    records: 0,
  };
  private readonly waiting: Flushed[] = [];
  private open: Open | undefined;
  private readonly ready: Invocation[] = [];
  private outstanding = 0;

  /** @param invoke resolves when the transform has answered */
  constructor(
    private readonly time: VirtualTime,
    private readonly setting: StreamSetting,
    private readonly invoke: (invocation: Invocation) => Promise<void>,
  ) {}

  /** Bytes that no invocation has had yet. */
  get behind(): number {
    const sum = (of: readonly { readonly bytes: number }[]) => of.reduce((total, { bytes }) => total + bytes, 0);
    return sum(this.waiting) + (this.open?.bytes ?? 0) + sum(this.ready);
  }

  /** What the stream takes in the second that begins now, of what waits and of what is flushed in it. */
  take(flushed: Flushed | undefined): void {
    if (flushed && requestsOf(flushed) > 0) this.waiting.push(flushed);
    const { quotaMiB } = this.setting;
    let room = { bytes: quotaMiB * MiB, records: quotaMiB * recordsPerMiB, requests: quotaMiB * requestsPerMiB };
    const now = this.time.now();
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      const requests = requestsOf(next);
      const part = Math.min(1, room.bytes / next.bytes, room.records / requests, room.requests / requests);
      if (part <= 0) break;
      const taken = partOf(next, part);
      room = {
        bytes: room.bytes - taken.bytes,
        records: room.records - requestsOf(taken),
        requests: room.requests - requestsOf(taken),
      };
      this.counts.longestWait = Math.max(this.counts.longestWait, now - taken.at);
      this.gather(taken);
      if (part === 1) this.waiting.shift();
      else {
        this.waiting[0] = partOf(next, 1 - part);
        // Each is tried again until it is taken: counted is the first time.
        if (next === flushed) this.counts.throttled += requests * (1 - part);
        break;
      }
      if (room.requests < 1e-9) break;
    }
    this.counts.mostBytes = Math.max(this.counts.mostBytes, quotaMiB * MiB - room.bytes);
    this.counts.mostRequests = Math.max(this.counts.mostRequests, quotaMiB * requestsPerMiB - room.requests);
    if (flushed && this.waiting.at(-1) === flushed) this.counts.throttled += requestsOf(flushed);
    this.counts.mostWaiting = Math.max(
      this.counts.mostWaiting,
      this.waiting.reduce((sum, { bytes }) => sum + bytes, 0),
    );
  }

  /** A record that the transform puts back. */
  putBack(bytes: number): void {
    const now = this.time.now();
    this.count({ at: now, records: 1, canaries: 0, bytes, rawBytes: 0 });
    const open = this.openAt(now);
    open.bytes += bytes;
    open.putBack++;
    if (open.bytes >= this.setting.bufferBytes) this.seal(open);
  }

  private gather(taken: Flushed): void {
    this.count(taken);
    let rest = taken;
    const now = this.time.now();
    while (rest.bytes > 1e-6) {
      const open = this.openAt(now);
      const part = Math.min(1, (this.setting.bufferBytes - open.bytes) / rest.bytes);
      const added = partOf(rest, part);
      open.bytes += added.bytes;
      open.rawBytes += added.rawBytes;
      open.records += added.records;
      open.canaries += added.canaries;
      open.first = Math.min(open.first, added.at);
      open.last = Math.max(open.last, added.at);
      rest = partOf(rest, 1 - part);
      if (part < 1 || open.bytes >= this.setting.bufferBytes) this.seal(open);
    }
  }

  private count({ records, canaries, bytes, rawBytes }: Flushed): void {
    const { counts } = this;
    counts.records += records + canaries;
    counts.bytes += bytes;
    counts.rawBytes += rawBytes;
    const { billingIncrementBytes } = firehose;
    const size = records > 0 ? (bytes - canaries * canarySent) / records : 0;
    counts.billedBytes += (records * Math.ceil(size / billingIncrementBytes) + canaries) * billingIncrementBytes;
  }

  private openAt(now: number): Open {
    if (this.open) return this.open;
    const open = {
      bytes: 0,
      rawBytes: 0,
      records: 0,
      canaries: 0,
      putBack: 0,
      first: Number.POSITIVE_INFINITY,
      last: 0,
      arrived: now,
    };
    this.open = open;
    this.time.at(now + this.setting.bufferInterval, () => {
      if (this.open === open) this.seal(open);
    });
    return open;
  }

  private seal(open: Open): void {
    this.open = undefined;
    const at = Number.isFinite(open.first) ? open : { ...open, first: open.arrived, last: open.arrived };
    this.ready.push(at);
    this.invokeNext();
  }

  private invokeNext(): void {
    while (this.outstanding < outstandingOf(this.setting.quotaMiB)) {
      const next = this.ready.shift();
      if (!next) return;
      this.counts.mostOutstanding = Math.max(this.counts.mostOutstanding, ++this.outstanding);
      void this.invoke(next).then(() => {
        this.outstanding--;
        this.invokeNext();
      });
    }
  }
}

/**
 * Invocations that a stream may have under way: AWS states so many for a shard, and not how many shards a stream of a raised quota has. One
 * for each 5 MiB/s is the least that is likely.
 */
export function outstandingOf(quotaMiB: number): number {
  return firehose.maxOutstandingInvocations * Math.max(1, Math.floor((quotaMiB * MiB) / quotas.bytesPerSecond));
}

type Open = { -readonly [K in keyof Invocation]: Invocation[K] };

/** Each record is sent in a request of its own: those of other containers have other tags. */
function requestsOf({ records, canaries }: Flushed): number {
  return records + canaries;
}

function partOf(flushed: Flushed, part: number): Flushed {
  return {
    at: flushed.at,
    records: flushed.records * part,
    canaries: flushed.canaries * part,
    bytes: flushed.bytes * part,
    rawBytes: flushed.rawBytes * part,
  };
}

/** A second's flushes are taken together. */
export const tick = second;
