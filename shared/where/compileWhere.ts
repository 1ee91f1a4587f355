import type { ClockOff } from '../line/clockOff.js';
import type { OriginColumns } from '../line/origin.js';
import type { AccessRow, EntryRow } from '../line/schema/index.js';
import { compilePattern } from '../text/pattern.js';
import { compileBlocks } from './cidr.js';
import { type FieldMatcher, isList, partsOf, type Where } from './clause.js';

/** How a rule names a value that has no column of its own: `fields.order.id`. */
export const fieldsPrefix = 'fields.';

export type Predicate = (view: RowView) => boolean;
export type Reader = (view: RowView) => unknown;

/**
 * A row of any table, by the time that rules go by; `fieldsColumn` is its column `fields` as it is stored, where that is at hand and
 * `fields` must be read from it.
 */
export type ViewedRow = (EntryRow | AccessRow) & { readonly fieldsColumn?: string; clockOff?: ClockOff };

/** A row as the rules look at it: `fields` is parsed when the first rule asks for it, and once. */
export class RowView {
  row: ViewedRow = { ts: 0 };
  #fields: unknown;

  show(row: ViewedRow): void {
    this.row = row;
    this.#fields = undefined;
  }

  get fields(): unknown {
    this.#fields ??= parseFields(this.row.fields);
    return this.#fields;
  }

