import type { Entry, Form } from './form.js';
import type { LandedRow } from './landedRow.js';

/** What becomes of a row of an object. */
export type Considered =
  | { readonly kind: 'row'; readonly row: LandedRow }
  /** It is not to be forwarded. */
  | { readonly kind: 'unwanted' }
  /** It is no row. */
  | { readonly kind: 'unreadable'; readonly line: Uint8Array };

/** An entry with the number of its row in the object, from 0. */
export interface NumberedEntry extends Entry {
  readonly number: number;
}

/** Rows of an object that go out together. */
export interface Batch {
  /** In the order of their rows; may be none. */
  readonly entries: readonly NumberedEntry[];
  /** So many rows from the beginning of the object are settled once this batch is. */
  readonly end: number;
  /** Between the batch before and `end`. */
  readonly unwanted: number;
  readonly unreadable: readonly { readonly number: number; readonly line: Uint8Array }[];
}

/** What a request may hold; it may become less while batches are made. */
export interface Room {
  readonly maxEntries: number;
  /** Before compression. */
  maxBytes: number;
}

/**
 * The rows of an object in requests, in order, each filled as far as the room allows. An entry that is larger than that is alone.
 *
 * @param from the rows before this one are passed over
 */
export async function* batchesOf(
  rows: AsyncIterable<Considered>,
  form: Form,
  room: Room,
  from: number,
): AsyncGenerator<Batch> {
  let batch = new OpenBatch(form.overhead);
  let number = -1;
  for await (const considered of rows) {
    number++;
    if (number < from) continue;
    if (considered.kind === 'row') {
      const entry = { ...form.entry(considered.row), number };
      if (!batch.hasRoomFor(entry, room)) {
        yield batch.closed(number);
        batch = new OpenBatch(form.overhead);
      }
      batch.add(entry);
    } else if (considered.kind === 'unwanted') batch.unwanted++;
    else batch.unreadable.push({ number, line: considered.line });
  }
  if (!batch.isEmpty) yield batch.closed(number + 1);
}

class OpenBatch {
  unwanted = 0;
  readonly unreadable: { readonly number: number; readonly line: Uint8Array }[] = [];
  private readonly entries: NumberedEntry[] = [];

  constructor(private bytes: number) {}

  get isEmpty(): boolean {
    return this.entries.length + this.unwanted + this.unreadable.length === 0;
  }

  hasRoomFor(entry: Entry, { maxEntries, maxBytes }: Room): boolean {
    const { length } = this.entries;
    return length === 0 || (length < maxEntries && this.bytes + entry.bytes <= maxBytes);
  }

  add(entry: NumberedEntry): void {
    this.entries.push(entry);
    this.bytes += entry.bytes;
  }

  closed(end: number): Batch {
    const { entries, unwanted, unreadable } = this;
    return { entries, end, unwanted, unreadable };
  }
}
