import { randomUUID } from 'node:crypto';
import { keyItem } from '../../bounds.js';
import type { Agenda, SaveTerms, StateStore, Stored } from '../ports.js';
import {
  type Changes,
  changed,
  type Entry,
  entryOf,
  insideOf,
  isKeyItem,
  keyPrefix,
  noVersion,
  placeOf,
  rulesOf,
  statesIn,
  storedOf,
} from './keyItem.js';
import { type Base, KeyUnit, type UnitStates } from './keyUnit.js';
import { maxConflicts } from './update.js';

/** Items of keys that are read at a time of an agenda, in one request where the store knows how. */
export const parallelReads = 32;

/** Prefix of the items that hold the value of one large state. */
const apartPrefix = 'apart#';

/** Of the ids of states that people are told of: ids.ts. */
const alertPrefix = 'alert#';

/**
 * Keeps what all rules remember of a key in one item, and gives out the state of each under its own id. Each has a version of its own, so
 * nobody is refused for what another rule has come to in the meantime. What several rules come to at once is saved at once by
 * {@link together}.
 *
 * A large value is put in an item of its own, which is written before the item of the key refers to it, and never again: so the
 * save of that item decides what is stored, and what it does not refer to is removed or expires.
 *
 * Versions before this had an item for each state, by its id. They are read where the item of the key has none yet, and removed once it has.
 */
export class KeyStates implements UnitStates {
  /**
   * @param now ms since the epoch: what has expired by then is not saved again.
   * @param bounds of what is in the item of a key.
   */
  constructor(
    private readonly items: StateStore,
    private readonly now: () => number,
    private readonly bounds: { readonly [bound in keyof typeof keyItem]: number } = keyItem,
  ) {}

  async load(id: string): Promise<Stored | undefined> {
    const place = placeOf(id);
    if (!place) return this.loadItem(id);
    let missing: string | undefined;
    for (let attempt = 0; attempt < maxConflicts; attempt++) {
      const entry = entryOf(await this.items.load(place.item), place.rule);
      if (!entry) return this.earlier(id);
      const state = await this.stateOf(entry);
      if (state) return state;
      // It was not replaced: it has expired, and the item that refers to it has not yet.
      if (entry.apart === missing) return undefined;
      missing = entry.apart;
    }
    throw new Error(`the state of ${id} changed ${maxConflicts} times while it was being read`);
  }

  recall(id: string): Stored | undefined {
    const place = placeOf(id);
    if (!place) return this.items.recall?.(id);
    return insideOf(entryOf(this.items.recall?.(place.item), place.rule));
  }

  async save(id: string, value: unknown, expected: number | undefined, terms: SaveTerms): Promise<boolean> {
    const place = placeOf(id);
    if (!place) return this.items.save(id, value, expected, terms);
    return this.together(id, (unit) => unit.save(id, value, expected, terms));
  }

  async remove(id: string): Promise<void> {
    const place = placeOf(id);
    if (place) await this.together(id, (unit) => unit.remove(id));
    await this.items.remove(id);
  }

  /**
   * Looks at states of one key, and saves what comes of it at once or not at all.
   *
   * @param id of one of them.
   * @param work is given a store in which what it saves is stored as far as it sees, of any id; those of other keys are saved as it goes.
   * It is called again when somebody else was faster, so nothing may follow from it but what it resolves to.
   */
  async together<T>(id: string, work: (store: StateStore) => Promise<T>): Promise<T> {
    const place = placeOf(id);
    if (!place) return work(this);
    for (let attempt = 0; attempt < maxConflicts; attempt++) {
      const unit = new KeyUnit(this, place.item, await this.known(place.item, attempt > 0));
      const result = await work(unit);
      if (await unit.commit()) return result;
    }
    throw new Error(`the states of ${place.item} changed ${maxConflicts} times while they were being saved`);
  }

  async *agenda(name: Agenda, from: number, to: number): AsyncIterable<string> {
    // No other has states of keys (keyUnit.ts), and not all who read those may look up many items at once (infra/roles.yml).
    if (name !== 'sweep') {
      yield* this.items.agenda(name, from, to);
      return;
    }
    for await (const some of chunks(this.items.agenda(name, from, to), parallelReads)) {
      const known = await this.items.loadAll?.(some).catch(() => undefined);
      // One that can't be read is given out by its own id: it keeps nobody from the others, and whoever reads it learns why.
      const due = some.map((item) => this.dueIn(item, known?.get(item), from, to).catch(() => [item]));
      yield* (await Promise.all(due)).flat();
    }
  }

  async *scan(prefix: string): AsyncIterable<Stored & { readonly id: string }> {
    if (prefix.startsWith(alertPrefix) || alertPrefix.startsWith(prefix)) yield* this.scanKeys(prefix);
    for await (const stored of this.items.scan(prefix)) if (!(await this.isMoved(stored.id))) yield stored;
  }

