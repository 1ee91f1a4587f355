import { isObject, type JsonObject } from '../../parse/json/object.js';
import { numberOrText } from '../../parse/tokens.js';
import { LogFormatError, type Piece, type Value, valuesOf } from './value.js';

/** What a format says of a value of its JSON object: a constant, one value of the request, or a text of several. */
export type Leaf =
  | { readonly kind: 'constant' }
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'composite'; readonly pieces: readonly Piece[] };

/** The object that a format makes. */
export interface JsonLayout {
  /** With the way of keys that leads to each. */
  readonly leaves: readonly { readonly path: readonly string[]; readonly leaf: Leaf }[];
  /** The object of a line by the texts of its values, for a line that is no JSON itself. */
  readonly fill: (texts: readonly string[]) => JsonObject;
}

/**
 * Reads a format that is a JSON object; undefined for any other.
 *
 * @throws LogFormatError when it is meant to be one and is none.
 */
export function readJsonLayout(pieces: readonly Piece[]): JsonLayout | undefined {
  const [first, last] = [pieces[0], pieces.at(-1)];
  const isMeant =
    typeof first === 'string' && /^\s*\{\s*"/.test(first) && typeof last === 'string' && /\}\s*$/.test(last);
  if (!isMeant) return undefined;
  const values = valuesOf(pieces);
  const template = parse(markedText(pieces), values);
  if (!template) return undefined;
  const leaves = [...leavesOf(template, [], values)];
  return { leaves, fill: (texts) => filled(template, texts) as JsonObject };
}

/** The format as JSON text, with a mark for each value; one that stands without quotes gets some. */
function markedText(pieces: readonly Piece[]): string {
  let text = '';
  let isInString = false;
  let index = 0;
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      text += isInString ? `${START}${index++}${END}` : `"${BARE}${index++}${END}"`;
      continue;
    }
    text += piece;
    for (const quote of piece.matchAll(/\\[\s\S]|"/g)) if (quote[0] === '"') isInString = !isInString;
  }
  return text;
}

/** Characters for private use: in no format. */
const START = '\ue000';
const BARE = '\ue002';
const END = '\ue001';
const mark = new RegExp(`[${START}${BARE}](\\d+)${END}`);
/** With the quotes that it got. */
const shownMark = new RegExp(`${START}(\\d+)${END}|"${BARE}(\\d+)${END}"`, 'g');

function parse(text: string, values: readonly Value[]): JsonObject | undefined {
  try {
    const object: unknown = JSON.parse(text);
    return isObject(object) ? object : undefined;
  } catch (error) {
    throw new LogFormatError(whyNone(text, /position (\d+)/.exec(String(error))?.[1], values));
  }
}

function whyNone(text: string, position: string | undefined, values: readonly Value[]): string {
  const none = 'the format starts like a JSON object and is none; look at';
  if (position === undefined) return `${none} its commas, colons and quotes`;
  const [before, after] = [text.slice(0, Number(position)), text.slice(Number(position))];
  const place = (part: string) => {
    const named = part.replace(shownMark, (_, quoted, bare) => values[Number(quoted ?? bare)]?.name ?? '').trimEnd();
    return named.length > 40 ? `…${named.slice(-40)}` : named;
  };
  return /,\s*$/.test(before) && /^\s*[}\]]/.test(after)
    ? `the JSON has a comma too many, in ${place(before)}; take it out, here and in the configuration of the server: no reader takes such lines for JSON`
    : `${none} what follows ${place(before)}`;
}

function* leavesOf(
  node: unknown,
  path: readonly string[],
  values: readonly Value[],
): Generator<{ path: readonly string[]; leaf: Leaf }> {
  if (isObject(node)) {
    for (const [key, child] of Object.entries(node)) yield* leavesOf(child, [...path, key], values);
  } else yield { path, leaf: leafOf(node, values) };
}

function leafOf(node: unknown, values: readonly Value[]): Leaf {
  if (typeof node !== 'string' || !mark.test(node)) return { kind: 'constant' };
  const pieces = node
    .split(mark)
    .map((part, at) => (at % 2 === 0 ? part : values[Number(part)]))
    .filter((piece): piece is Piece => piece !== undefined && piece !== '');
  const [only] = pieces;
  return pieces.length === 1 && typeof only === 'object'
    ? { kind: 'value', value: only }
    : { kind: 'composite', pieces };
}

function filled(node: unknown, texts: readonly string[]): unknown {
  if (typeof node === 'string') {
    const text = node.replace(new RegExp(mark, 'g'), (_, index) => texts[Number(index)] ?? '');
    return node.startsWith(BARE) ? numberOrText(text) : text;
  }
  if (Array.isArray(node)) return node.map((each) => filled(each, texts));
  if (!isObject(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, filled(child, texts)]));
}
