import type { LogType } from '../line/schema/index.js';
import { fromJsonBytes, toJsonBytes } from '../text/jsonBytes.js';
import type { Failing } from './failing.js';
import { arrivalHourIn, layout } from './layout.js';
import type { Manifest } from './manifest.js';
import type { ParkedObject } from './parked.js';
import type { CompactionStore } from './ports.js';
import type { ArrivalHour } from './windows.js';

/** How far the compaction of a type is. One object, changed only by whoever read its newest version. */
export interface Control {
  /** All that landed in windows before this one is Parquet, apart from objects that came late and that no manifest has yet. */
  readonly boundary: ArrivalHour;
  /** Manifests of smaller numbers are done; the one of this number is written or about to be. */
  readonly manifest: number;
  /** What manifests have taken, by arrival hour. */
  readonly taken: Readonly<Record<ArrivalHour, Taken>>;
  /** What manifests have taken of hours before this one is forgotten, and nothing is looked for there any more. */
  readonly from?: ArrivalHour | undefined;
  /** When all windows were last looked through for objects that came late, ms. */
  readonly looked: number;
  /** When files on no list were last swept, ms, and the first manifest whose files were not looked at. */
  readonly swept: { readonly at: number; readonly manifest: number };
  /** When objects of the manifest were first found to be gone, ms. */
  readonly gone?: { readonly since: number } | undefined;
  /** A worker has begun to run the manifest: when the last that has is ended at the latest, ms. */
  readonly begun?: { readonly until: number } | undefined;
  /** The engine fails on the manifest, or its workers are ended before they are done. */
  readonly failing?: Failing | undefined;
  /** Objects that no manifest takes. */
  readonly parked?: readonly ParkedObject[] | undefined;
  /** How many objects a manifest takes at most until the boundary moves, since more of them together were too much. */
  readonly atMost?: number | undefined;
  /** Bytes that one byte of landed objects became when it was unpacked, in the manifest before. */
  readonly unpacking?: number | undefined;
  /** Who works on it, and until when at the most, ms: spares doubled work, and nothing relies on it. */
  readonly worker?: { readonly id: string; readonly until: number } | undefined;
}

/** Objects of one arrival hour that manifests have taken. */
export interface Taken {
  readonly objects: number;
  /** A sum over their keys, see {@link sumOfKeys}. */
  readonly sum: number;
  /** The manifests, as runs of numbers: [first, last]. */
  readonly manifests: readonly (readonly [number, number])[];
}

/** A control object with the ETag that a change of it has to name. */
export interface HeldControl {
  readonly control: Control;
  readonly etag: string;
}

export async function readControl(store: CompactionStore, type: LogType): Promise<HeldControl | undefined> {
  const found = await store.get(layout.control(type));
  return found && { control: fromJsonBytes<Control>(found.body), etag: found.etag };
}

/** @returns undefined when it has been changed since it was read */
export async function changeControl(
  store: CompactionStore,
  type: LogType,
  held: HeldControl,
  change: Partial<Control>,
): Promise<HeldControl | undefined> {
  const control = { ...held.control, ...change };
  const etag = await store.replace(layout.control(type), toJsonBytes(control), held.etag);
  return etag === undefined ? undefined : { control, etag };
}

/** The first one. @returns that of whoever was faster, or its own */
export async function createControl(
  store: CompactionStore,
  type: LogType,
  boundary: ArrivalHour,
  now: number,
): Promise<HeldControl | undefined> {
  const control: Control = { boundary, manifest: 0, taken: {}, looked: now, swept: { at: now, manifest: 0 } };
  await store.create(layout.control(type), toJsonBytes(control));
  return readControl(store, type);
}

/** What is taken once a manifest is done. @param oldest arrival hours before it are forgotten */
export function takenWith(taken: Control['taken'], manifest: Manifest, oldest: ArrivalHour): Control['taken'] {
  const next: Record<ArrivalHour, Taken> = {};
  for (const [hour, each] of Object.entries(taken)) if (hour >= oldest) next[hour] = each;
  for (const { key } of manifest.objects) {
    const hour = arrivalHourIn(key);
    const before = next[hour] ?? { objects: 0, sum: 0, manifests: [] };
    next[hour] = {
      objects: before.objects + 1,
      sum: sumOfKeys([key], before.sum),
      manifests: withNumber(before.manifests, manifest.number),
    };
  }
  return next;
}

/** Equal for the same keys in any order: FNV-1a of each, added up. */
export function sumOfKeys(keys: readonly string[], sum = 0): number {
  let total = sum;
  for (const key of keys) {
    let hash = 0x811c9dc5;
    for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
    total = (total + (hash >>> 0)) % 0x1_0000_0000;
  }
  return total;
}

function withNumber(runs: Taken['manifests'], number: number): Taken['manifests'] {
  const last = runs.at(-1);
  if (last?.[1] === number) return runs;
  if (last?.[1] === number - 1) return [...runs.slice(0, -1), [last[0], number]];
  return [...runs, [number, number]];
}
