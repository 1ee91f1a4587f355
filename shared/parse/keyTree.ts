import { isObject, type JsonObject } from './keys.js';
import type { Fields } from './parsed.js';

/** Where a column may be found: `status`, or `http.response.status_code`, written so or as nested objects; the best first. */
export interface KeySource {
  readonly paths: readonly string[];
  /** A value of another kind than the column's is passed over, and stays in `fields`. */
  readonly accepts: (value: unknown) => boolean;
}

/** Finds columns in JSON objects. Built once; an object is then walked once, however many names a column goes by. */
export class KeyTree<Column extends string> {
  private readonly root: Node<Column> = newNode();

  constructor(sources: Readonly<Record<Column, KeySource>>) {
    for (const [column, { paths, accepts }] of Object.entries<KeySource>(sources)) {
      for (const [rank, path] of paths.entries()) {
        const claim = { column: column as Column, rank, accepts };
        nodeAt(this.root, [path]).claims.push(claim);
        if (path.includes('.')) nodeAt(this.root, path.split('.')).claims.push(claim);
      }
    }
  }

  find(object: JsonObject): FoundKeys<Column> {
    const found = new Map<Column, Place>();
    collect(this.root, object, [], found);
    return new FoundKeys(object, found);
  }
}

/** The columns of one object. What nobody takes is left for `fields`. */
export class FoundKeys<Column extends string> {
  private readonly taken = new Map<JsonObject, Set<string>>();

  constructor(
    private readonly object: JsonObject,
    private readonly found: ReadonlyMap<Column, Place>,
  ) {}

  peek(column: Column): unknown {
    return this.found.get(column)?.value;
  }

  take(column: Column): unknown {
    const place = this.found.get(column);
    if (!place) return undefined;
    for (const parent of place.parents) if (!this.taken.has(parent)) this.taken.set(parent, new Set());
    const owner = place.parents.at(-1);
    if (owner) this.taken.get(owner)?.add(place.key);
    return place.value;
  }

  rest(): Fields {
    return this.untaken(this.object);
  }

  private untaken(object: JsonObject): [string, unknown][] {
    const taken = this.taken.get(object);
    const left: [string, unknown][] = [];
    for (const [key, value] of Object.entries(object)) {
      if (taken?.has(key)) continue;
      if (!isObject(value) || !this.taken.has(value)) {
        left.push([key, value]);
        continue;
      }
      const inner = this.untaken(value);
      if (inner.length > 0) left.push([key, Object.fromEntries(inner)]);
    }
    return left;
  }
}

interface Node<Column> {
  readonly claims: { readonly column: Column; readonly rank: number; readonly accepts: KeySource['accepts'] }[];
  readonly children: Map<string, Node<Column>>;
}

interface Place {
  readonly rank: number;
  readonly key: string;
  readonly value: unknown;
  /** From the line's object to the one that has the key. */
  readonly parents: readonly JsonObject[];
}

function newNode<Column>(): Node<Column> {
  return { claims: [], children: new Map() };
}

function nodeAt<Column>(root: Node<Column>, path: readonly string[]): Node<Column> {
  let node = root;
  for (const key of path) {
    const child: Node<Column> = node.children.get(key) ?? newNode();
    node.children.set(key, child);
    node = child;
  }
  return node;
}

function collect<Column extends string>(
  node: Node<Column>,
  object: JsonObject,
  ancestors: readonly JsonObject[],
  found: Map<Column, Place>,
): void {
  const parents = [...ancestors, object];
  for (const key of Object.keys(object)) {
    const child = node.children.get(key);
    if (!child) continue;
    const value = object[key];
    for (const { column, rank, accepts } of child.claims) {
      const best = found.get(column);
      if ((best === undefined || rank < best.rank) && accepts(value)) found.set(column, { rank, key, value, parents });
    }
    if (child.children.size > 0 && isObject(value)) collect(child, value, parents, found);
  }
}
