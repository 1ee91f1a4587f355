import { type Leaf, valueEnd } from './jsonScan.js';
import type { Shape } from './jsonShape.js';

/**
 * Finds the shape of a line by walking it from key to key. Shapes that start alike share their first nodes, so that
 * the walk takes as long for one shape as for a thousand.
 *
 *     {\"time\":\"16:41\",\"sku\":7}
 *     └ edge ──┘     └ edge ───┘ └ tail
 */
export class ShapeTree {
  private readonly root = new Node();

  /** @param values are set to those of the line, by the index of their leaf */
  find(text: string, start: number, end: number, values: string[]): Shape | undefined {
    let node = this.root;
    let at = start;
    for (let index = 0; ; index++) {
      const shape = node.shapeAt(text, at, end, values);
      if (shape) return shape;
      const next = node.endAt(text, at);
      if (next < 0 || next > end || !node.latest) return undefined;
      values[index] = text.slice(at + node.latest.leaf.literal.length, next);
      node = node.latest.to;
      at = next;
    }
  }

  /** False when there are too many that differ in fixed values alone. */
  add(shape: Shape): boolean {
    let node = this.root;
    for (const leaf of shape.leaves) node = node.follow(leaf);
    node.shapes ??= [];
    if (node.shapes.length >= MAX_ALIKE) return false;
    node.shapes.push(shape);
    return true;
  }
}

/** A place behind a value. Most have one edge, or none: a map for each would take most of the tree's memory. */
class Node {
  /** Those that end here. */
  shapes: Shape[] | undefined;
  /** The edge that was followed last: lines of one shape come together. */
  latest: Edge | undefined;
  /** By their text up to the first colon, when there is more than one. */
  private edges: Map<string, Edge[]> | undefined;

  shapeAt(text: string, at: number, end: number, values: readonly string[]): Shape | undefined {
    if (this.shapes === undefined) return undefined;
    for (const shape of this.shapes) {
      const { tail, fixed } = shape;
      if (at + tail.length === end && text.slice(at, end) === tail && areFixed(fixed, values)) return shape;
    }
    return undefined;
  }

  /** Where the value ends with which the text goes on, by the edge that is then the latest; -1 when none fits. */
  endAt(text: string, at: number): number {
    const end = this.latest ? endOf(this.latest.leaf, text, at) : -1;
    return end < 0 && this.edges ? this.endByKey(this.edges, text, at) : end;
  }

  private endByKey(edges: ReadonlyMap<string, readonly Edge[]>, text: string, at: number): number {
    for (const edge of edges.get(text.slice(at, text.indexOf(':', at))) ?? []) {
      const end = endOf(edge.leaf, text, at);
      if (end < 0) continue;
      this.latest = edge;
      return end;
    }
    return -1;
  }

  /** The node behind a leaf, which may be new. */
  follow(leaf: Leaf): Node {
    const { latest } = this;
    if (!latest) {
      this.latest = { leaf, to: new Node() };
      return this.latest.to;
    }
    if (isSame(latest.leaf, leaf)) return latest.to;
    this.edges ??= new Map([[keyOf(latest.leaf), [latest]]]);
    const key = keyOf(leaf);
    const alike = this.edges.get(key) ?? [];
    this.edges.set(key, alike);
    const known = alike.find((edge) => isSame(edge.leaf, leaf));
    if (known) return known.to;
    const edge = { leaf, to: new Node() };
    alike.push(edge);
    return edge.to;
  }
}

function isSame(one: Leaf, other: Leaf): boolean {
  return one.literal === other.literal && one.kind === other.kind;
}

function keyOf({ literal }: Leaf): string {
  return literal.slice(0, literal.indexOf(':'));
}

interface Edge {
  readonly leaf: Leaf;
  readonly to: Node;
}

/** Where the value of this leaf ends; -1 when the text goes on with another key, or a value of another kind. */
function endOf({ literal, kind }: Leaf, text: string, at: number): number {
  const from = at + literal.length;
  const end = text.slice(at, from) === literal ? valueEnd(kind, text, from) : -1;
  return end > from ? end : -1;
}

function areFixed(fixed: Shape['fixed'], values: readonly string[]): boolean {
  for (const { index, value } of fixed) if (values[index] !== value) return false;
  return true;
}

const MAX_ALIKE = 64;