  read(item: string): Promise<Stored | undefined> {
    return this.items.load(item);
  }

  async stateOf(entry: Entry): Promise<Stored | undefined> {
    if (entry.apart === undefined) return insideOf(entry);
    const apart = await this.items.load(entry.apart);
    return apart && storedOf(entry, apart.value);
  }

  async earlier(id: string): Promise<Stored | undefined> {
    const stored = await this.items.load(id);
    return stored && { ...stored, version: noVersion };
  }

  removeEarlier(id: string): Promise<void> {
    return this.items.remove(id);
  }

  async change(item: string, stored: Stored | undefined, changes: Changes): Promise<boolean> {
    const entries = await this.withLargeApart(stored, changes);
    const { value, terms } = changed(stored, entries, this.now());
    if (!(await this.items.save(item, value, stored?.version, terms))) {
      await this.removeUnused(item, entries);
      return false;
    }
    for (const rule of entries.keys()) {
      const before = entryOf(stored, rule)?.apart;
      if (before !== undefined) await this.items.remove(before).catch(() => undefined);
    }
    return true;
  }

  /** Moves values that are too large, or that there is no room for, to items of their own. */
  private async withLargeApart(stored: Stored | undefined, changes: Changes): Promise<Changes> {
    const { maxStateBytes, maxStates } = this.bounds;
    const entries = new Map(changes);
    const others = Object.entries(rulesOf(stored)).filter(([rule, { apart }]) => !apart && !changes.has(rule));
    let room = maxStates - others.length;
    for (const [rule, entry] of changes) {
      if (!entry || (sizeOf(entry) <= maxStateBytes && room-- > 0)) continue;
      const { value, ...rest } = entry;
      const apart = `${apartPrefix}${rule}#${randomUUID()}`;
      await this.items.save(apart, value, undefined, { expires: entry.expires });
      entries.set(rule, { ...rest, apart });
    }
    return entries;
  }

  /**
   * Removes the values that were written for an item that was refused, but not if it refers to them: it may have been saved all the same, by
   * an attempt whose answer was lost. Should it fail, they expire.
   */
  private async removeUnused(item: string, entries: Changes): Promise<void> {
    const written = [...entries].flatMap(([rule, entry]) =>
      entry?.apart === undefined ? [] : [{ rule, apart: entry.apart }],
    );
    if (written.length === 0) return;
    const stored = await this.items.load(item);
    for (const { rule, apart } of written) {
      if (entryOf(stored, rule)?.apart !== apart) await this.items.remove(apart).catch(() => undefined);
    }
  }

  /** Whoever reads the item of a key by its own id learns why nobody knows its states. */
  private async loadItem(id: string): Promise<Stored | undefined> {
    const stored = await this.items.load(id);
    statesIn(id, stored);
    return stored;
  }

  /** An item as it is recalled: after a refusal, what somebody else saved. */
  private async known(item: string, wasRefused: boolean): Promise<Base | undefined> {
    const recalled = this.items.recall?.(item);
    if (recalled) return { stored: recalled, isRecalled: true };
    return wasRefused ? { stored: await this.items.load(item), isRecalled: false } : undefined;
  }

  /** @param known the item as it was read a moment ago, if it was. */
  private async dueIn(item: string, known: Stored | undefined, from: number, to: number): Promise<string[]> {
    if (await this.isMoved(item)) {
      // Should it fail, the next look removes it: what else is due does not wait for that.
      await this.items.remove(item).catch(() => undefined);
      return [];
    }
    if (!isKeyItem(item)) return [item];
    const states = statesIn(item, known ?? (await this.items.load(item)));
    const due = states.flatMap(([id, { at }]) => (at !== undefined && at >= from && at <= to ? [{ id, at }] : []));
    return due.sort((a, b) => a.at - b.at).map(({ id }) => id);
  }

  /** Whether it is the item of a state of an earlier version that the item of its key has by now. */
  private async isMoved(item: string): Promise<boolean> {
    const place = placeOf(item);
    return place !== undefined && entryOf(await this.items.load(place.item), place.rule) !== undefined;
  }

  private async *scanKeys(prefix: string): AsyncIterable<Stored & { readonly id: string }> {
    for await (const stored of this.items.scan(keyPrefix)) {
      for (const [id, entry] of statesIn(stored.id, stored)) {
        const state = id.startsWith(prefix) ? (insideOf(entry) ?? (await this.load(id))) : undefined;
        if (state) yield { id, ...state };
      }
    }
  }
}

function sizeOf({ value }: Entry): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

/** Should the items fail, whoever asks for them hears of it once all that came before were given out. */
async function* chunks<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  try {
    for await (const item of items) {
      if (chunk.push(item) < size) continue;
      const whole = chunk;
      chunk = [];
      yield whole;
    }
  } catch (error) {
    if (chunk.length > 0) yield chunk;
    throw error;
  }
  if (chunk.length > 0) yield chunk;
}
