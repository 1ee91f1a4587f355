import type { Agenda, SaveTerms, StateStore, Stored } from '../ports.js';
import { type Changes, type Entry, entryOf, insideOf, noVersion, placeOf, storedOf } from './keyItem.js';

/** What a unit of work needs of the states that it is about. */
export interface UnitStates extends StateStore {
  /** Undefined when nothing is recalled. */
  recall(id: string): Stored | undefined;
  /** Reads an item anew. */
  read(item: string): Promise<Stored | undefined>;
  /** The state of an entry; undefined when its value was replaced after the entry was read. */
  stateOf(entry: Entry): Promise<Stored | undefined>;
  /** A state that was stored before its key had an item. Its version says that the item has none of it. */
  earlier(id: string): Promise<Stored | undefined>;
  removeEarlier(id: string): Promise<void>;
  /** Saves changes of an item, if it is still what it was. */
  change(item: string, stored: Stored | undefined, changes: Changes): Promise<boolean>;
}

/** The item of a key as a unit of work knows it: as it was recalled, or read just now. */
export interface Base {
  readonly stored: Stored | undefined;
  readonly isRecalled: boolean;
}

/**
 * A unit of work on the states of one key: what it saves is seen by what follows, and stored by {@link commit}. States of other keys
 * are passed on.
 */
export class KeyUnit implements StateStore {
  private readonly changes = new Map<string, Entry | undefined>();
  /** States of earlier versions, which have an item each until they are stored with the others of their key. */
  private readonly earlier = new Set<string>();
  /** Something was decided upon {@link base}: should it have changed, all is to be decided again. */
  private isBaseUsed = false;
  /** It has changed: whatever else is done will be done again. */
  private isOutOfDate = false;
  /** Rules whose entry refers to a value that is gone. */
  private readonly expired = new Set<string>();

  /** @param base undefined until somebody looks: a state that is saved as the first of its rule is taken to be that. */
  constructor(
    private readonly states: UnitStates,
    private readonly item: string,
    private base: Base | undefined,
  ) {}

  async load(id: string): Promise<Stored | undefined> {
    const rule = this.ruleOf(id);
    if (rule === undefined) return this.states.load(id);
    if (this.changes.has(rule)) return this.changedState(rule);
    await this.look();
    const entry = this.entryOf(rule);
    if (!entry) return this.states.earlier(id);
    const known = await this.states.stateOf(entry);
    if (known) return known;
    const state = await this.states.load(id);
    // It was replaced, so all is to be done again, upon what there is by then; or it has expired, and there is none.
    if (state) this.isOutOfDate = true;
    else this.expired.add(rule);
    return state;
  }

  recall(id: string): Stored | undefined {
    const rule = this.ruleOf(id);
    if (rule === undefined) return this.states.recall(id);
    if (this.changes.has(rule)) return this.changedState(rule);
    const known = insideOf(this.entryOf(rule));
    if (known) this.isBaseUsed = true;
    return known;
  }

  async save(id: string, value: unknown, expected: number | undefined, terms: SaveTerms): Promise<boolean> {
    const rule = this.ruleOf(id);
    if (rule === undefined) return this.states.save(id, value, expected, terms);
    const { expires, agenda } = terms;
    if (agenda && agenda.name !== 'sweep')
      throw new Error(`${id} can't be on the agenda ${agenda.name}: alerts are for the sweep`);
    if (this.isOutOfDate) return true;
    if (!(await this.isStill(id, rule, expected))) return false;
    if (expected === noVersion) this.earlier.add(id);
    this.changes.set(rule, {
      version: (expected ?? noVersion) + 1,
      expires,
      value,
      ...(agenda ? { at: agenda.at } : {}),
    });
    return true;
  }

  async remove(id: string): Promise<void> {
    const rule = this.ruleOf(id);
    if (rule === undefined) return this.states.remove(id);
    await this.look();
    // The entry of a value that is gone goes as well.
    if (this.changes.has(rule) || entryOf(this.base?.stored, rule)) this.changes.set(rule, undefined);
  }

  agenda(agenda: Agenda, from: number, to: number): AsyncIterable<string> {
    return this.states.agenda(agenda, from, to);
  }

  scan(prefix: string): AsyncIterable<Stored & { readonly id: string }> {
    return this.states.scan(prefix);
  }

  /** Stores what was saved. @returns false when somebody else was faster: then the work is to be done again. */
  async commit(): Promise<boolean> {
    if (this.isOutOfDate) return false;
    // Whoever looks at one whose value is gone takes it out: it may be on the agenda, and would be looked at until its item expires as well.
    for (const rule of this.expired) if (!this.changes.has(rule)) this.changes.set(rule, undefined);
    if (this.changes.size === 0) return true;
    if (!(await this.states.change(this.item, this.base?.stored, this.changes))) return false;
    // One that stays is removed when it is due.
    for (const id of this.earlier) await this.states.removeEarlier(id).catch(() => undefined);
    return true;
  }

  /** Whether the state of a rule has the version that was decided upon. */
  private async isStill(id: string, rule: string, expected = noVersion): Promise<boolean> {
    if (!this.base && expected !== noVersion) await this.look();
    if (this.versionOf(rule) !== expected && this.base?.isRecalled) await this.look();
    // Where nothing is expected, there may be an entry whose value is gone.
    if (this.versionOf(rule) !== expected && this.entryOf(rule)?.apart !== undefined) await this.load(id);
    if (this.versionOf(rule) !== expected) return false;
    this.isBaseUsed = true;
    return true;
  }

  private versionOf(rule: string): number {
    const entry = this.changes.has(rule) ? this.changes.get(rule) : this.entryOf(rule);
    return entry?.version ?? noVersion;
  }

  /** Reads the item, unless that was done. What was decided before is done again if it is another by now. */
  private async look(): Promise<void> {
    if (this.base && !this.base.isRecalled) return;
    const stored = await this.states.read(this.item);
    if (this.isBaseUsed && stored?.version !== this.base?.stored?.version) this.isOutOfDate = true;
    this.base = { stored, isRecalled: false };
  }

  private entryOf(rule: string): Entry | undefined {
    return this.expired.has(rule) ? undefined : entryOf(this.base?.stored, rule);
  }

  private changedState(rule: string): Stored | undefined {
    const entry = this.changes.get(rule);
    return entry && storedOf(entry, entry.value);
  }

  private ruleOf(id: string): string | undefined {
    const place = placeOf(id);
    return place?.item === this.item ? place.rule : undefined;
  }
}
