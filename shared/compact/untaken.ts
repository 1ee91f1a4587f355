import { storeRequests } from '../bounds.js';
import type { LogType } from '../line/schema/index.js';
import { groupBy } from '../text/groupBy.js';
import { inParallel } from '../text/parallel.js';
import { type Control, sumOfKeys, type Taken } from './control.js';
import { arrivalHourIn, layout } from './layout.js';
import { readManifest } from './manifest.js';
import { withoutParked } from './parked.js';
import type { CompactionStore, ListedObject } from './ports.js';
import type { ArrivalHour } from './windows.js';

/** Landed objects of the arrival hours from one up to but without another that no manifest has taken and that are not parked, in the order of their keys. */
export async function untaken(
  store: CompactionStore,
  type: LogType,
  control: Pick<Control, 'taken' | 'parked'>,
  range: { readonly from: ArrivalHour; readonly to: ArrivalHour },
): Promise<readonly ListedObject[]> {
  const landed = withoutParked(await landedObjects(store, type, range), control.parked);
  const found: ListedObject[] = [];
  for (const [hour, objects] of groupBy(landed, ({ key }) => arrivalHourIn(key))) {
    const taken = control.taken[hour];
    // Mostly all of them are, and their manifests need not be read.
    if (taken && areSame(objects, taken)) continue;
    const keys = taken ? await takenKeys(store, type, taken) : new Set();
    found.push(...objects.filter(({ key }) => !keys.has(key)));
  }
  return found;
}

async function landedObjects(
  store: CompactionStore,
  type: LogType,
  { from, to }: { readonly from: ArrivalHour; readonly to: ArrivalHour },
): Promise<readonly ListedObject[]> {
  const prefix = layout.landed(type);
  const landed: ListedObject[] = [];
  for await (const object of store.list(prefix, `${prefix}${from}`)) {
    const hour = arrivalHourIn(object.key);
    if (hour >= to) break;
    if (hour !== '' && !isHidden(object.key)) landed.push(object);
  }
  return landed;
}

/** Athena reads none of these. */
export function isHidden(key: string): boolean {
  return /\/[._][^/]*$/.test(key);
}

function areSame(objects: readonly ListedObject[], taken: Taken): boolean {
  return objects.length === taken.objects && sumOfKeys(objects.map(({ key }) => key)) === taken.sum;
}

async function takenKeys(store: CompactionStore, type: LogType, { manifests }: Taken): Promise<ReadonlySet<string>> {
  const numbers = manifests.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
  const read = await inParallel(numbers, storeRequests, (number) => readManifest(store, type, number));
  return new Set(
    read.flatMap((manifest, at) => {
      if (manifest) return manifest.objects.map(({ key }) => key);
      const key = layout.manifest(type, numbers[at] ?? 0);
      throw new Error(`${key} is missing: restore it, or what it has taken can't be told from what came late`);
    }),
  );
}
