import type { Parsed } from '../line/parsed.js';
import type { JsonObject } from '../parse/json/object.js';
import { isRead } from '../parse/json/readPaths.js';
import { stringify } from '../text/json.js';
import { hasSameMeaning, markOf, withValues } from './jsonFields.js';
import type { Path, ScannedLine, ValueKind } from './jsonScan.js';

/** Leaves in `fields` that would mean something with another value, by their indexes. */
export interface TellingLeaves {
  /** Those have to be the same in all lines of a shape. */
  readonly byValue: readonly number[];
  /** Those would be left out where they repeat the message: they have to differ from it. */
  readonly byMessage: readonly number[];
}

/**
 * Finds the leaves in `fields` that would mean something with another value: `audit` is no level, and `error` under the same key
 * makes an error of the line. Only keys that a format reads are tried, with a value of each kind that one of them understands.
 *
 *     {"level":"audit","msg":"signed in"}   app, and `level` in fields
 *     {"level":"error","msg":"signed in"}   error
 *
 * @param stored the indexes of the leaves in `fields`
 */
export function tellingLeaves(
  { leaves, paths }: ScannedLine,
  object: JsonObject,
  whole: Parsed,
  stored: readonly number[],
  parse: (line: JsonObject) => Parsed,
): TellingLeaves {
  const read: Candidate[] = stored.flatMap((index) => {
    const path = paths[index] as Path;
    const kind = leaves[index]?.kind;
    return kind !== undefined && isRead(path) ? [{ index, path, kind }] : [];
  });
  const parseWith = (changes: readonly Value[]) => parse(withValues(object, changes));
  const alone = read.filter((leaf) => tells(leaf, values[leaf.kind], whole, parseWith));
  if (whole.type === 'access') return { byValue: indexesOf(alone), byMessage: [] };
  const others = read.filter((leaf) => !alone.includes(leaf));
  const asStatus = others.filter((leaf) => tellsAsStatus(leaf, others, whole, parseWith));
  const { message } = whole.columns;
  const repeatsMessage = (leaf: Candidate) => leaf.kind === 'text' && tells(leaf, [message], whole, parseWith);
  const repeating = message === undefined ? [] : others.filter(repeatsMessage);
  return { byValue: indexesOf([...alone, ...asStatus]), byMessage: indexesOf(repeating) };
}

function indexesOf(leaves: readonly Candidate[]): readonly number[] {
  return leaves.map(({ index }) => index);
}

interface Candidate {
  readonly index: number;
  readonly path: Path;
  readonly kind: ValueKind;
}

type Value = readonly [path: Path, value: unknown];
type ParseWith = (values: readonly Value[]) => Parsed;

/** Whether one of the values makes another line of it, or does not stand where any other does. */
function tells(
  { index, path, kind }: Candidate,
  others: readonly unknown[],
  whole: Parsed,
  parseWith: ParseWith,
): boolean {
  const mark = markOf(index, kind);
  const marked = stringify(parseWith([[path, mark]]).fields);
  return others.some((value) => {
    const parsed = parseWith([[path, value]]);
    if (!hasSameMeaning(parsed, whole)) return true;
    return stringify(parsed.fields) !== marked.replace(stringify(mark), () => stringify(value));
  });
}

/** Whether a status makes an access line of it, once others tell its request. */
function tellsAsStatus(
  { index, path, kind }: Candidate,
  others: readonly Candidate[],
  whole: Parsed,
  parseWith: ParseWith,
): boolean {
  if (kind !== 'text' && kind !== 'number') return false;
  const status: Value = [path, kind === 'text' ? '200' : 200];
  const texts = others.filter((other) => other.kind === 'text' && other.index !== index);
  return requests.some((request) => {
    const values = texts.map((other): Value => [other.path, request]);
    return parseWith([status, ...values]).type !== whole.type;
  });
}

const requests = ['GET', 'GET / HTTP/1.1'];

/** Of each kind that a format understands: levels, times, statuses, counts, durations, requests, ids. */
const values: Readonly<Record<ValueKind, readonly unknown[]>> = {
  text: [
    ...['error', 'E', 'ERROR', 'INFO', 'Verbose', 'SEVERITY_NUMBER_ERROR', 'DEBUG1'],
    ...['2026-11-22T16:41:02Z', '2026-11-22', '1795365696', '1795365696256'],
    ...['3', '17', '30', '50', '200', '500', '40000', '0.004', '4.1ms', '-', ' '],
    ...['GET', '/a?b=c', 'GET /a HTTP/1.1', 'HTTP/1.1', '203.0.113.9', 'stdout', 'shop::pay', 'UTC'],
    ...['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7', '1-5759e988-bd862e3fe1be46a994272793'],
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
    '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1',
  ],
  number: [0, 1, 3, 4, 12, 17, 30, 50, 200, 400, 500, 40_000, 0.5, -1, 1_795_365_696, 1_795_365_696_256],
  word: [true, false, null],
  array: [
    ...[[], ['GET'], ['200'], ['a', 'b'], [65]],
    [{ key: 'trace_id', value: { stringValue: '4bf92f3577b34da6a3ce929d0e0e4736' } }],
    [{ trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' }],
  ],
};
