/**
 * Payment card numbers: 13 to 19 digits that start with 2 to 6 (ISO/IEC 7812's industries of banking, travel and
 * merchandising) and pass Luhn's check, written in one piece or in groups of 3 to 7 with a space or dash between.
 * Dates have groups of 2, times of the epoch start with 1, and fractions follow a point: none of them is taken for a card.
 */

/** Replaces every card number in a text. */
export function replaceCardNumbers(text: string, cover: (number: string) => string): string {
  return text.replace(digitRun, (run, offset: number) => {
    let result = '';
    let done = 0;
    for (const { start, end } of cardsIn(run)) {
      if (isPartOfWord(text, offset + start, offset + end)) continue;
      result += run.slice(done, start) + cover(run.slice(start, end));
      done = end;
    }
    return result + run.slice(done);
  });
}

/** Whether a text, escaped or not, may hold a card number; looks at one character in 13 unless it finds digits. */
export function mayHoldCardNumber(text: string, start: number, end: number): boolean {
  for (let probe = start + minDigits - 1; probe < end; probe += minDigits) {
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
    if (digits >= minDigits && !isEpoch(text, from, digits) && hasCard(text, from, to, digits)) return true;
    probe = to - 1;
  }
  return false;
}

/** A run of 13 that holds the probe has the 6 characters before it or the 6 behind it: two of them are looked at. */
function hasRunBefore(text: string, probe: number): boolean {
  return isRunChar(text.charCodeAt(probe - 3)) && isRunChar(text.charCodeAt(probe - 6));
}

function hasRunAfter(text: string, probe: number): boolean {
  return isRunChar(text.charCodeAt(probe + 3)) && isRunChar(text.charCodeAt(probe + 6));
}

const ZERO = 0x30;
const ONE = 0x31;

/** Milliseconds since the epoch: many lines have them, and they are the only digits in reach. */
function isEpoch(text: string, start: number, digits: number): boolean {
  return digits === minDigits && text.charCodeAt(start) === ONE;
}

function hasCard(text: string, start: number, end: number, digits: number): boolean {
  const run = text.slice(start, end);
  // Digits in one piece are many (ids, hashes), and quickly decided.
  if (digits === end - start) return isCardNumber(run) && !isHexTail(text, start);
  return cardsIn(run).some((card) => !isHexTail(text, start + card.start));
}

const minDigits = 13;
const maxDigits = 19;
const digitRun = /\d[\d -]{11,}\d/g;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The card numbers among the groups of digits in a run; the longest at each place, because a CVC may follow. */
function cardsIn(run: string): Span[] {
  const groups = [...run.matchAll(/\d+/g)].map(({ 0: digits, index: start }) => ({ digits, start }));
  const cards: Span[] = [];
  for (let first = 0; first < groups.length; first++) {
    let last = -1;
    let digits = '';
    for (let next = first; next < groups.length && digits.length < maxDigits; next++) {
      digits += groups[next]?.digits;
      const alone = next === first;
      if (!alone && !(joins(groups[next - 1], groups[next]) && isGroup(groups[first]) && isGroup(groups[next]))) break;
      if (isCardNumber(digits)) last = next;
    }
    const end = groups[last];
    if (!end) continue;
    cards.push({ start: groups[first]?.start ?? 0, end: end.start + end.digits.length });
    first = last;
  }
  return cards;
}

type Group = { readonly digits: string; readonly start: number } | undefined;

function joins(before: Group, after: Group): boolean {
  return before !== undefined && after !== undefined && after.start - before.start - before.digits.length === 1;
}

function isGroup(group: Group): boolean {
  return group !== undefined && group.digits.length >= 3 && group.digits.length <= 7;
}

function isCardNumber(digits: string): boolean {
  const first = digits[0] ?? '';
  return digits.length >= minDigits && digits.length <= maxDigits && first >= '2' && first <= '6' && passesLuhn(digits);
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Ids and hashes in which digits and letters mix, fractions, and international phone numbers are no card numbers. */
function isPartOfWord(text: string, start: number, end: number): boolean {
  return (
    /(?:[A-Za-z+]|\d\.)$/.test(text.slice(Math.max(0, start - 2), start)) ||
    /^(?:[A-Za-z]|\.\d)/.test(text.slice(end, end + 2))
  );
}

/** The digits that end a container id, say. Behind a backslash the letter is an escape such as `\n`. */
function isHexTail(text: string, start: number): boolean {
  return /(?:^|[^\\])[A-Za-z]$/.test(text.slice(Math.max(0, start - 2), start));
}

function isRunChar(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 0x20 || code === 0x2d;
}
