import { replay } from '../limits.js';
import { Manifest, type ReplayHead } from './manifest.js';
import type { ObjectPlace, ReplayClock, ReplayDocuments, ReplayQueue, SourceObjects } from './ports.js';
import { sourceObjects } from './sources.js';

export interface FindPorts {
  readonly documents: ReplayDocuments;
  readonly objects: SourceObjects;
  readonly queue: ReplayQueue;
  readonly clock: ReplayClock;
}

/**
 * Lists the objects of a replay into its manifest and queues each, part by part. Whoever comes after one that died goes on
 * behind the last part that was written, whose tasks it sends once more: an object that is done is not done again.
 *
 * @param bucket of the deployment
 * @param until when to stop, ms since the epoch; the rest is a task of its own
 */
export async function findObjects(id: string, bucket: string, ports: FindPorts, until: number): Promise<void> {
  const { documents, objects, queue, clock } = ports;
  const manifest = new Manifest(documents, clock, id);
  const head = await manifest.head();
  if (head?.state !== 'finding') return;
  const limit = head.wanted.limit ?? Number.POSITIVE_INFINITY;
  const written = await writtenParts(manifest, head.parts);
  const search: { parts: number; after?: ObjectPlace | undefined; found: number } = { parts: 0, found: 0 };
  if (written > 0) await queueAgain(written - 1);

  for (;;) {
    const room = Math.min(replay.objectsInPart, limit - search.found);
    const next =
      room > 0 ? await take(sourceObjects(head.wanted, bucket, objects, clock.now(), search.after), room) : [];
    if (next.length === 0) break;
    // Somebody else may be finding as well: what is written holds.
    await manifest.addPart(search.parts, next);
    if ((await queueAgain(search.parts)) === 'cancelled') return;
    if (clock.now() < until) continue;
    await queue.send([{ replay: id }]);
    return;
  }
  await manifest.changeHead((now) => (now.state === 'finding' ? { ...now, state: 'found' } : now));

  /** Queues a part's objects, and counts it. */
  async function queueAgain(part: number): Promise<ReplayHead['state'] | undefined> {
    const listed = (await manifest.part(part))?.objects ?? [];
    await queue.send(listed.map((_, index) => ({ replay: id, object: part * replay.objectsInPart + index })));
    const bytes = listed.reduce((sum, { size }) => sum + size, 0);
    const changed = await manifest.changeHead((now) =>
      now.parts > part
        ? now
        : { ...now, parts: part + 1, objects: now.objects + listed.length, bytes: now.bytes + bytes },
    );
    search.parts = part + 1;
    search.after = listed.at(-1);
    search.found = part * replay.objectsInPart + listed.length;
    return changed?.state;
  }
}

/** How many parts are there: the head may not know of the last. */
async function writtenParts(manifest: Manifest, counted: number): Promise<number> {
  let parts = counted;
  while (await manifest.part(parts)) parts++;
  return parts;
}

async function take<T>(items: AsyncIterable<T>, most: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length === most) break;
  }
  return taken;
}
