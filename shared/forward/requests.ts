import { forward as limits } from '../bounds.js';
import type { NumberedEntry, Room } from './batches.js';
import type { ForwardPorts, SinkAnswer } from './ports.js';
import type { Refused } from './refused.js';

/** What an attempt has done. */
export interface Tally {
  /** Entries that the sink has acknowledged. */
  sent: number;
  /** Of their requests, before compression. */
  bytes: number;
  /** Requests that the sink has acknowledged. */
  requests: number;
  /** Entries that were refused for good. */
  refused: number;
  /** What the sink said of entries that it has not taken. */
  remark?: string;
}

/** Why an attempt ends before its object does. */
export type Ended =
  | { readonly state: 'left' }
  | { readonly state: 'failed'; readonly reason: string; readonly after?: number };

/** Where the requests of an attempt are noted. */
export interface Notes {
  /** Before a request: nobody else may send it meanwhile. */
  hold(): Promise<void>;
  /** After it. */
  settle(rows: number, refused: readonly Refused[]): Promise<void>;
}

/** The requests of one attempt, one after the other, each noted before the next one is sent. */
export class Requests {
  readonly tally: Tally = { sent: 0, bytes: 0, requests: 0, refused: 0 };

  constructor(
    private readonly ports: Pick<ForwardPorts, 'sink' | 'clock'>,
    private readonly room: Room,
    /** No request is begun that could be answered later than this, ms since the epoch. */
    private readonly until: number,
    private readonly notes: Notes,
  ) {}

  /**
   * @param end so many rows of the object are settled with the last of the entries
   * @returns undefined when all of them are
   */
  async send(entries: readonly NumberedEntry[], end: number): Promise<Ended | undefined> {
    const [first, ...others] = entries;
    if (!first) return undefined;
    const body = this.ports.sink.form.body(entries);
    const answer = await this.post(body);
    if ('state' in answer) return answer;
    if (answer.result === 'accepted') {
      const { reason = 'the sink does not say why' } = answer;
      const rejected = Math.min(answer.rejected ?? 0, entries.length);
      if (rejected > 0) this.tally.remark = reason;
      this.count(body, entries.length - rejected, rejected);
      await this.notes.settle(end, []);
      return undefined;
    }
    if (others.length === 0) {
      this.tally.refused++;
      await this.notes.settle(end, [{ number: first.number, reason: answer.reason, row: first.json }]);
      return undefined;
    }
    return this.sendHalves(entries, end, Buffer.byteLength(body));
  }

  /** What comes after them is made smaller from the beginning. */
  private async sendHalves(entries: readonly NumberedEntry[], end: number, bytes: number): Promise<Ended | undefined> {
    this.room.maxBytes = Math.min(this.room.maxBytes, Math.ceil(bytes / 2));
    const middle = Math.ceil(entries.length / 2);
    const later = entries.slice(middle);
    const endOfFirst = later[0]?.number ?? end;
    return (await this.send(entries.slice(0, middle), endOfFirst)) ?? (await this.send(later, end));
  }

  private count(body: string, sent: number, refused: number): void {
    this.tally.requests++;
    this.tally.bytes += Buffer.byteLength(body);
    this.tally.sent += sent;
    this.tally.refused += refused;
  }

  /** Tries again what may work a moment later, as long as there is time. */
  private async post(body: string): Promise<Ended | Extract<SinkAnswer, { result: 'accepted' | 'too large' }>> {
    const { sink, clock } = this.ports;
    for (let attempt = 0; ; attempt++) {
      if (clock.now() + limits.requestTimeout > this.until) return { state: 'left' };
      await this.notes.hold();
      const answer = await sink.post(body, AbortSignal.timeout(limits.requestTimeout));
      if (answer.result === 'accepted' || answer.result === 'too large') return answer;
      if (answer.result === 'refused') return { state: 'failed', reason: answer.reason };
      const usual = limits.retries[attempt];
      const pause = answer.result === 'throttled' ? answer.retryAfter : usual;
      const isOver = usual === undefined || pause === undefined || pause > limits.longestPause;
      if (isOver || clock.now() + pause + limits.requestTimeout > this.until) {
        const after = answer.result === 'throttled' ? { after: answer.retryAfter } : {};
        return { state: 'failed', reason: answer.reason, ...after };
      }
      await clock.pause(pause);
    }
  }
}
