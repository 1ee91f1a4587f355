import { storeRequests } from '../bounds.js';
import type { LogType } from '../line/schema/index.js';
import { inParallel } from '../text/parallel.js';
import { type LandedObject, TooMuchError } from './engine.js';
import type { Failure } from './failing.js';
import { indexesBeside, isShared } from './indexes.js';
import { arrivalHourIn, layout, manifestOf } from './layout.js';
import type { Manifest } from './manifest.js';
import type { Outputs } from './outputs.js';
import type { CompactionPorts, CompactionStore } from './ports.js';

/**
 * Reads the objects of a manifest and writes its Parquet files and indexes. All manifests before it are done, and what
 * later ones wrote is not looked at, so this writes the same whenever and however often it is done.
 *
 * @returns the objects that are gone or were replaced, when there are any, or why the engine failed; then nothing has been
 * written
 * @throws what the store throws
 */
export async function run(
  manifest: Manifest,
  { store, engine }: Pick<CompactionPorts, 'store' | 'engine'>,
): Promise<Outputs | { readonly gone: readonly string[] } | { readonly failure: Failure }> {
  const { type, number, window, days, recordHours } = manifest;
  const { objects, gone } = await landedObjects(store, manifest);
  if (gone.length > 0) return { gone };
  const job = await orFailure(engine.open({ type, objects, days, recordHours }));
  if ('failure' in job) return job;
  try {
    const earlier = await earlierIndexes(store, type, job.indexes, number);
    const written = await orFailure(job.write(earlier));
    if ('failure' in written) return written;
    const files = written.days.map(({ day, body }) => ({ key: layout.parquetFile(type, day, window, number), body }));
    const identities = written.indexes.map(({ index, body }) => ({ key: layout.indexFile(type, index, number), body }));
    const all = [...identities, ...files];
    await inParallel(all, storeRequests, ({ key, body }) => store.create(key, body));
    const { rows, duplicates, unreadable } = written;
    return { files: all.map(({ key }) => key), rows, duplicates, unreadable, unpacked: job.unpacked };
  } finally {
    await job.close();
  }
}

function orFailure<T>(result: Promise<T>): Promise<T | { readonly failure: Failure }> {
  return result.catch((error: unknown) => ({
    failure: { reason: String(error), isTooMuch: error instanceof TooMuchError },
  }));
}

async function landedObjects(store: CompactionStore, manifest: Manifest) {
  const objects: LandedObject[] = [];
  const gone: string[] = [];
  await inParallel(manifest.objects, storeRequests, async ({ key, etag }) => {
    const found = await store.get(key, etag);
    if (found) objects.push({ key, arrived: arrivalHourIn(key), body: found.body });
    else gone.push(key);
  });
  // Whichever came first: what is written follows from the manifest.
  objects.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { objects, gone };
}

/**
 * Prefixes of the indexes that may know rows of these: what is far from this window may have been near an earlier one, and the
 * other way round.
 */
function knowing(type: LogType, indexes: readonly string[]): readonly string[] {
  const near = indexesBeside(indexes.filter((index) => !isShared(index))).map((index) => layout.index(type, index));
  const far = indexes.filter(isShared).map((index) => layout.indexesOf(type, index));
  return near.filter((prefix) => !far.some((each) => prefix.startsWith(each))).concat(far);
}

/** What earlier manifests wrote to the indexes that may know the rows of these. */
async function earlierIndexes(
  store: CompactionStore,
  type: LogType,
  indexes: readonly string[],
  number: number,
): Promise<readonly Uint8Array[]> {
  const listed = await inParallel(knowing(type, indexes), storeRequests, async (prefix) => {
    const keys: string[] = [];
    for await (const { key } of store.list(prefix)) keys.push(key);
    return keys;
  });
  const earlier = listed.flat().filter((key) => manifestOf(key) < number);
  const found = await inParallel(earlier, storeRequests, (key) => store.get(key));
  return found.flatMap((each) => each?.body ?? []);
}