  /** @param key of letters, digits, `_` and `-` */
  mayHaveKey(key: string): boolean {
    if (this.#fields !== undefined) return true;
    const json = this.fieldsJson;
    return json !== undefined && (json.includes(key) || json.includes('\\u'));
  }

  /**
   * JSON that holds all of `fields`, as it is or once more as a text in JSON: what stands in a string of it stands there as well, unless
   * an escape hides it.
   */
  get fieldsJson(): string | undefined {
    return this.row.fieldsColumn ?? this.row.fields;
  }
}

/**
 * Compiles a where-clause to one closure; every named column and every combination must match.
 *
 * @throws SyntaxError when it holds a regular expression or an address block that is not valid; `loadRules` refuses those.
 */
export function compileWhere(where: Where): Predicate {
  const { columns, any, all, not } = partsOf(where);
  // To look at a column costs less than to parse `fields`.
  const byCost = [...columns].sort(([a], [b]) => Number(inFields(a)) - Number(inFields(b)));
  const tests = byCost.map(([name, matcher]) => {
    const read = compileReader(name);
    const matches = ofOrigin.has(name) ? remembering(compileMatcher(matcher)) : compileMatcher(matcher);
    return (view: RowView) => matches(read(view));
  });
  tests.push(...all.map(compileWhere));
  if (any) tests.push(anyOf(any.map(compileWhere)));
  if (not) tests.push(negated(compileWhere(not)));
  return allOf(tests);
}

/** Columns that are the same for all lines of a container. */
const ofOrigin: ReadonlySet<string> = new Set<keyof OriginColumns>(['service', 'source', 'task', 'cluster']);

/** Lines of one container come together: what was said of its name holds for the next. A regular expression took a microsecond of each error. */
function remembering(matches: (value: unknown) => boolean): (value: unknown) => boolean {
  let last: { readonly value: unknown; readonly isMatch: boolean } | undefined;
  return (value) => {
    if (!last || last.value !== value) last = { value, isMatch: matches(value) };
    return last.isMatch;
  };
}

/** The columns and paths into `fields` that a where-clause looks at, each once. */
export function namesIn(where: Where): string[] {
  const { columns, any = [], all, not } = partsOf(where);
  const inner = [...any, ...all, ...(not ? [not] : [])];
  return [...new Set([...columns.map(([name]) => name), ...inner.flatMap(namesIn)])];
}

function inFields(name: string): boolean {
  return name.startsWith(fieldsPrefix);
}

/** Reads a column, or a path into `fields`; a key that itself holds dots wins over a nested one. */
export function compileReader(name: string): Reader {
  if (!inFields(name)) return (view) => (view.row as Readonly<Record<string, unknown>>)[name];
  const path = name.slice(fieldsPrefix.length).split('.');
  const key = path.at(-1) ?? '';
  // Where the text of the fields does not have the key, they need not be parsed.
  if (!/^[\w-]{3,}$/.test(key)) return (view) => readPath(view.fields, path);
  return (view) => (view.mayHaveKey(key) ? readPath(view.fields, path) : undefined);
}

/** A value as text, the way a rule compares it: lists and objects as JSON; undefined when there is no value. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

type Test = (value: unknown) => boolean;

function compileMatcher(matcher: FieldMatcher): Test {
  if (isList(matcher)) return oneOf(matcher.map(String));
  if (typeof matcher !== 'object') return oneOf([String(matcher)]);

  const tests: Test[] = [];
  const { contains, regex, gt, gte, lt, lte, exists, cidr, not, any, all } = matcher;
  if (contains !== undefined) tests.push(onText((text) => text.includes(contains)));
  if (regex !== undefined) {
    const pattern = compilePattern(regex);
    tests.push(onText((text) => pattern.test(text)));
  }
  if (gt !== undefined) tests.push((value) => asNumber(value) > gt);
  if (gte !== undefined) tests.push((value) => asNumber(value) >= gte);
  if (lt !== undefined) tests.push((value) => asNumber(value) < lt);
  if (lte !== undefined) tests.push((value) => asNumber(value) <= lte);
  if (exists !== undefined) tests.push((value) => (value !== undefined && value !== null) === exists);
  if (cidr !== undefined) tests.push(onText(compileBlocks(typeof cidr === 'string' ? [cidr] : cidr)));
  if (not !== undefined) tests.push(negated(compileMatcher(not)));
  if (any !== undefined) tests.push(anyOf(any.map(compileMatcher)));
  if (all !== undefined) tests.push(...all.map(compileMatcher));
  return allOf(tests);
}

function oneOf(allowed: readonly string[]): Test {
  const [only] = allowed;
  if (allowed.length === 1) return onText((text) => text === only);
  const set = new Set(allowed);
  return onText((text) => set.has(text));
}

function onText(test: (text: string) => boolean): Test {
  return (value) => {
    const text = asText(value);
    return text !== undefined && test(text);
  };
}

/** NaN, which compares as false with everything, when the value is not a number: `Number('')` would be 0. */
export function asNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

function allOf<T>(tests: readonly ((value: T) => boolean)[]): (value: T) => boolean {
  const [only] = tests;
  if (only && tests.length === 1) return only;
  return (value) => {
    for (const test of tests) if (!test(value)) return false;
    return true;
  };
}

function anyOf<T>(tests: readonly ((value: T) => boolean)[]): (value: T) => boolean {
  return (value) => {
    for (const test of tests) if (test(value)) return true;
    return false;
  };
}

function negated<T>(test: (value: T) => boolean): (value: T) => boolean {
  return (value) => !test(value);
}

/** `{}` rather than a throw: the column holds JSON by contract, and one odd row must not stop a rule. */
function parseFields(fields: string | undefined): unknown {
  if (!fields) return {};
  try {
    return JSON.parse(fields);
  } catch {
    return {};
  }
}

function readPath(node: unknown, path: readonly string[]): unknown {
  const [only] = path;
  if (only === undefined) return node;
  if (typeof node !== 'object' || node === null) return undefined;
  // No more than a short cut for the path of one step, which most are.
  if (path.length === 1) {
    return Object.hasOwn(node, only) ? (node as Readonly<Record<string, unknown>>)[only] : undefined;
  }
  for (let taken = path.length; taken > 0; taken--) {
    const name = path.slice(0, taken).join('.');
    if (!Object.hasOwn(node, name)) continue;
    const value = readPath((node as Readonly<Record<string, unknown>>)[name], path.slice(taken));
    if (value !== undefined) return value;
  }
  return undefined;
}
