import type { Parsed } from '../line/parsed.js';
import { isObject, type JsonObject } from '../parse/json/object.js';
import { toBinary } from '../text/binary.js';
import { stringify, stringifyText } from '../text/json.js';
import type { Path, ScannedLine, ValueKind } from './jsonScan.js';

/** A text with values in it: constant pieces and, by index, the leaves between. */
export type Pieces = readonly (string | number)[];

/** Where the values of a line stand in `fields`. */
export interface FoundFields {
  /** `fields` without its braces, as it stands in the row. */
  readonly pieces: Pieces;
  /** By index, what is known of the leaves in `fields`. */
  readonly leaves: readonly (FieldLeaf | undefined)[];
  /** Leaves that decide what others mean after all. */
  readonly fixed: readonly number[];
}

export interface FieldLeaf {
  /** The key it stands under. */
  readonly key: string;
  /** The same with those around it, `req.headers.cookie`, as the redactor tells a place. */
  readonly place: string;
}

export type Values = Readonly<Record<string, unknown>>;

/**
 * Finds where values of a line stand in the `fields` of its row: they are marked, and the line is parsed again. Texts that make
 * a column are marked too, and have to make the same column.
 *
 *     {"ts":"16:41","msg":"placed","item":{"sku":"tea"}}      fields {"item":{"sku":"tea"}}
 *     {"ts":"16:41","msg":"placed","item":{"sku":"⟨mark⟩"}}   fields {"item":{"sku":"⟨mark⟩"}}
 *
 * A value whose mark makes another line of it, or stands where the value itself was left out, is fixed.
 *
 * @param free the leaves to mark
 * @param texts the others to mark, with the column of each
 */
export function findFields(
  line: ScannedLine,
  object: JsonObject,
  whole: Parsed,
  free: readonly number[],
  texts: ReadonlyMap<number, string>,
  parse: (line: JsonObject) => Parsed,
): FoundFields | undefined {
  const markedFields = (indexes: readonly number[]) => {
    const parsed = parse(withValues(object, marksOf(line, indexes)));
    const columns: Record<string, unknown> = { ...whole.columns };
    for (const index of indexes) {
      const column = texts.get(index);
      if (column !== undefined) columns[column] = markOf(index, 'text');
    }
    return hasSameMeaning(parsed, { ...whole, columns }) ? new MarkedFields(parsed.fields, line) : undefined;
  };
  const marks = [...free, ...texts.keys()];
  const all = markedFields(marks);
  const decides = (index: number) =>
    all ? all.adds(index, whole.fields) : (markedFields([index])?.adds(index, whole.fields) ?? true);
  const fixed = marks.filter(decides);
  const found = fixed.length === 0 ? all : markedFields(marks.filter((index) => !fixed.includes(index)));
  return found && { pieces: joinPieces(found.pieces), leaves: found.leaves, fixed };
}

interface Meaning extends Pick<Parsed, 'type' | 'time'> {
  readonly columns: Values;
}

export function hasSameMeaning(one: Meaning, other: Meaning): boolean {
  return (
    one.type === other.type && one.time === other.time && differingColumns(one.columns, other.columns).length === 0
  );
}

export function differingColumns(whole: Values, rest: Values): string[] {
  return Object.keys({ ...whole, ...rest }).filter((column) => whole[column] !== rest[column]);
}

/** What stands in `fields` under these keys; undefined for nothing. */
export function fieldAt(fields: Parsed['fields'], [first, ...rest]: Path): unknown {
  const member = fields.find(([key]) => key === first)?.[1];
  return rest.reduce(
    (node, key) => (typeof node === 'object' && node !== null ? (node as Values)[key] : undefined),
    member,
  );
}

function marksOf({ leaves, paths }: ScannedLine, indexes: readonly number[]): readonly (readonly [Path, unknown])[] {
  return indexes.map((index) => [paths[index] as Path, markOf(index, leaves[index]?.kind)]);
}

/** A value of the kind that stands for the leaf. */
export function markOf(index: number, kind: ValueKind | undefined): unknown {
  if (kind === 'number') return FIRST_NUMBER + index;
  return kind === 'array' ? [`${MARK}${index}`] : `${MARK}${index}`;
}

