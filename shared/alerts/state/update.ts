import type { SaveTerms, StateStore, Stored } from '../ports.js';

/** Attempts to save before giving up: each lost one means that somebody else's succeeded, so a few are plenty. */
export const maxConflicts = 20;

/** States that are saved at a time, of different keys: those of one key are one item. */
export const parallelSaves = 32;

/** What follows from one look at a state. */
export interface Update<S, R> {
  /** Undefined when there is nothing to save. */
  readonly next: { readonly value: S; readonly terms: SaveTerms } | undefined;
  readonly result: R;
  /** Nothing is saved, and nothing would be for any later state either: the answer holds without a second look. */
  readonly lasts?: boolean;
}

/** What a store had under an id, if anything. */
export interface Loaded {
  readonly stored: Stored | undefined;
}

/**
 * Updates what is stored under an id (optimistic locking): when somebody else saved in between, it loads the state and
 * asks `step` again.
 *
 * @param step is given what is stored; it may be asked several times, and the last answer is carried out.
 * @param loaded what was loaded a moment ago, if it was.
 * @throws Error when others keep being faster.
 */
export async function update<S, R>(
  store: StateStore,
  id: string,
  step: (value: S | undefined, stored: Stored | undefined) => Update<S, R> | Promise<Update<S, R>>,
  loaded?: Loaded,
): Promise<R> {
  const recalled = store.recall?.(id);
  const known = recalled ? { stored: recalled } : loaded;
  if (known) {
    const { next, result, lasts } = await step(known.stored?.value as S | undefined, known.stored);
    if (next ? await store.save(id, next.value, known.stored?.version, next.terms) : lasts) return result;
  }
  for (let attempt = 0; attempt < maxConflicts; attempt++) {
    const stored = await store.load(id);
    const { next, result } = await step(stored?.value as S | undefined, stored);
    if (!next || (await store.save(id, next.value, stored?.version, next.terms))) return result;
  }
  throw new Error(`the state of ${id} changed ${maxConflicts} times while it was being saved`);
}

/** Does some work on the states of one key, and saves what comes of it at once where the store knows how: {@link StateStore.together}. */
export function savedTogether<T>(store: StateStore, id: string, work: (store: StateStore) => Promise<T>): Promise<T> {
  return store.together ? store.together(id, work) : work(store);
}
