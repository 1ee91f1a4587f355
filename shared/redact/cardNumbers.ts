import { type Standing, standingOf } from './cardContext.js';
import { cardOf, maxCardDigits, minCardDigits } from './cardNetworks.js';

/**
 * Payment card numbers, told from the other long numbers of a log by all of it: a network's range, its length, Luhn's check, the
 * groups that cards are written in, and what stands around.
 */

/**
 * Replaces every card number in a text.
 *
 * @param key under which the text stands, after those that it is nested in: `payment.card`.
 */
export function replaceCardNumbers(text: string, cover: (number: string) => string, key = ''): string {
  return text.replace(digitRun, (run, offset: number) => {
    let result = '';
    let done = 0;
    for (const { start, end, kind, others } of cardsIn(run, text[offset - 1] === '%')) {
      if (start < done) continue;
      const standing = standingOf(text, offset + start, offset + end, key);
      if (!isCard(kind, others, standing)) continue;
      result += run.slice(done, start) + cover(run.slice(start, end));
      done = end;
    }
    return result + run.slice(done);
  });
}

function isCard(kind: Span['kind'], others: Span['others'], standing: Standing): boolean {
  if (standing === 'other') return false;
  return standing === 'card' || (kind === 'certain' && others === 'few');
}

/**
 * Whether a text, escaped or not, may hold a card number, whatever stands around it; looks at one character in 12 unless it
 * finds digits.
 */
export function mayHoldCardNumber(text: string, start: number, end: number): boolean {
  for (let probe = start + minCardDigits - 1; probe < end; probe += minCardDigits) {
    if (!isRunChar(text.charCodeAt(probe)) || !(hasRunBefore(text, probe) || hasRunAfter(text, probe))) continue;
    let from = probe;
    while (from > start && isRunChar(text.charCodeAt(from - 1))) from--;
    let digits = 0;
    let to = from;
    for (; to < end; to++) {
      const code = text.charCodeAt(to);
      if (!isRunChar(code)) break;
      if (code >= ZERO) digits++;
    }
    if (digits >= minCardDigits && hasCard(text, from, to, digits)) return true;
    probe = to - 1;
  }
  return false;
}

/** A run of 12 that holds the probe has the 6 characters before it or the 6 behind it: two of them are looked at. */
function hasRunBefore(text: string, probe: number): boolean {
  return isRunChar(text.charCodeAt(probe - 3)) && isRunChar(text.charCodeAt(probe - 6));
}

function hasRunAfter(text: string, probe: number): boolean {
  return isRunChar(text.charCodeAt(probe + 3)) && isRunChar(text.charCodeAt(probe + 6));
}

const ZERO = 0x30;
const ONE = 0x31;

function hasCard(text: string, start: number, end: number, digits: number): boolean {
  // Times in milliseconds since the epoch: many lines have them, and they are the only digits in reach.
  if (digits === 13 && text.charCodeAt(start) === ONE) return false;
  // Behind "% " no code begins.
  const isCoded = text[start - 1] === '%' && text.charCodeAt(start) >= ZERO;
  // Digits in one piece are many (ids, hashes), and quickly decided.
  if (digits === end - start && !isCoded) {
    return digits <= maxCardDigits && cardOf(text.slice(start, end)) !== undefined && !isHexTail(text, start);
  }
  return cardsIn(text.slice(start, end), isCoded).some((card) => !isHexTail(text, start + card.start));
}

/** The digits that end a container id, say. Behind a backslash the letter is an escape such as `\n`, behind `%` a code. */
function isHexTail(text: string, start: number): boolean {
  return /(?:^|[^\\])[A-Za-z]$/.test(text.slice(Math.max(0, start - 2), start)) && text[start - 3] !== '%';
}

const digitRun = /\d[\d -]{10,}\d/g;

/** A number that may be a card's by itself. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly kind: 'certain' | 'named';
  /** How many other numbers stand in line with it: `few` as a card's verification code does, `many` as in a list of numbers. */
  readonly others: 'few' | 'many';
}

