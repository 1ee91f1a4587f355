import { replay } from '../bounds.js';
import type { Source, Wanted } from './event/replayEvent.js';
import type { FoundObject, ObjectPlace, SourceObjects } from './ports.js';
import { backupRecords } from './records/backupRecords.js';
import { failedRecords } from './records/failedRecords.js';
import { importedRecords } from './records/importedRecords.js';
import type { Found } from './records/sourceRecord.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The records of an object of a source, in their order: the same each time it is read. */
export const recordsOf: Readonly<Record<Source, (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Found>>> = {
  failed: failedRecords,
  backup: backupRecords,
  import: importedRecords,
};

/** How far a search is that has found nothing since: whoever goes on behind this place misses nothing. */
export interface Passed {
  readonly passed: ObjectPlace;
}

/** A part of a listing, in the order in which it is gone through. */
interface Listed {
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * The objects that an event is about, in an order that stays: that of the keys it names, else that of the bucket. What is
 * looked at in vain is told as well, so that a search can be stopped, and gone on with, before it has found anything.
 *
 * @param bucket of the deployment
 * @param now of the event, ms since the epoch
 * @param after where to go on: the last place that was found or passed before
 */
export async function* sourceObjects(
  wanted: Wanted,
  bucket: string,
  objects: SourceObjects,
  now: number,
  after?: ObjectPlace,
): AsyncGenerator<FoundObject | Passed> {
  if (wanted.keys) {
    yield* namedObjects(wanted.keys, bucket, objects, after);
    return;
  }
  for (const { bucket: listed, prefix } of await listings(wanted, bucket, objects, now)) {
    const isHere = after?.key.startsWith(prefix) ?? false;
    // Prefixes are in the order of their keys: what comes before is gone through.
    if (after && !isHere && prefix < after.key) continue;
    let isEmpty = true;
    for await (const object of objects.list(listed, prefix, isHere ? after?.key : undefined)) {
      isEmpty = false;
      yield isMarker(object) || !isOfTime(object, wanted) ? { passed: { bucket: listed, key: object.key } } : object;
    }
    if (isEmpty && !isHere) yield { passed: { bucket: listed, key: prefix } };
  }
}

/** What a key or a prefix of an event names: `s3://bucket/key`, or a key of the deployment's bucket. */
export function placeOf(text: string, bucket: string): ObjectPlace {
  const [, other, key] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(text) ?? [];
  return other === undefined ? { bucket, key: text } : { bucket: other, key: key ?? '' };
}

async function* namedObjects(
  keys: readonly string[],
  bucket: string,
  objects: SourceObjects,
  after: ObjectPlace | undefined,
): AsyncGenerator<FoundObject | Passed> {
  const places = [...new Set(keys)].map((key) => placeOf(key, bucket));
  const passed = places.findIndex((place) => place.bucket === after?.bucket && place.key === after.key);
  for (const place of places.slice(passed + 1)) {
    yield (await objects.find(place)) ?? { passed: place };
  }
}

/**
 * The prefixes to list. Firehose files what failed and what it backs up by the hour of its arrival, so a period is looked for
 * day by day; anything else is listed whole.
 */
async function listings(wanted: Wanted, bucket: string, objects: SourceObjects, now: number): Promise<Listed[]> {
  const { source, prefix, from } = wanted;
  if (prefix !== undefined) {
    const place = placeOf(prefix, bucket);
    return [{ bucket: place.bucket, prefix: place.key }];
  }
  const roots = source === 'failed' ? await objects.folders(bucket, 'failed/') : ['backup/'];
  if (from === undefined) return roots.map((root) => ({ bucket, prefix: root }));
  // What is older has expired: to ask for each of its days would take the time of a search.
  const first = source === 'failed' ? Math.max(from, now - (replay.failedDays + 1) * DAY) : from;
  return roots.flatMap((root) =>
    daysOf(first, wanted.to ?? now).map((day) => ({ bucket, prefix: `${root}dt=${day}/` })),
  );
}

/** Those that an object may have whose records arrived in the period: it is filed by the first of them. */
function daysOf(from: number, to: number): string[] {
  const first = Math.floor((from - HOUR) / DAY);
  const last = Math.floor((to - 1) / DAY);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    new Date((first + index) * DAY).toISOString().slice(0, 10),
  );
}

/** What the console of S3 makes to show an empty folder. */
function isMarker({ key, size }: FoundObject): boolean {
  return size === 0 || key.endsWith('/');
}

/** Whether an object may hold anything of the period: by the hour of its key, else by when it was written. */
function isOfTime(object: FoundObject, { source, from, to }: Wanted): boolean {
  const hour = source === 'import' ? undefined : hourOf(object.key);
  const [first, last] = hour === undefined ? [object.modified, object.modified] : [hour, hour + 2 * HOUR - 1];
  return (from === undefined || last >= from) && (to === undefined || first < to);
}

/** `…/dt=2026-11-28/hour=14/…`, ms since the epoch. */
export function hourOf(key: string): number | undefined {
  const [, day, hour] = /(?:^|\/)dt=(\d{4}-\d\d-\d\d)\/hour=(\d\d)\//.exec(key) ?? [];
  return day === undefined ? undefined : Date.parse(`${day}T${hour}:00:00Z`);
}
