import { replay } from '../bounds.js';
import { firehose } from '../limits.js';
import { putPatiently } from '../partitions/putPatiently.js';
import type { RecordStream } from '../partitions/storage.js';
import { Manifest, type ReplayHead, type ReplayObject } from './manifest.js';
import type { Pace } from './pace.js';
import type { ReplayClock, ReplayDocuments, ReplayQueue, SourceObjects } from './ports.js';
import { type Labelling, labelled } from './records/labelled.js';
import type { Found } from './records/sourceRecord.js';
import { recordsOf } from './sources.js';
import { markReplayed, replayedBy } from './tag.js';
import { unwantedReason } from './unwanted.js';

export interface PutBackPorts {
  readonly documents: ReplayDocuments;
  readonly objects: SourceObjects;
  readonly queue: ReplayQueue;
  readonly stream: RecordStream;
  readonly clock: ReplayClock;
  readonly pace: Pace;
}

/**
 * Puts the records of one object of a replay back on the stream. It may be killed anywhere and run again, also twice at once:
 * each record is put at least once, those that are put again have the same label, and the object is tagged once the stream has
 * acknowledged all of them.
 *
 * @param number of the object in its replay
 * @param keys that sign labels, the newest first
 * @param until when to stop, ms since the epoch: the rest of the object is a task of its own
 * @returns how many records it has put
 * @throws whatever keeps it from being put back; after the last attempt it is parked as well
 */
export async function putObjectBack(
  id: string,
  number: number,
  keys: Labelling['keys'],
  ports: PutBackPorts,
  until: number,
): Promise<number> {
  const manifest = new Manifest(ports.documents, ports.clock, id);
  const head = await manifest.head();
  const [part, index] = [Math.floor(number / replay.objectsInPart), number % replay.objectsInPart];
  const object = (await manifest.part(part))?.objects[index];
  if (!head || !object || head.state === 'cancelled' || isSettled(object)) return 0;

  const note = (change: Partial<ReplayObject>) =>
    manifest.changeObject(part, index, (now) =>
      isBehind(now, change) ? now : { ...now, ...change, changed: ports.clock.now() },
    );
  // One that was parked comes again when its dead letter is redriven.
  const attempts = object.state === 'parked' ? 1 : object.attempts + 1;
  await note({ state: 'working', attempts, why: undefined });
  const attempt = new ObjectReplay(head, object, { keys, alerts: head.wanted.alerts }, ports, note, manifest, number);
  try {
    await attempt.run(until);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (attempt.putRecords === 0) {
      await note(attempts >= replay.maxAttempts ? { state: 'parked', why } : { why });
      throw error;
    }
    // It got on, so it is no poison: the rest is a task of its own, with as many attempts.
    await attempt.handOver(why);
  }
  return attempt.putRecords;
}

function isSettled({ state }: ReplayObject): boolean {
  return state === 'done' || state === 'skipped';
}

/** Two may work on an object at once: the one that is less far has nothing to say. */
function isBehind(now: ReplayObject, { read = now.read }: Partial<ReplayObject>): boolean {
  return isSettled(now) || read < now.read;
}

type Tally = Pick<ReplayObject, 'read' | 'put' | 'bytesPut' | 'skipped'>;

/** One attempt at an object. */
class ObjectReplay {
  /** What is acknowledged. */
  private done: Tally;
  /** The same with what waits in the batch. */
  private ahead: Tally;
  private batch: Buffer[] = [];
  private batchBytes = 0;
  private noted: number;

  constructor(
    private readonly head: ReplayHead,
    private readonly object: ReplayObject,
    private readonly labelling: Labelling,
    private readonly ports: PutBackPorts,
    private readonly note: (change: Partial<ReplayObject>) => Promise<void>,
    private readonly manifest: Manifest,
    private readonly number: number,
  ) {
    const { read, put, bytesPut, skipped } = object;
    this.done = { read, put, bytesPut, skipped };
    this.ahead = this.done;
    this.noted = ports.clock.now();
  }

  /** In this attempt. */
  get putRecords(): number {
    return this.done.put - this.object.put;
  }

