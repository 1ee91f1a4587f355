import { compaction } from '../bounds.js';
import type { LandedObject } from './engine.js';
import { arrivalHourIn } from './layout.js';
import type { Manifest } from './manifest.js';
import { givenUp, type Outputs } from './outputs.js';
import type { ParkedObject } from './parked.js';
import type { CompactionPorts } from './ports.js';

/** What is known of a manifest that can't be run. */
export interface Failing extends Failure {
  readonly times: number;
  /** Since when nobody runs it any more, ms since the epoch. */
  readonly stopped?: number;
}

/** Why a manifest can't be run. */
export interface Failure {
  /** What the engine said. */
  readonly reason: string;
  /** Fewer objects may do, and there is no need to try each alone. */
  readonly isTooMuch: boolean;
}

/** A worker that was killed can't say why. Mostly its memory or its time was not enough. */
export const workerEnded: Failure = {
  reason: 'its worker was ended before it was done, as for lack of memory or time',
  isTooMuch: true,
};

/** With one more failure. After some of them nobody runs the manifest any more; after one when each try would end the same. */
export function failedAgain(
  failing: Failing | undefined,
  failure: Failure,
  { now, isCertain }: { readonly now: number; readonly isCertain: boolean },
): Failing {
  const times = (failing?.times ?? 0) + 1;
  return { ...failure, times, ...(isCertain || times >= compaction.maxFailures ? { stopped: now } : {}) };
}

/**
 * What is noted of a manifest of too many objects: the next ones take half as many. One alone is parked.
 *
 * @param alone whether a manifest of one object is tried again after it was given up once
 */
export function halved(
  { objects }: Manifest,
  { reason, alone }: { readonly reason: string; readonly alone: boolean },
  now: number,
): Outputs {
  const [first] = objects;
  if (first && alone) {
    const { key, etag } = first;
    return { ...givenUp, parked: [{ key, etag, reason, since: now }] };
  }
  return { ...givenUp, atMost: Math.max(1, Math.floor(objects.length / 2)) };
}

/**
 * Finds out what the engine fails on, object by object. Those that fail alone are parked. When none does, they are too much
 * together.
 *
 * @param alone whether a manifest of one object is tried again after it was given up once
 * @returns what is noted of the manifest, which is given up
 * @throws what the engine throws when it can't even compact an empty object: that is no object's fault
 */
export async function narrowDown(
  manifest: Manifest,
  { reason, alone }: { readonly reason: string; readonly alone: boolean },
  { store, engine, now }: Pick<CompactionPorts, 'store' | 'engine' | 'now'>,
): Promise<Outputs> {
  const compactAlone = async (object: LandedObject) => {
    const job = await engine.open({ ...manifest, objects: [object] });
    await job.write([]).finally(() => job.close());
  };
  await compactAlone({ key: 'empty.json', arrived: manifest.window, body: new Uint8Array() });
  const parked: ParkedObject[] = [];
  for (const { key, etag } of manifest.objects) {
    const found = await store.get(key, etag);
    if (!found) continue;
    const park = (why: string) => parked.push({ key, etag, reason: why, since: now() });
    await compactAlone({ key, arrived: arrivalHourIn(key), body: found.body }).then(
      // It failed with the indexes of earlier manifests.
      () => alone && park(reason),
      (error: unknown) => park(String(error)),
    );
  }
  if (parked.length > 0) return { ...givenUp, parked };
  return { ...givenUp, atMost: Math.max(1, Math.floor(manifest.objects.length / 2)) };
}
