import { parseLevel } from '../parse/values/level.js';
import type { ColumnSource } from './explanation.js';
import { differences, type LineValues, type Reread } from './lineValues.js';

/**
 * The part of a text that each value comes from. A value that stands in it once comes from there; for any other, such as a
 * time, each letter and digit is changed in turn, and those that change the value are where it comes from.
 */
export function textSources(text: string, whole: LineValues, reread: Reread): ReadonlyMap<string, ColumnSource> {
  const sources = new Map<string, ColumnSource>();
  const unclear = new Set<string>();
  for (const [name, value] of whole) {
    const source = name === 'level' ? levelSource(text, value, reread) : placeOf(text, value);
    if (source) sources.set(name, source);
    else if (name !== 'level') unclear.add(name);
  }
  if (unclear.size > 0) {
    for (const [name, source] of changingPlaces(text, whole, unclear, reread)) sources.set(name, source);
  }
  return sources;
}

/** Undefined when the value stands nowhere in the text, or in several places. */
function placeOf(text: string, value: unknown): ColumnSource | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const start = text.indexOf(value);
  if (start < 0 || text.indexOf(value, start + 1) >= 0) return undefined;
  return { kind: 'text', start, end: start + value.length };
}

/** The word that names the level: with another one in its place the line has that level. */
function levelSource(text: string, level: unknown, reread: Reread): ColumnSource | undefined {
  for (const { 0: word, index } of text.slice(0, LOOKED_AT).matchAll(/[A-Za-z]+|\d+/g)) {
    if (parseLevel(word) !== level) continue;
    const end = index + word.length;
    const other = reread(`${text.slice(0, index)}${otherLevel(word)}${text.slice(end)}`);
    if (other.get('level') !== level) return { kind: 'text', start: index, end, written: word };
  }
  return undefined;
}

function otherLevel(word: string): string {
  const [short, long] = parseLevel(word) === 'info' ? ['D', 'DEBUG'] : ['I', 'INFO'];
  const other = word.length === 1 ? short : long;
  return word === word.toUpperCase() ? other : other.toLowerCase();
}

/** Characters that are changed in turn: heads of lines are shorter. */
const LOOKED_AT = 400;

/** Where the value stands among the characters that change it; from the first of them to the last when it is written otherwise. */
function changingPlaces(
  text: string,
  whole: LineValues,
  names: ReadonlySet<string>,
  reread: Reread,
): ReadonlyMap<string, ColumnSource> {
  const places = new Map<string, number[]>();
  for (let at = 0; at < Math.min(text.length, LOOKED_AT); at++) {
    const other = otherCharacter(text.charAt(at));
    if (other === undefined) continue;
    const changed = differences(whole, reread(text.slice(0, at) + other + text.slice(at + 1)));
    // More than that means that another format took the changed line.
    if (changed.size > 2) continue;
    for (const name of changed) if (names.has(name)) places.set(name, [...(places.get(name) ?? []), at]);
  }
  return new Map([...places].map(([name, changing]) => [name, sourceAt(text, whole.get(name), changing)]));
}

function sourceAt(text: string, value: unknown, changing: readonly number[]): ColumnSource {
  const same = String(value);
  // An empty value stands everywhere, and nowhere in particular.
  for (let start = same === '' ? -1 : text.indexOf(same); start >= 0; start = text.indexOf(same, start + 1)) {
    const end = start + same.length;
    const isWhole = typeof value === 'string' || !isPartOfNumber(text, start, end);
    if (isWhole && changing.some((at) => at >= start && at < end)) return { kind: 'text', start, end };
  }
  let start = changing[0] ?? 0;
  let end = (changing.at(-1) ?? 0) + 1;
  // The first digit of a day can't be any other.
  while (/[\dA-Za-z]/.test(text.charAt(start - 1))) start--;
  while (/[\dA-Za-z]/.test(text.charAt(end))) end++;
  return { kind: 'text', start, end, written: text.slice(start, end) };
}

/** `123` within `0.123`. */
function isPartOfNumber(text: string, start: number, end: number): boolean {
  return /[\d.]/.test(text.charAt(start - 1)) || /[\d.]/.test(text.charAt(end));
}

/** Another digit for a digit, another letter for a letter; nothing else is changed. */
function otherCharacter(character: string): string | undefined {
  if (character === '9') return '8';
  if (character === 'z' || character === 'Z') return String.fromCharCode(character.charCodeAt(0) - 1);
  return /[\dA-Za-z]/.test(character) ? String.fromCharCode(character.charCodeAt(0) + 1) : undefined;
}
