import { stripVTControlCharacters } from 'node:util';

/**
 * Log text on its way into a Slack message. Slack's own syntax starts with `&`, `<` or `>`
 * (https://docs.slack.dev/messaging/formatting-message-text), so text without them can't mention anybody or pose as
 * a link. Everything is cut after escaping, by what it weighs in the message, and never inside an entity.
 */

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const ellipsis = '…';

/** One line of plain or mrkdwn text of at most `max` characters. */
export function escapeLine(text: string, max: number): string {
  return escapeWithin(printable(text).replace(/\s+/g, ' ').trim(), max);
}

/** Text of several lines, also for the inside of a code fence, which it can't close. */
export function escapeLines(text: string, max: number): string {
  return escapeWithin(printable(text), max);
}

/** One line as inline code, in which Slack formats nothing. */
export function inlineCode(text: string, max: number): string {
  return `\`${escapeLine(withoutBackticks(text), max - 2) || ' '}\``;
}

/** Text that neither begins nor ends code. */
export function withoutBackticks(text: string): string {
  return text.replaceAll('`', lookalike);
}

/** U+02CB looks like a backtick and ends no code. */
const lookalike = 'ˋ';

/**
 * Characters that would not show as themselves: control characters but tab and newline, halves of surrogate pairs, and
 * marks that turn the direction of writing, which can make a line read as another one.
 */
const unprintable = /(?![\n\t])[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Noncharacter_Code_Point}\u2028\u2029]/gu;

/** Text without surprises and without code fences. */
function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?/g, '\n')
    .replace(unprintable, '\uFFFD')
    .replace(/`{3,}/g, (fence) => lookalike.repeat(fence.length));
}

function escapeWithin(text: string, max: number): string {
  let escaped = '';
  let uncut = '';
  for (const character of text) {
    const piece = entities[character] ?? character;
    if (escaped.length + piece.length > max) return uncut + ellipsis;
    escaped += piece;
    // What can still be shown together with the ellipsis.
    if (escaped.length + ellipsis.length <= max) uncut = escaped;
  }
  return escaped;
}
