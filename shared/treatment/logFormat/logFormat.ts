import type { Fields, Parsed } from '../../line/parsed.js';
import { isObject, type JsonObject, parseObject } from '../../parse/json/object.js';
import { numberOrText } from '../../parse/tokens.js';
import { readApache } from './apache.js';
import { compileColumns, type FilledColumns, isNone } from './columns.js';
import { type JsonLayout, readJsonLayout } from './jsonLayout.js';
import { compileLayout, type LayoutReader } from './layout.js';
import { readNginx } from './nginx.js';
import type { ServerFormat } from './serverFormat.js';
import { LogFormatError, type Piece, type Value } from './value.js';

export { LogFormatError } from './value.js';

/** A log format as it stands in the server's configuration. */
export type StatedLogFormat =
  | {
      /** The string of nginx's `log_format`, or the whole directive. */
      readonly nginx: string;
    }
  | {
      /** The string of Apache's `LogFormat`, or the whole directive. */
      readonly apache: string;
    };

/** A server's log format, compiled. */
export interface LogFormat {
  /** Reads a line of this format, which is an access line; undefined for any other. */
  readonly parse: (log: string | JsonObject) => Parsed | undefined;
  /** A line as the server would write it. */
  readonly sample: string;
}

/** @throws LogFormatError when the server would refuse the format, or nobody could take its lines apart. */
export function compileLogFormat(stated: StatedLogFormat): LogFormat {
  const format = 'nginx' in stated ? readNginx(stated.nginx) : readApache(stated.apache);
  if (!format.pieces.some((piece) => typeof piece !== 'string')) {
    const example = 'nginx' in stated ? '$remote_addr' : '%h';
    throw new LogFormatError(
      `the format holds no value of a request, such as ${example}; paste it as the server has it`,
    );
  }
  const json = readJsonLayout(format.pieces);
  const parse = json ? jsonParser(json, format) : textParser(format);
  const sample = sampleOf(format.pieces);
  if (parse(sample)) return { parse, sample };
  throw new LogFormatError(
    `its lines can't be taken apart, such as ${sample}; put texts that may hold spaces in quotes, here and in the configuration of the server`,
  );
}

function sampleOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : piece.example)).join('');
}

function textParser({ pieces, escaping }: ServerFormat): LogFormat['parse'] {
  const read = compileLayout(pieces, escaping);
  const values = valuesOf(pieces);
  const fill = compileColumns(values);
  const keys = fieldKeys(values);
  return (log) => {
    const texts = typeof log === 'string' ? read(log) : undefined;
    if (!texts) return undefined;
    const filled = fill(texts, escaping.decode);
    const others = texts.flatMap((text, at): Fields => {
      const key = keys[at];
      if (key === undefined || isNone(text) || filled.isTaken[at]) return [];
      return [[key, fieldValue(values[at], escaping.decode(text))]];
    });
    return accessLine(filled, others);
  };
}

function valuesOf(pieces: readonly Piece[]): readonly Value[] {
  return pieces.filter((piece): piece is Value => typeof piece !== 'string');
}

/** A value that is logged twice is stored once; two values of one name have a number. */
function fieldKeys(values: readonly Value[]): readonly (string | undefined)[] {
  const names = values.map(({ name }) => name);
  const taken = new Set<string>();
  return values.map(({ name, field }, at) => {
    if (field === undefined || names.indexOf(name) < at) return undefined;
    let key = field;
    for (let number = 2; taken.has(key); number++) key = `${field}_${number}`;
    taken.add(key);
    return key;
  });
}

function fieldValue(value: Value | undefined, text: string): unknown {
  const { shape } = value ?? {};
  return shape?.kind === 'fixed' && shape.isNumber ? numberOrText(text) : text;
}

function accessLine({ time, columns, fields }: FilledColumns, others: Fields): Parsed {
  return { type: 'access', time, columns, fields: [...fields, ...others] };
}

/**
 * Reads a line by its keys, also one that came as an object. A line that the server wrote is not always JSON: a number without
 * quotes may be missing, and nginx's own escapes are none of JSON's. Such a line is taken apart as a text.
 */
function jsonParser(layout: JsonLayout, format: ServerFormat): LogFormat['parse'] {
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
    return accessLine(filled, Object.entries(withoutAll(object, gone)));
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

function readerOf(
  leaf: JsonLayout['leaves'][number]['leaf'],
  path: readonly string[],
  format: ServerFormat,
): LeafReader {
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

/** The object without what stands at the ways; objects that have nothing left go too. */
function withoutAll(object: JsonObject, paths: readonly (readonly string[])[]): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]): [string, unknown][] => {
      const within = paths.filter(([first]) => first === key).map(([, ...rest]) => rest);
      if (within.length === 0) return [[key, value]];
      if (within.some((rest) => rest.length === 0) || !isObject(value)) return [];
      const left = withoutAll(value, within);
      return Object.keys(left).length === 0 ? [] : [[key, left]];
    }),
  );
}

function asIs(text: string): string {
  return text;
}