/** Private to this file: no program logs it. */
const MARK = '\ue000mark';
/** A number may be looked at for its size: these are as large as process ids and ports are. */
const FIRST_NUMBER = 60_000;

/** The object with other values at some of its paths. */
export function withValues(object: JsonObject, values: readonly (readonly [Path, unknown])[]): JsonObject {
  return replaceIn(object, [], new Map(values.map(([path, value]) => [idOf(path), value])));
}

function replaceIn(object: JsonObject, parents: Path, values: ReadonlyMap<string, unknown>): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      const path = [...parents, key];
      const id = idOf(path);
      if (values.has(id)) return [key, values.get(id)];
      return [key, isObject(value) ? replaceIn(value, path, values) : value];
    }),
  );
}

function idOf(path: Path): string {
  return path.join('\n');
}

/** The fields of a line with marks, taken apart. */
class MarkedFields {
  readonly pieces: (string | number)[] = [];
  readonly leaves: (FieldLeaf | undefined)[];
  private readonly paths: (Path | undefined)[] = [];

  constructor(
    fields: Parsed['fields'],
    private readonly line: ScannedLine,
  ) {
    this.leaves = line.leaves.map(() => undefined);
    for (const [key, value] of fields) {
      if (value === undefined) continue;
      if (this.pieces.length > 0) this.pieces.push(',');
      this.addMember([key], value);
    }
  }

  /** Whether the leaf's mark stands in a place that the line's own fields don't have. */
  adds(index: number, fields: Parsed['fields']): boolean {
    const path = this.paths[index];
    return path !== undefined && fieldAt(fields, path) === undefined;
  }

  private addMember(path: Path, value: unknown): void {
    this.pieces.push(`${toBinary(fieldJson(stringifyText(path.at(-1) as string)))}:`);
    this.addValue(path, value);
  }

  private addValue(path: Path, value: unknown): void {
    const index = this.leafOf(value);
    if (index !== undefined) this.addLeaf(index, path);
    else if (Array.isArray(value))
      this.addAll('[', value.entries(), ']', (at, each) => this.addValue([...path, String(at)], each));
    else if (isObject(value))
      this.addAll('{', Object.entries(value), '}', (key, each) => this.addMember([...path, String(key)], each));
    else this.pieces.push(toBinary(fieldJson(stringify(value))));
  }

  private addAll(
    open: string,
    entries: Iterable<[string | number, unknown]>,
    close: string,
    add: (key: string | number, value: unknown) => void,
  ): void {
    this.pieces.push(open);
    let isFirst = true;
    for (const [key, value] of entries) {
      if (!isFirst) this.pieces.push(',');
      isFirst = false;
      add(key, value);
    }
    this.pieces.push(close);
  }

  private addLeaf(index: number, path: Path): void {
    const quote = this.line.leaves[index]?.kind === 'text' ? '\\"' : '';
    this.pieces.push(quote, index, quote);
    this.leaves[index] = { key: path.at(-1) as string, place: path.join('.') };
    this.paths[index] = path;
  }

  /** The leaf whose mark a value is. */
  private leafOf(value: unknown): number | undefined {
    const mark = Array.isArray(value) && value.length === 1 ? value[0] : value;
    const index = indexOf(mark);
    const kind = this.line.leaves[index]?.kind;
    if (kind === undefined || (kind === 'array') !== Array.isArray(value)) return undefined;
    return (kind === 'number') === (typeof mark === 'number') ? index : undefined;
  }
}

/** The leaf of a mark; -1 for what is none. */
function indexOf(mark: unknown): number {
  if (typeof mark === 'number') return mark - FIRST_NUMBER;
  return typeof mark === 'string' && mark.startsWith(MARK) ? Number(mark.slice(MARK.length)) : -1;
}

/** Constant pieces that stand beside each other become one. */
function joinPieces(pieces: Pieces): Pieces {
  const result: (string | number)[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') result[result.length - 1] = last + piece;
    else result.push(piece);
  }
  return result;
}

/** JSON as it stands in `fields`: JSON within JSON. */
function fieldJson(json: string): string {
  return stringifyText(json).slice(1, -1);
}
