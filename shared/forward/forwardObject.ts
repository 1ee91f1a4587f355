import { forward as limits } from '../bounds.js';
import { datadog } from '../limits.js';
import { parsePartitionPath } from '../line/partition.js';
import type { LogType } from '../line/schema/index.js';
import { inflated } from '../replay/records/inflated.js';
import { linesOf } from '../replay/records/lines.js';
import { type Batch, batchesOf, type Considered, type Room } from './batches.js';
import { type Cursor, openCursor } from './cursor.js';
import { parseRow } from './landedRow.js';
import type { ForwardPorts, ForwardWorker, LandedObject } from './ports.js';
import { type Refused, refusedDocuments } from './refused.js';
import { Requests, type Tally } from './requests.js';

/** What is forwarded. */
export interface ForwardSettings {
  readonly types: readonly LogType[];
  /** Rows that were older than this when they landed are not, in ms. */
  readonly maxAge: number;
}

export type ForwardOutcome = Tally & {
  /** Rows that were too old. */
  readonly old: number;
} & (
    | { readonly state: 'done' }
    /** Not of a type that is forwarded, or done by somebody else. */
    | { readonly state: 'nothing' }
    /** Its content is gone, or is other content by now, of which S3 tells by itself. */
    | { readonly state: 'gone' }
    /** The invocation's time is over; what is left goes on at once. */
    | { readonly state: 'left' }
    /** Another worker is at it, for so many ms at most unless it says otherwise. */
    | { readonly state: 'busy'; readonly after: number }
    /** The sink does not take it now: to be tried again after so many ms, if it says. */
    | { readonly state: 'failed'; readonly reason: string; readonly after?: number }
  );

/**
 * Forwards what is left of a landed object. It may be killed anywhere and run again, also twice at once: requests that the sink
 * has acknowledged and that are noted are not sent again. What is sent twice is the request whose answer the worker did not live
 * to note.
 */
export async function forwardObject(
  object: LandedObject,
  worker: ForwardWorker,
  settings: ForwardSettings,
  ports: ForwardPorts,
): Promise<ForwardOutcome> {
  const nothing = { sent: 0, bytes: 0, requests: 0, refused: 0, old: 0 };
  const type = typeOf(object.key);
  if (type === undefined || !settings.types.includes(type)) return { ...nothing, state: 'nothing' };
  const opened = await openCursor(object, worker, ports);
  if (opened.answer === 'done') return { ...nothing, state: 'nothing' };
  if (opened.answer === 'busy') {
    const after = Math.max(0, opened.until - ports.clock.now());
    return { ...nothing, state: 'busy', after };
  }
  const { cursor } = opened;
  try {
    return await new ObjectForwarding(object, type, cursor, settings, ports, worker.until).run();
  } catch (error) {
    // Whoever comes next need not wait for the end of this one's time.
    await cursor.leave().catch(() => undefined);
    throw error;
  }
}

/** `logs/type=error/arrived=…/…` */
function typeOf(key: string): LogType | undefined {
  const [folder, partition = ''] = key.split('/');
  return folder === 'logs' ? parsePartitionPath(partition)?.type : undefined;
}

/** One attempt at an object. */
class ObjectForwarding {
  private readonly room: Room = { maxEntries: datadog.maxRequestEntries, maxBytes: datadog.maxRequestBytes };
  private readonly requests: Requests;
  private old = 0;

  constructor(
    private readonly object: LandedObject,
    private readonly type: LogType,
    private readonly cursor: Cursor,
    private readonly settings: ForwardSettings,
    private readonly ports: ForwardPorts,
    until: number,
  ) {
    const notes = {
      hold: () => cursor.hold(),
      settle: (rows: number, refused: readonly Refused[]) => this.settle(rows, refused),
    };
    this.requests = new Requests(ports, this.room, until - limits.reserve, notes);
  }

  async run(): Promise<ForwardOutcome> {
    const content = await this.ports.open(this.object);
    if (!content) {
      await this.cursor.leave();
      return { ...this.tally, state: 'gone' };
    }
    const rows = this.rowsOf(content);
    let end = this.cursor.rows;
    for await (const batch of batchesOf(rows, this.ports.sink.form, this.room, end)) {
      const ended = await this.send(batch);
      if (ended) {
        await this.cursor.leave();
        return { ...this.tally, ...ended };
      }
      end = batch.end;
    }
    await this.cursor.finish(end);
    return { ...this.tally, state: 'done' };
  }

  private get tally() {
    return { ...this.requests.tally, old: this.old };
  }

  /** Undefined when the batch is settled; the last one is noted with the end of the object. */
  private async send({ entries, end, unwanted, unreadable }: Batch) {
    const odd = unreadable.map(({ number, line }) => ({ number, reason: 'it is no row', row: decoded(line) }));
    if (odd.length > 0) {
      await this.keep(odd);
      this.requests.tally.refused += odd.length;
    }
    const ended = await this.requests.send(entries, end);
    if (!ended) this.old += unwanted;
    return ended;
  }

  private async settle(rows: number, refused: readonly Refused[]): Promise<void> {
    await this.keep(refused);
    await this.cursor.settle(rows);
  }

  /** Before they are noted as settled, so that none is forgotten. */
  private async keep(refused: readonly Refused[]): Promise<void> {
    for (const { key, body } of refusedDocuments(this.object, refused)) await this.ports.documents.create(key, body);
  }

  private async *rowsOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Considered> {
    for await (const line of linesOf(inflated(content))) {
      const row = parseRow(line, this.type);
      if (!row) yield { kind: 'unreadable', line };
      else if (this.object.landed - (row.ts ?? this.object.landed) > this.settings.maxAge) yield { kind: 'unwanted' };
      else yield { kind: 'row', row };
    }
  }
}

function decoded(line: Uint8Array): string {
  return Buffer.from(line).toString('utf8');
}
