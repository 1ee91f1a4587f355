import { compaction } from '../bounds.js';
import { arrivedHour } from '../line/partition.js';
import type { LogType } from '../line/schema/index.js';
import type { Control } from './control.js';
import { arrivalHourIn } from './layout.js';
import type { Manifest } from './manifest.js';
import type { CompactionPorts, CompactionSettings, ListedObject } from './ports.js';
import { untaken } from './untaken.js';
import { type ArrivalHour, dayBeside, dayOf, recordHourOf, startOf, windowAfter, windowAt } from './windows.js';

/** What is to be done next for a type that has no manifest to run. */
export type Plan =
  | { readonly next: 'run'; readonly manifest: Manifest }
  /** The window at the boundary is Parquet as a whole. */
  | { readonly next: 'close'; readonly boundary: ArrivalHour }
  /** Nothing is left in any window before the boundary. */
  | { readonly next: 'note look'; readonly looked: number }
  | { readonly next: 'wait' };

/**
 * First objects that came late, since they can't be queried until they are Parquet; then the first window behind the
 * boundary that is closed, as long as it has objects that no manifest has taken.
 */
export async function plan(
  type: LogType,
  control: Control,
  ports: Pick<CompactionPorts, 'store' | 'now'>,
  settings: CompactionSettings,
): Promise<Plan> {
  const now = ports.now();
  const { boundary } = control;
  const isLookDue = now - control.looked >= compaction.lookInterval;
  const from = isLookDue ? oldestHour(now, settings) : arrivedHour(startOf(boundary) - recentTime);
  const late = await untaken(ports.store, type, control, { from: later(from, control.from), to: boundary });
  if (late.length > 0) return { next: 'run', manifest: manifestOf(type, control, late, { now, settings }) };
  if (isLookDue) return { next: 'note look', looked: now };
  const end = windowAfter(boundary, settings.window);
  if (!isClosed(end, now, settings)) return { next: 'wait' };
  const objects = await untaken(ports.store, type, control, { from: boundary, to: end });
  if (objects.length > 0) return { next: 'run', manifest: manifestOf(type, control, objects, { now, settings }) };
  return { next: 'close', boundary: end };
}

/** How many windows are closed and not yet Parquet. */
export function windowsBehind(boundary: ArrivalHour, now: number, settings: CompactionSettings): number {
  let count = 0;
  for (let end = windowAfter(boundary, settings.window); isClosed(end, now, settings); count++) {
    end = windowAfter(end, settings.window);
  }
  return count;
}

/** The arrival hour from which landed objects are looked for. Those of the day before it are about to expire, or have. */
export function oldestHour(now: number, { landedDays }: CompactionSettings): ArrivalHour {
  return arrivedHour(now - (landedDays - 1) * DAY);
}

/** The hour up to which it is forgotten what manifests have taken: never back again, whatever clocks and settings say later. */
export function forgottenBefore({ boundary, from }: Control, now: number, settings: CompactionSettings): ArrivalHour {
  const oldest = oldestHour(now, settings);
  return later(oldest < boundary ? oldest : boundary, from);
}

function later(hour: ArrivalHour, other: ArrivalHour | undefined): ArrivalHour {
  return other !== undefined && other > hour ? other : hour;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const recentTime = compaction.recentHours * HOUR;

function isClosed(end: ArrivalHour, now: number, { closingTime }: CompactionSettings): boolean {
  return startOf(end) + closingTime <= now;
}

/** The first of the objects' window, as many as one worker may take. */
function manifestOf(
  type: LogType,
  control: Control,
  found: readonly ListedObject[],
  { now, settings }: { readonly now: number; readonly settings: CompactionSettings },
): Manifest {
  const window = windowOf(found[0], settings);
  const day = dayOf(window);
  return {
    type,
    number: control.manifest,
    window,
    planned: now,
    objects: firstOf(
      found.filter((each) => windowOf(each, settings) === window),
      { bytes: maxBytes(control, settings), objects: control.atMost ?? compaction.maxManifestObjects },
    ).map(({ key, etag, size }) => ({ key, etag, size })),
    days: { first: dayBeside(day, -settings.retentionDays), last: dayBeside(day, 1) },
    recordHours: {
      first: recordHourOf(startOf(window) - compaction.indexDays * DAY),
      last: recordHourOf(startOf(window) + 2 * DAY),
    },
  };
}

function maxBytes({ unpacking = 0 }: Control, { manifestBytes, unpackedBytes }: CompactionSettings): number {
  return unpacking * manifestBytes > unpackedBytes ? unpackedBytes / unpacking : manifestBytes;
}

function windowOf(object: ListedObject | undefined, { window }: CompactionSettings): ArrivalHour {
  return windowAt(startOf(arrivalHourIn(object?.key ?? '')), window);
}

/** At least one, whatever it weighs. */
function firstOf(
  objects: readonly ListedObject[],
  max: { readonly bytes: number; readonly objects: number },
): readonly ListedObject[] {
  let bytes = 0;
  const over = objects.findIndex(({ size }, index) => {
    bytes += size;
    return index > 0 && (bytes > max.bytes || index >= max.objects);
  });
  return over < 0 ? objects : objects.slice(0, over);
}
