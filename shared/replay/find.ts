import { replay } from '../bounds.js';
import { Manifest, type ReplayHead } from './manifest.js';
import type { FoundObject, ObjectPlace, ReplayClock, ReplayDocuments, ReplayQueue, SourceObjects } from './ports.js';
import { type Passed, sourceObjects } from './sources.js';

export interface FindPorts {
  readonly documents: ReplayDocuments;
  readonly objects: SourceObjects;
  readonly queue: ReplayQueue;
  readonly clock: ReplayClock;
}

/**
 * Lists the objects of a replay into its manifest and queues each, part by part. Whoever comes after one that died goes on
 * behind the last part that was written, whose tasks it sends once more: an object that is done is not done again. One that was
 * out of time before it found anything notes how far it has looked.
 *
 * @param bucket of the deployment
 * @param until when to stop, ms since the epoch; the rest is a task of its own
 * @throws whatever keeps it from being found; after the last attempt the replay is stopped, until its task is redriven
 */
export async function findObjects(id: string, bucket: string, ports: FindPorts, until: number): Promise<void> {
  const manifest = new Manifest(ports.documents, ports.clock, id);
  try {
    await search(manifest, bucket, ports, until);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    await manifest.changeHead((head) => failed(head, why));
    throw error;
  }
}

function failed(head: ReplayHead, why: string): ReplayHead {
  if (!isSearching(head)) return head;
  const failures = (head.failures ?? 0) + 1;
  return { ...head, failures, why, state: failures >= replay.maxAttempts ? 'stopped' : 'finding' };
}

/** One that was stopped comes again when its dead letter is redriven. */
function isSearching({ state }: ReplayHead): boolean {
  return state === 'finding' || state === 'stopped';
}

async function search(manifest: Manifest, bucket: string, ports: FindPorts, until: number): Promise<void> {
  const { objects, queue, clock } = ports;
  const head = await manifest.head();
  if (!head || !isSearching(head)) return;
  const { limit = Number.POSITIVE_INFINITY } = head.wanted;
  let part = await writtenParts(manifest, head.parts);
  let found = head.objects;
  let after = head.searched?.parts === part ? head.searched.after : undefined;
  if (part > 0) {
    const { last } = await queuePart(part - 1);
    after ??= last;
  }

  for (;;) {
    const room = Math.min(replay.objectsInPart, limit - found);
    const listing = sourceObjects(head.wanted, bucket, objects, head.created, after);
    const { taken, passed, isEnd } = await take(listing, room, () => clock.now() >= until);
    if (taken.length > 0) {
      // Somebody else may be finding as well: what is written holds.
      await manifest.addPart(part, taken);
      const { state, last } = await queuePart(part);
      if (state === 'cancelled') return;
      part++;
      after = last;
    }
    if (isEnd) break;
    if (clock.now() < until) continue;
    if (taken.length === 0 && passed) await noteSearched(passed);
    await queue.send([{ replay: manifest.id }]);
    return;
  }
  await manifest.changeHead((now) => (isSearching(now) ? { ...advanced(now), state: 'found' } : now));

  /** Queues a part's objects, and counts it. */
  async function queuePart(
    number: number,
  ): Promise<{ readonly state: ReplayHead['state'] | undefined; readonly last: FoundObject | undefined }> {
    const listed = (await manifest.part(number))?.objects ?? [];
    await queue.send(
      listed.map((_, index) => ({ replay: manifest.id, object: number * replay.objectsInPart + index })),
    );
    const bytes = listed.reduce((sum, { size }) => sum + size, 0);
    const changed = await manifest.changeHead((now) =>
      now.parts > number
        ? now
        : { ...advanced(now), parts: number + 1, objects: now.objects + listed.length, bytes: now.bytes + bytes },
    );
    found = changed?.objects ?? found;
    return { state: changed?.state, last: listed.at(-1) };
  }

  async function noteSearched(place: ObjectPlace): Promise<void> {
    await manifest.changeHead((now) => ({ ...advanced(now), searched: { parts: part, after: place } }));
  }

  function advanced(now: ReplayHead): ReplayHead {
    const state = now.state === 'stopped' ? 'finding' : now.state;
    return { ...now, state, failures: 0, why: undefined, changed: clock.now() };
  }
}

/** How many parts are there: the head may not know of the last. */
async function writtenParts(manifest: Manifest, counted: number): Promise<number> {
  let parts = counted;
  while (await manifest.part(parts)) parts++;
  return parts;
}

interface Taken {
  readonly taken: readonly FoundObject[];
  /** The last place that was looked at, when it is no object that was taken. */
  readonly passed?: ObjectPlace | undefined;
  /** There is nothing more. */
  readonly isEnd: boolean;
}

/** So many objects, or those up to where the time was over; it looks at one place at least. */
async function take(listing: AsyncIterable<FoundObject | Passed>, most: number, isOver: () => boolean): Promise<Taken> {
  const taken: FoundObject[] = [];
  let passed: ObjectPlace | undefined;
  if (most <= 0) return { taken, isEnd: true };
  for await (const next of listing) {
    if ('passed' in next) passed = next.passed;
    else taken.push(next);
    if (taken.length === most || isOver()) return { taken, passed, isEnd: false };
  }
  return { taken, isEnd: true };
}
