import { compaction } from '../limits.js';
import type { LandedObject } from './engine.js';
import { arrivalHourIn } from './layout.js';
import type { Manifest } from './manifest.js';
import type { Outputs } from './outputs.js';
import type { ParkedObject } from './parked.js';
import type { CompactionPorts } from './ports.js';

/** What is known of a manifest on which the engine fails. */
export interface Failing {
  readonly times: number;
  /** What the engine said last. */
  readonly reason: string;
  /** Since when nobody runs it any more, ms since the epoch. */
  readonly stopped?: number;
}

/** With one more failure. After some of them nobody runs the manifest any more. */
export function failedAgain(failing: Failing | undefined, reason: string, now: number): Failing {
  const times = (failing?.times ?? 0) + 1;
  return { times, reason, ...(times >= compaction.maxFailures ? { stopped: now } : {}) };
}

/**
 * Finds out what a manifest fails on, object by object. Those that fail alone are parked. When none does, they are too much
 * together, and the next manifests take half as many.
 *
 * @param alone whether a manifest of one object is tried again after it was given up once
 * @returns what is noted of the manifest, which is given up
 * @throws what the engine throws when it can't even compact an empty object: that is no object's fault
 */
export async function narrowDown(
  manifest: Manifest,
  { failing: { reason }, alone }: { readonly failing: Failing; readonly alone: boolean },
  { store, engine, now }: Pick<CompactionPorts, 'store' | 'engine' | 'now'>,
): Promise<Outputs> {
  const givenUp: Outputs = { files: [], rows: 0, duplicates: 0, gone: [] };
  const compactAlone = async (object: LandedObject) => {
    const job = await engine.open({ ...manifest, objects: [object] });
    await job.write([]).finally(() => job.close());
  };
  await compactAlone({ key: 'empty.json', arrived: manifest.window, body: new Uint8Array() });
  const parked: ParkedObject[] = [];
  const { objects } = manifest;
  for (const { key, etag } of objects) {
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
  return { ...givenUp, atMost: Math.max(1, Math.floor(objects.length / 2)) };
}
