import type { SaveTerms, StateStore, Stored } from '../ports.js';

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
    return item && { value: JSON.parse(item.json), version: item.version };
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

  async agenda(name: string, from: number, to: number, limit: number): Promise<string[]> {
    return [...this.items]
      .flatMap(([id, { agenda }]) => (agenda?.name === name ? { id, at: agenda.at } : []))
      .filter(({ at }) => at >= from && at <= to)
      .sort((a, b) => a.at - b.at)
      .slice(0, limit)
      .map(({ id }) => id);
  }

  async *scan(prefix: string): AsyncIterable<Stored & { readonly id: string }> {
    for (const [id, { json, version }] of [...this.items]) {
      if (id.startsWith(prefix)) yield { id, value: JSON.parse(json), version };
    }
  }
}

interface Item {
  readonly json: string;
  readonly version: number;
  readonly agenda: SaveTerms['agenda'];
}
