import type { CompactionStore } from './ports.js';

/** A landed object that can't become Parquet. It stays under its key, and no manifest takes it unless it is replaced. */
export interface ParkedObject {
  readonly key: string;
  /** Of the content that can't be read: another one is tried again. */
  readonly etag: string;
  /** What the engine said. */
  readonly reason: string;
  /** When it was parked, ms since the epoch. */
  readonly since: number;
}

/** Objects without those that are parked. */
export function withoutParked<Object extends { readonly key: string; readonly etag: string }>(
  objects: readonly Object[],
  parked: readonly ParkedObject[] = [],
): readonly Object[] {
  if (parked.length === 0) return objects;
  const names = new Set(parked.map(nameOf));
  return objects.filter((object) => !names.has(nameOf(object)));
}

/** Those that have not been replaced, deleted or moved, and that have not expired. */
export async function stillParked(
  store: CompactionStore,
  parked: readonly ParkedObject[] = [],
): Promise<readonly ParkedObject[]> {
  const still: ParkedObject[] = [];
  for (const object of parked) {
    for await (const found of store.list(object.key)) {
      if (nameOf(found) === nameOf(object)) still.push(object);
      break;
    }
  }
  return still;
}

function nameOf({ key, etag }: Pick<ParkedObject, 'key' | 'etag'>): string {
  return `${etag} ${key}`;
}
