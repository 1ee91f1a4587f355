import { forward as limits } from '../bounds.js';
import { fromJsonBytes, toJsonBytes } from '../text/jsonBytes.js';
import type { ForwardPorts, ForwardWorker, LandedObject } from './ports.js';
import { claim, finished, held, left, type Progress, settled } from './progress.js';

/** Another worker has taken the object over: it is at it now. */
class TakenOverError extends Error {
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
  { id }: ForwardWorker,
  ports: Pick<ForwardPorts, 'documents' | 'clock'>,
): Promise<Opened> {
  const { documents, clock } = ports;
  const now = clock.now();
  const key = progressKey(object);
  const found = await documents.get(key);
  const before = found && fromJsonBytes<Progress>(found.body);
  const answer = claim(before, { worker: id, until: now + limits.lease }, now);
  if (answer.answer !== 'yours') return answer;
  const body = toJsonBytes(answer.progress);
  await (found ? documents.replace(key, body, found.etag) : documents.create(key, body));
  // Read again, since a write of ours that was repeated is refused although it was done.
  const written = await documents.get(key);
  // Another was quicker by a moment.
  if (!written || fromJsonBytes<Progress>(written.body).claim?.worker !== id) return { answer: 'busy', until: now };
  return { answer: 'yours', cursor: new Cursor(key, ports, answer.progress, written.etag) };
}

/** The noted progress of an object, as long as nobody else has taken it over. */
export class Cursor {
  constructor(
    private readonly key: string,
    private readonly ports: Pick<ForwardPorts, 'documents' | 'clock'>,
    private progress: Progress,
    private etag: string,
  ) {}

  /** Rows that are settled. */
  get rows(): number {
    return this.progress.rows;
  }

  /** @throws TakenOverError */
  settle(rows: number): Promise<void> {
    return this.note(settled(this.progress, rows, this.ports.clock.now() + limits.lease));
  }

  /**
   * Sees to it that nobody else can take the object over while a request is under way.
   *
   * @throws TakenOverError
   */
  async hold(): Promise<void> {
    const now = this.ports.clock.now();
    const remaining = (this.progress.claim?.until ?? 0) - now;
    if (remaining < limits.requestTimeout + limits.reserve) await this.note(held(this.progress, now + limits.lease));
  }

  /** @throws TakenOverError */
  leave(): Promise<void> {
    return this.note(left(this.progress));
  }

  /** @throws TakenOverError */
  finish(rows: number): Promise<void> {
    return this.note(finished(this.progress, rows));
  }

  private async note(next: Progress): Promise<void> {
    const body = toJsonBytes(next);
    const etag = (await this.ports.documents.replace(this.key, body, this.etag)) ?? (await this.etagOf(body));
    if (etag === undefined) throw new TakenOverError(`another worker has taken ${this.key} over`);
    this.progress = next;
    this.etag = etag;
  }

  /** Of what was written and refused as it was written once more; undefined when another has written since. */
  private async etagOf(body: Uint8Array): Promise<string | undefined> {
    const found = await this.ports.documents.get(this.key);
    return found && Buffer.compare(found.body, body) === 0 ? found.etag : undefined;
  }
}
