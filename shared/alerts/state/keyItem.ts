import type { SaveTerms, Stored } from '../ports.js';
import { alertId } from './ids.js';

/**
 * What all rules remember of one key, as it is stored: in one item. A batch with lines of a service changes the states of several rules,
 * and each write of an item costs a unit for each KB that is begun, a request, and the CPU to make it.
 */
export interface KeyItem {
  readonly rules: Readonly<Record<string, Entry>>;
}

/** The state of one rule. */
export interface Entry {
  /** Changes with every save of the state. */
  readonly version: number;
  /** ms since the epoch, after which it may be forgotten. */
  readonly expires: number;
  /** When the sweep has to look at it, ms since the epoch; absent when it has not. */
  readonly at?: number;
  readonly value?: unknown;
  /** The id of the item that holds the value, where it is too large to be written with those of other rules. */
  readonly apart?: string;
}

/** The version of a state that the item of its key does not have. */
export const noVersion = 0;

/** Where a state is: in the item of its key, under the name of its rule. */
export interface Place {
  readonly item: string;
  readonly rule: string;
}

/** Prefixes of items that hold states of alerts, and of lines that were replayed in shadow. */
export const keyPrefix = 'key#';
const replayedPrefix = 'replayed#';

/** Undefined when the id is not that of a state of an alert: it has an item of its own. */
export function placeOf(id: string): Place | undefined {
  const [, kind, rule, key] = /^(alert|replay)#([^#]+)#(.*)$/s.exec(id) ?? [];
  if (rule === undefined || key === undefined) return undefined;
  return { item: (kind === 'alert' ? keyPrefix : replayedPrefix) + key, rule };
}

/** Whether an id is that of the item of a key. */
export function isKeyItem(item: string): boolean {
  return item.startsWith(keyPrefix) || item.startsWith(replayedPrefix);
}

/** The ids of the states in the item of a key, in the order of their rules; none in any other item. */
export function statesIn(item: string, stored: Stored | undefined): readonly (readonly [id: string, Entry])[] {
  if (!isKeyItem(item)) return [];
  const replayed = item.startsWith(replayedPrefix);
  const key = item.slice((replayed ? replayedPrefix : keyPrefix).length);
  const idOf = (rule: string) => alertId({ rule, key, ...(replayed ? { replayed } : {}) });
  return Object.entries(rulesOf(stored)).map(([rule, entry]) => [idOf(rule), entry]);
}

/** @throws Error when it is of another form: taken for an item without states, it would stay on the agenda and nobody would hear of it. */
export function rulesOf(stored: Stored | undefined): KeyItem['rules'] {
  if (!stored) return {};
  const { rules } = (stored.value ?? {}) as Partial<KeyItem>;
  if (!rules) throw new Error('what is stored of the key has no rules');
  return rules;
}

export function entryOf(stored: Stored | undefined, rule: string): Entry | undefined {
  const rules = rulesOf(stored);
  return Object.hasOwn(rules, rule) ? rules[rule] : undefined;
}

/** Of a state that was saved: what becomes of its entry. Undefined takes it out. */
export type Changes = ReadonlyMap<string, Entry | undefined>;

/** The item with changes, without what has expired, and the terms that it is saved on. */
export function changed(
  stored: Stored | undefined,
  changes: Changes,
  now: number,
): { value: KeyItem; terms: SaveTerms } {
  const kept = Object.entries(rulesOf(stored)).filter(([rule, { expires }]) => !changes.has(rule) && expires > now);
  const fresh = [...changes].flatMap(([rule, entry]) => (entry ? [[rule, entry] as const] : []));
  const entries = [...kept, ...fresh];
  const at = Math.min(...entries.flatMap(([, entry]) => entry.at ?? []));
  const expires = Math.max(now, ...entries.map(([, entry]) => entry.expires));
  return {
    value: { rules: Object.fromEntries(entries) },
    terms: { expires, ...(Number.isFinite(at) ? { agenda: { name: 'sweep', at } } : {}) },
  };
}

/** The state of an entry, unless its value is apart. */
export function insideOf(entry: Entry | undefined): Stored | undefined {
  return entry && entry.apart === undefined ? storedOf(entry, entry.value) : undefined;
}

/** The state of an entry as its id has it, given its value. */
export function storedOf({ version, at }: Entry, value: unknown): Stored {
  return { value, version, ...(at === undefined ? {} : { agenda: { name: 'sweep', at } }) };
}
