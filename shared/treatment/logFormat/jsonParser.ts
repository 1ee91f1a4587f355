import type { Parsed } from '../../line/parsed.js';
import { isObject, type JsonObject, parseObject } from '../../parse/json/object.js';
import { withoutPaths } from '../../parse/json/withoutPaths.js';
import { accessLine, compileColumns } from './columns.js';
import type { JsonLayout, Leaf } from './jsonLayout.js';
import { compileLayout, type LayoutReader } from './layout.js';
import type { ServerFormat } from './serverFormat.js';
import { LogFormatError, type Value, valuesOf } from './value.js';

/**
 * Reads a line by its keys, also one that came as an object. A line that the server wrote is not always JSON: a number without
 * quotes may be missing, and nginx's own escapes are none of JSON's. Such a line is taken apart as a text.
 */
export function jsonParser(layout: JsonLayout, format: ServerFormat): (log: string | JsonObject) => Parsed | undefined {
  const parts = layout.leaves.map(({ path, leaf }) => ({ path, ...readerOf(leaf, path, format) }));
  const fill = compileColumns(parts.flatMap(({ values }) => values));
  const readText = unlessUnclear(() => compileLayout(format.pieces, format.escaping));
  const readObject = (object: JsonObject): Parsed | undefined => {
    const found = parts.map(({ path }) => valueAt(object, path));
    if (!parts.every(({ mayBeGone }, index) => mayBeGone || found[index] !== undefined)) return undefined;
    const filled = fill(
      parts.flatMap(({ textsOf }, index) => textsOf(found[index])),
      asIs,
    );
    const gone: (readonly string[])[] = [];
    let at = 0;
    for (const [index, { path, values, isWhole }] of parts.entries()) {
      const value = found[index];
      if (isWhole && (filled.isTaken[at] || value === null || value === '' || value === '-')) gone.push(path);
      at += values.length;
    }
    return accessLine(filled, Object.entries(withoutPaths(object, gone)));
  };
  return (log) => {
    if (typeof log !== 'string') return readObject(log);
    if (!log.trimStart().startsWith('{')) return undefined;
    const object = parseObject(log);
    if (object) return readObject(object);
    const texts = readText?.(log);
    return texts && readObject(layout.fill(texts.map(format.escaping.decode)));
  };
}

interface LeafReader {
  readonly values: readonly Value[];
  /** Whether the value of the request is all that stands there, so that it need not be kept once it is in its column. */
  readonly isWhole: boolean;
  /** Collectors that parse a line take its time out. */
  readonly mayBeGone: boolean;
  /** One text for each of the values. */
  readonly textsOf: (value: unknown) => readonly (string | undefined)[];
}

function readerOf(leaf: Leaf, path: readonly string[], format: ServerFormat): LeafReader {
  if (leaf.kind === 'constant') return { values: [], isWhole: false, mayBeGone: false, textsOf: () => [] };
  if (leaf.kind === 'value') {
    const mayBeGone = leaf.value.target?.column === 'time';
    return { values: [named(leaf.value, path)], isWhole: true, mayBeGone, textsOf: (value) => [textOf(value)] };
  }
  const values = valuesOf(leaf.pieces);
  // Its escapes are undone already, and what stands beside it is no quote of the JSON.
  const read = unlessUnclear(() => compileLayout(leaf.pieces, { ...format.escaping, escapesQuotes: false }));
  return {
    values,
    isWhole: false,
    mayBeGone: false,
    textsOf: (value) => read?.(textOf(value) ?? '') ?? values.map(() => undefined),
  };
}

/** A key that is called as a column says that its value is meant for it. */
function named(value: Value, path: readonly string[]): Value {
  const { target } = value;
  // Of times the most exact one is the best, whatever its key.
  if (!target || target.column === 'time') return value;
  const column = target.column === 'clients' ? 'client_ip' : target.column;
  return path.at(-1) === column ? { ...value, target: { ...target, rank: 0 } } : value;
}

/** A text that nobody can take apart is stored whole. */
function unlessUnclear(compile: () => LayoutReader): LayoutReader | undefined {
  try {
    return compile();
  } catch (error) {
    if (error instanceof LogFormatError) return undefined;
    throw error;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function valueAt(object: JsonObject, path: readonly string[]): unknown {
  let value: unknown = object;
  for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

function asIs(text: string): string {
  return text;
}
