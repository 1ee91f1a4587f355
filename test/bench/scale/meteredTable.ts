import { bytesOf, type Item, unitsOf } from '../../../local/meter/writeUnits.js';

export type { Item };

/** What requests came to, in DynamoDB's units. */
export interface Metered {
  puts: number;
  /** Conditions that did not hold; they are billed all the same. */
  refused: number;
  /** Write request units of items, and those of their entries in the index. */
  itemUnits: number;
  indexUnits: number;
  gets: number;
  readUnits: number;
  /** Rows of the index that queries read. */
  indexRows: number;
}

const nothing: Metered = {
  puts: 0,
  refused: 0,
  itemUnits: 0,
  indexUnits: 0,
  gets: 0,
  readUnits: 0,
  indexRows: 0,
};

/** Answers of a query: the rows, and where to go on. */
export interface Page {
  readonly items: readonly Item[];
  readonly last?: Item;
}

/**
 * The alerts table in memory, with DynamoDB's arithmetic: each KB of an item that is begun is a write unit, each 4 KB a read unit, a row
 * of the index is billed like an item of its own (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 * and GSI.html).
 */
export class MeteredTable {
  private readonly items = new Map<string, Item>();
  private readonly agendas = new Map<string, { rows: Item[]; isSorted: boolean }>();
  private metered: Metered = { ...nothing };

  /** What was metered since the last call. */
  take(): Metered {
    const { metered } = this;
    this.metered = { ...nothing };
    return metered;
  }

  /** Bytes of each item whose key begins with a prefix. */
  sizes(prefix: string): number[] {
    return [...this.items].flatMap(([pk, item]) => (pk.startsWith(prefix) ? [bytesOf(item)] : []));
  }

  /** How many rows of agendas with such names are no later than a time. It is not metered. */
  due(agenda: string, at: number): number {
    const of = [...this.agendas].filter(([name]) => name.startsWith(agenda));
    return of.reduce((sum, [, { rows }]) => sum + rows.filter((row) => atOf(row) <= at).length, 0);
  }

  get(pk: string, isConsistent: boolean): Item | undefined {
    const item = this.items.get(pk);
    this.metered.gets++;
    this.metered.readUnits += readUnits(item ? bytesOf(item) : 0, isConsistent);
    return item;
  }

  /** @param condition on the item that is there, if any. @returns whether it held */
  put(item: Item, condition: (before: Item | undefined) => boolean): boolean {
    const pk = textOf(item, 'pk');
    const before = this.items.get(pk);
    const bytes = Math.max(bytesOf(item), before ? bytesOf(before) : 0);
    this.metered.itemUnits += unitsOf(bytes);
    if (!condition(before)) {
      this.metered.refused++;
      return false;
    }
    this.metered.puts++;
    this.items.set(pk, item);
    this.index(before, item);
    return true;
  }

  remove(pk: string): void {
    const before = this.items.get(pk);
    this.metered.itemUnits += unitsOf(before ? bytesOf(before) : 0);
    this.items.delete(pk);
    this.index(before, undefined);
  }

  query(agenda: string, from: number, to: number, limit: number, after: Item | undefined): Page {
    const rows = this.sorted(agenda).filter(
      (row) => atOf(row) >= from && atOf(row) <= to && (!after || compare(row, after) > 0),
    );
    const items = rows.slice(0, limit);
    this.metered.indexRows += items.length;
    this.metered.readUnits += readUnits(
      items.reduce((sum, item) => sum + bytesOf(item), 0),
      false,
    );
    const last = items.at(-1);
    return { items, ...(last && rows.length > items.length ? { last } : {}) };
  }

  /** A row that stays as it is costs nothing; one that moves is deleted and put. */
  private index(before: Item | undefined, after: Item | undefined): void {
    const [old, row] = [before && rowOf(before), after && rowOf(after)];
    if (old && row && compare(old, row) === 0 && textOf(old, 'agenda') === textOf(row, 'agenda')) return;
    if (old) {
      const agenda = this.agendaOf(old);
      agenda.rows.splice(
        agenda.rows.findIndex((each) => textOf(each, 'pk') === textOf(old, 'pk')),
        1,
      );
      this.metered.indexUnits += unitsOf(bytesOf(old));
    }
    if (row) {
      const agenda = this.agendaOf(row);
      agenda.rows.push(row);
      agenda.isSorted = false;
      this.metered.indexUnits += unitsOf(bytesOf(row));
    }
  }

  private agendaOf(row: Item): { rows: Item[]; isSorted: boolean } {
    const name = textOf(row, 'agenda');
    const agenda = this.agendas.get(name) ?? { rows: [], isSorted: true };
    this.agendas.set(name, agenda);
    return agenda;
  }

  private sorted(name: string): readonly Item[] {
    const agenda = this.agendas.get(name);
    if (!agenda) return [];
    if (!agenda.isSorted) agenda.rows.sort(compare);
    agenda.isSorted = true;
    return agenda.rows;
  }
}

/** What the index projects of an item: its keys. */
function rowOf({ pk, agenda, at }: Item): Item | undefined {
  return pk && agenda && at ? { pk, agenda, at } : undefined;
}

function compare(a: Item, b: Item): number {
  return atOf(a) - atOf(b) || (textOf(a, 'pk') < textOf(b, 'pk') ? -1 : Number(textOf(a, 'pk') !== textOf(b, 'pk')));
}

function atOf(item: Item): number {
  return Number(textOf(item, 'at'));
}

/** The text or number of an attribute. */
export function textOf(item: Item, name: string): string {
  const value = item[name];
  if (value === undefined || 'B' in value) return '';
  return 'S' in value ? value.S : value.N;
}

function readUnits(bytes: number, isConsistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (isConsistent ? 1 : 0.5);
}
