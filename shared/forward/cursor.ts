import { fromJsonBytes, toJsonBytes } from '../text/jsonBytes.js';
import type { ForwardDocuments, ForwardWorker, LandedObject } from './ports.js';
import { claim, finished, left, type Progress, settled } from './progress.js';

/** Another worker has taken the object over: it is at it now. */
export class TakenOverError extends Error {
  override readonly name = 'TakenOverError';
}

/** `forward/progress/type=error/arrived=2026-11-22-16/NAME/ETAG.json`: an object that is written anew is another one. */
function progressKey({ key, etag }: LandedObject): string {
  return `forward/progress/${key.replace(/^logs\//, '')}/${etag}.json`;
}

export type Opened =
  | { readonly answer: 'yours'; readonly cursor: Cursor }
  | { readonly answer: 'done' }
  | { readonly answer: 'busy'; readonly until: number };

/** Claims an object for a worker, unless it is done or another is at it. */
export async function openCursor(
  object: LandedObject,
  { id, until }: ForwardWorker,
  documents: ForwardDocuments,
  now: number,
): Promise<Opened> {
  const key = progressKey(object);
  const found = await documents.get(key);
  const before = found && fromJsonBytes<Progress>(found.body);
  const answer = claim(before, { worker: id, until }, now);
  if (answer.answer !== 'yours') return answer;
  const body = toJsonBytes(answer.progress);
  await (found ? documents.replace(key, body, found.etag) : documents.create(key, body));
  // Read again, since a write of ours that was repeated is refused although it was done.
  const written = await documents.get(key);
  // Another was quicker by a moment.
  if (!written || fromJsonBytes<Progress>(written.body).claim?.worker !== id) return { answer: 'busy', until: now };
  return { answer: 'yours', cursor: new Cursor(key, documents, answer.progress, written.etag) };
}

/** The noted progress of an object, as long as nobody else has taken it over. */
export class Cursor {
  constructor(
    private readonly key: string,
    private readonly documents: ForwardDocuments,
    private progress: Progress,
    private etag: string,
  ) {}

  /** Rows that are settled. */
  get rows(): number {
    return this.progress.rows;
  }

  /** @throws TakenOverError */
  settle(rows: number): Promise<void> {
    return this.note(settled(this.progress, rows));
  }

  /** @throws TakenOverError */
  leave(): Promise<void> {
    return this.note(left(this.progress));
  }

  /** @throws TakenOverError */
  finish(rows: number): Promise<void> {
    return this.note(finished(settled(this.progress, rows)));
  }

  private async note(next: Progress): Promise<void> {
    const body = toJsonBytes(next);
    const etag = (await this.documents.replace(this.key, body, this.etag)) ?? (await this.etagOf(body));
    if (etag === undefined) throw new TakenOverError(`another worker has taken ${this.key} over`);
    this.progress = next;
    this.etag = etag;
  }

  /** Of what was written and refused as it was written once more; undefined when another has written since. */
  private async etagOf(body: Uint8Array): Promise<string | undefined> {
    const found = await this.documents.get(this.key);
    return found && Buffer.compare(found.body, body) === 0 ? found.etag : undefined;
  }
}
