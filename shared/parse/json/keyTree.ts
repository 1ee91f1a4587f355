import type { Fields } from '../../line/parsed.js';
import { isObject, type JsonObject } from './object.js';
import { declareRead } from './readPaths.js';

/** Where a column may be found: `status`, or `http.response.status_code`, written so or as nested objects; the best first. */
export interface KeySource<Value> {
  readonly paths: readonly string[];
  /** The column's value; undefined for a value of another kind, which is passed over and stays in `fields`. */
  readonly read: (value: unknown) => Value | undefined;
}

/** Finds columns in JSON objects. Built once; an object is then walked once, however many names a column goes by. */
export class KeyTree<Values extends object> {
  private readonly root = new Node();

  constructor(sources: { readonly [Column in keyof Values]: KeySource<Values[Column]> }) {
    for (const [column, { paths, read }] of Object.entries<KeySource<unknown>>(sources)) {
      declareRead(paths);
      for (const [rank, path] of paths.entries()) {
        const claim = { column, rank, read };
        this.root.at([path]).claims.push(claim);
        if (path.includes('.')) this.root.at(path.split('.')).claims.push(claim);
      }
    }
  }

  find(object: JsonObject): FoundKeys<Values> {
    const found = new Map<string, Place>();
    collect(this.root, object, [object], found);
    return new FoundKeys(object, found);
  }
}

/** The columns of one object. What nobody takes is left for `fields`. */
export class FoundKeys<Values extends object> {
  private readonly taken: Place[] = [];

  constructor(
    private readonly object: JsonObject,
    private readonly found: ReadonlyMap<string, Place>,
  ) {}

  peek<Column extends keyof Values & string>(column: Column): Values[Column] | undefined {
    return this.found.get(column)?.value as Values[Column] | undefined;
  }

  take<Column extends keyof Values & string>(column: Column): Values[Column] | undefined {
    const place = this.found.get(column);
    if (place) this.taken.push(place);
    return place?.value as Values[Column] | undefined;
  }

  rest(): Fields {
    return this.untaken(this.object);
  }

  private untaken(object: JsonObject): [string, unknown][] {
    const left: [string, unknown][] = [];
    for (const key of Object.keys(object)) {
      const value = object[key];
      if (this.taken.some((place) => place.key === key && place.parents.at(-1) === object)) continue;
      if (!isObject(value) || !this.taken.some(({ parents }) => parents.includes(value))) {
        left.push([key, value]);
        continue;
      }
      const inner = this.untaken(value);
      if (inner.length > 0) left.push([key, Object.fromEntries(inner)]);
    }
    return left;
  }
}

/** A column that goes by the name which leads here. */
interface Claim {
  readonly column: string;
  readonly rank: number;
  readonly read: (value: unknown) => unknown;
}

class Node {
  readonly claims: Claim[] = [];
  readonly children = new Map<string, Node>();

  at([key, ...rest]: readonly string[]): Node {
    if (key === undefined) return this;
    const child = this.children.get(key) ?? new Node();
    this.children.set(key, child);
    return child.at(rest);
  }
}

interface Place {
  readonly rank: number;
  readonly key: string;
  readonly value: unknown;
  /** From the line's object to the one that has the key. */
  readonly parents: readonly JsonObject[];
}

function collect(node: Node, object: JsonObject, parents: readonly JsonObject[], found: Map<string, Place>): void {
  for (const key of Object.keys(object)) {
    const child = node.children.get(key);
    if (!child) continue;
    for (const { column, rank, read } of child.claims) {
      const best = found.get(column);
      if (best !== undefined && best.rank < rank) continue;
      const value = read(object[key]);
      if (value !== undefined) found.set(column, { rank, key, value, parents });
    }
    const inner = object[key];
    if (child.children.size > 0 && isObject(inner)) collect(child, inner, [...parents, inner], found);
  }
}
