import type { Agenda, SaveTerms, StateStore, Stored } from '../ports.js';

/** A store that forgets with the process: for simulations and tests. */
export class MemoryStateStore implements StateStore {
  private readonly items = new Map<string, Item>();

  /** A store of its own with what is in this one. */
  copy(): MemoryStateStore {
    const copied = new MemoryStateStore();
    for (const [id, item] of this.items) copied.items.set(id, item);
    return copied;
  }

  async load(id: string): Promise<Stored | undefined> {
    const item = this.items.get(id);
    return item && storedOf(item);
  }

  async save(id: string, value: unknown, expected: number | undefined, terms: SaveTerms): Promise<boolean> {
    if (this.items.get(id)?.version !== expected) return false;
    // As JSON, so that nothing is kept here that would not come back from a database.
    this.items.set(id, { json: JSON.stringify(value), version: (expected ?? 0) + 1, agenda: terms.agenda });
    return true;
  }

  async remove(id: string): Promise<void> {
    this.items.delete(id);
  }

  async *agenda(name: Agenda, from: number, to: number): AsyncIterable<string> {
    const entries = [...this.items].flatMap(([id, { agenda }]) => (agenda?.name === name ? { id, at: agenda.at } : []));
    const within = entries.filter(({ at }) => at >= from && at <= to).sort((a, b) => a.at - b.at);
    for (const { id } of within) yield id;
  }

  async *scan(prefix: string): AsyncIterable<Stored & { readonly id: string }> {
    for (const [id, item] of [...this.items]) {
      if (id.startsWith(prefix)) yield { id, ...storedOf(item) };
    }
  }
}

function storedOf({ json, version, agenda }: Item): Stored {
  return { value: JSON.parse(json), version, ...(agenda ? { agenda } : {}) };
}

interface Item {
  readonly json: string;
  readonly version: number;
  readonly agenda: SaveTerms['agenda'];
}
