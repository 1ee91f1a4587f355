import { compaction, storeRequests } from '../bounds.js';
import type { LogType } from '../line/schema/index.js';
import { inParallel } from '../text/parallel.js';
import type { Control } from './control.js';
import { layout, manifestOf } from './layout.js';
import { readOutputs } from './outputs.js';
import type { CompactionPorts } from './ports.js';

interface Sweep {
  /** Whose files are looked at. */
  readonly manifests: { readonly first: number; readonly last: number };
  /** What the control object says once that is done. */
  readonly swept: Control['swept'];
}

/** Once a day, the manifests that were done since. */
export function sweepDue({ swept, manifest }: Control, now: number): Sweep | undefined {
  if (now - swept.at < compaction.sweepInterval) return undefined;
  return { manifests: { first: swept.manifest, last: manifest - 1 }, swept: { at: now, manifest } };
}

/** Removes files of these manifests that are on no list. All of them are done, so that none is about to be put on one. */
export async function removeOrphans(
  type: LogType,
  { first, last }: Sweep['manifests'],
  { store }: Pick<CompactionPorts, 'store'>,
): Promise<void> {
  if (last < first) return;
  const numbers = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const lists = await inParallel(numbers, storeRequests, async (number) => {
    const outputs = await readOutputs(store, type, number);
    if (outputs) return outputs.files;
    const key = layout.outputs(type, number);
    throw new Error(`${key} is missing: restore it, or the files of its manifest can't be told from leftovers`);
  });
  const listed = new Set(lists.flat());
  const orphans: string[] = [];
  for (const prefix of [layout.parquet(type), layout.indexes(type)]) {
    for await (const { key } of store.list(prefix)) {
      const number = manifestOf(key);
      if (number >= first && number <= last && !listed.has(key)) orphans.push(key);
    }
  }
  if (orphans.length > 0) await store.remove(orphans);
}