interface Group {
  readonly digits: string;
  readonly start: number;
  /** What stands between it and the group before it. */
  readonly joint: string;
}

/**
 * The card numbers in a run of digits, spaces and dashes.
 *
 * @param isCoded whether the run begins with a code such as `%20`.
 */
function cardsIn(run: string, isCoded: boolean): Span[] {
  const groups = groupsOf(isCoded ? `  ${run.slice(2)}` : run);
  const cards: Span[] = [];
  for (let first = 0; first < groups.length; ) {
    const count = cardLength(groups, first);
    if (count > 0) cards.push(spanOf(groups, first, count));
    first += Math.max(1, count);
  }
  return cards;
}

function groupsOf(run: string): Group[] {
  const groups: Group[] = [];
  let last = 0;
  for (const { 0: digits, index: start } of run.matchAll(/\d+/g)) {
    groups.push({ digits, start, joint: run.slice(last, start) });
    last = start + digits.length;
  }
  return groups;
}

/** How many groups, from this one on, are the number of a card; none when it is 0. */
function cardLength(groups: readonly Group[], first: number): number {
  const shape = shapes.find((shape) => {
    const joint = groups[first + 1]?.joint;
    if (shape.length > 1 && joint !== ' ' && joint !== '-') return false;
    return (
      shape.every((length, index) => {
        const group = groups[first + index];
        return group?.digits.length === length && (index === 0 || group.joint === joint);
      }) && cardOf(digitsOf(groups, first, shape.length)) !== undefined
    );
  });
  if (shape) return shape.length;
  return cardOf(groups[first]?.digits ?? '') === undefined ? 0 : 1;
}

/** How cards are embossed and typed: in fours, and as American Express, Diners Club, UnionPay and Maestro do. Longest first. */
const shapes: readonly (readonly number[])[] = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4, 2],
  [4, 4, 4, 4, 1],
  [4, 4, 4, 4],
  [4, 4, 4, 3],
  [4, 4, 4, 2],
  [4, 4, 4, 1],
  [4, 4, 4],
  [4, 3, 3, 3],
  [4, 6, 5],
  [4, 6, 4],
  [4, 4, 5],
  [6, 13],
];

function digitsOf(groups: readonly Group[], first: number, count: number): string {
  let digits = '';
  for (let index = first; index < first + count; index++) digits += groups[index]?.digits;
  return digits;
}

function spanOf(groups: readonly Group[], first: number, count: number): Span {
  const last = groups[first + count - 1];
  const digits = digitsOf(groups, first, count);
  // A long number in groups is a card's; in one piece it is as often an id of 64 bits.
  const kind = count > 3 && digits.length > 16 ? 'certain' : (cardOf(digits) ?? 'named');
  return {
    start: groups[first]?.start ?? 0,
    end: last ? last.start + last.digits.length : 0,
    kind,
    others: isInList(groups, first, count) ? 'many' : 'few',
  };
}

/** A verification code may follow, or a shorter number stand before; more of either makes a list of numbers. */
function isInList(groups: readonly Group[], first: number, count: number): boolean {
  const joint = count > 1 ? groups[first + 1]?.joint : ' ';
  const inLine = (group: Group | undefined) => group !== undefined && (group.joint === joint || group.joint === '-');
  let before = 0;
  while (before < enough && first - before > 0 && inLine(groups[first - before])) before++;
  let after = 0;
  while (after < enough && inLine(groups[first + count + after])) after++;
  if (before + after === 0) return false;
  if (groups[first]?.joint === '-' || groups[first + count]?.joint === '-') return true;
  if (count === 1) return before + after > 2;
  const other = (before > 0 ? groups[first - 1] : groups[first + count])?.digits ?? '';
  return before + after > 1 || other.length > 3;
}

/** So many make a list on either side. */
const enough = 3;

function isRunChar(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 0x20 || code === 0x2d;
}
