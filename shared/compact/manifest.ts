import type { LogType } from '../line/schema/index.js';
import { fromJsonBytes, toJsonBytes } from '../text/jsonBytes.js';
import type { Range } from './engine.js';
import { layout } from './layout.js';
import type { CompactionStore } from './ports.js';
import type { ArrivalHour } from './windows.js';

/** Landed objects that become Parquet together, and all that decides how: a worker follows it and knows nothing else. */
export interface Manifest {
  readonly type: LogType;
  /** Manifests of a type are run in the order of their numbers, from 0; each leaves out what earlier ones had. */
  readonly number: number;
  /** The first hour of the window that its objects are of. */
  readonly window: ArrivalHour;
  /** When it was written, ms since the epoch. */
  readonly planned: number;
  readonly objects: readonly ManifestObject[];
  readonly days: Range;
  readonly recordHours: Range;
}

interface ManifestObject {
  readonly key: string;
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
}

export async function readManifest(
  store: CompactionStore,
  type: LogType,
  number: number,
): Promise<Manifest | undefined> {
  const found = await store.get(layout.manifest(type, number));
  return found && fromJsonBytes<Manifest>(found.body);
}

/** Unless there is one of this number, which then is the one to be run. */
export async function createManifest(store: CompactionStore, manifest: Manifest): Promise<void> {
  await store.create(layout.manifest(manifest.type, manifest.number), toJsonBytes(manifest));
}