  async run(until: number): Promise<void> {
    const { object, head, ports } = this;
    if (!object.acknowledged) {
      const refusal = await this.refusal();
      if (refusal !== undefined) return this.note({ state: 'skipped', why: refusal });
      const content = await ports.objects.open(object);
      if (!content) return this.note({ state: 'skipped', why: changed });
      if (!(await this.putAll(recordsOf[head.wanted.source](content), until))) return;
      await this.note({ ...this.done, acknowledged: true });
    }
    const isWhole = Object.keys(this.done.skipped).length === 0;
    const why = isWhole ? await markReplayed(object, head.id, ports.objects) : undefined;
    await this.note({ state: 'done', ...(why === undefined ? {} : { why }) });
  }

  /** Leaves what is not acknowledged to whoever takes the next task. */
  async handOver(why?: string): Promise<void> {
    await this.note({ ...this.done, attempts: 0, why });
    await this.ports.queue.send([{ replay: this.head.id, object: this.number }]);
  }

  /** Why the object is not to be put back. */
  private async refusal(): Promise<string | undefined> {
    const { object, head, ports } = this;
    const found = await ports.objects.find(object);
    if (!found) return 'it is gone';
    if (found.etag !== object.etag) return changed;
    const before = head.wanted.again ? undefined : await replayedBy(object, ports.objects);
    return before === undefined || before === head.id
      ? undefined
      : `it was put back by ${before}; "again": true puts it back once more`;
  }

  /** Whether all of it is acknowledged; otherwise somebody goes on, or it was cancelled. */
  private async putAll(records: AsyncIterable<Found>, until: number): Promise<boolean> {
    let position = -1;
    for await (const found of records) {
      position++;
      if (position < this.done.read) continue;
      const { data, problem } = this.toPut(found, position);
      if (data && this.isFull(data) && !(await this.flush(until))) return false;
      this.ahead = counted(this.ahead, data, problem);
      if (data) {
        this.batch.push(data);
        this.batchBytes += data.length;
      }
    }
    await this.put();
    return true;
  }

  private toPut(found: Found, position: number): { readonly data?: Buffer; readonly problem?: string } {
    if ('problem' in found) return found;
    const problem = unwantedReason(found, this.head.wanted);
    return problem === undefined ? labelled(found, this.object, position, this.labelling) : { problem };
  }

  private isFull(data: Buffer): boolean {
    const { length } = this.batch;
    return length > 0 && (length === firehose.maxBatchRecords || this.batchBytes + data.length > replay.maxBatchBytes);
  }

  /** Puts the batch; false when this attempt is to end here. */
  private async flush(until: number): Promise<boolean> {
    await this.put();
    const now = this.ports.clock.now();
    if (now >= until) {
      await this.handOver();
      return false;
    }
    // Lines that are put again are stored once, but the rules would count them twice: then each put is noted.
    const interval = this.head.wanted.alerts === 'send' ? 0 : replay.noteInterval;
    if (now < this.noted + interval) return true;
    this.noted = now;
    await this.note({ ...this.done, attempts: 1 });
    return (await this.manifest.head())?.state !== 'cancelled';
  }

  private async put(): Promise<void> {
    const { batch, batchBytes, ports } = this;
    if (batch.length > 0) {
      await ports.pace.take(batch.length, batchBytes);
      let reason = 'it is busy';
      const failed = (error: unknown) => {
        reason = String(error);
      };
      const refused = await putPatiently(batch, ports.stream, retries, (ms) => ports.clock.pause(ms), failed);
      if (refused.length > 0) {
        const times = retries.length + 1;
        throw new Error(
          `the stream has refused ${refused.length} of ${batch.length} records ${times} times: ${reason}`,
        );
      }
    }
    this.batch = [];
    this.batchBytes = 0;
    this.done = this.ahead;
  }
}

const changed = 'it has changed since it was found';

/** Ms between the attempts to put what a busy stream refuses. */
const retries = [200, 500, 1000, 2000, 4000, 8000] as const;

function counted(tally: Tally, data: Buffer | undefined, problem = 'unknown'): Tally {
  if (data) return { ...tally, read: tally.read + 1, put: tally.put + 1, bytesPut: tally.bytesPut + data.length };
  return {
    ...tally,
    read: tally.read + 1,
    skipped: { ...tally.skipped, [problem]: (tally.skipped[problem] ?? 0) + 1 },
  };
}
