import { letterFormat } from './timestampLetters.js';
import { type ZonedTime, zonedTime } from './zonedTime.js';

/** Formats an instant (ms since the epoch) in an IANA zone. */
export type TimestampFormat = (at: number, timeZone?: string) => string;

/**
 * Compiles a pattern of Java's DateTimeFormatter: letters, literals in single quotes ('' is a quote), optional sections
 * in brackets, which always apply when an instant is formatted, and anything else as it is.
 *
 * @see https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/time/format/DateTimeFormatter.html
 * @throws Error naming what Firehose would refuse.
 */
export function compileTimestampPattern(pattern: string): TimestampFormat {
  const parts: ((time: ZonedTime) => string)[] = [];
  let open = 0;
  for (const [token, letter, quoted] of pattern.matchAll(/([A-Za-z])\1*|'((?:[^']|'')*)'|[^A-Za-z]/g)) {
    if (letter !== undefined) parts.push(letterFormat(letter, token.length));
    else if (quoted !== undefined) parts.push(literal(token === "''" ? "'" : quoted.replaceAll("''", "'")));
    else if (token === "'") throw new Error(`the quote in the timestamp pattern "${pattern}" is not closed.`);
    else if (token === '[') open++;
    else if (token === ']') open--;
    else if ('{}#'.includes(token)) throw new Error(`"${token}" in the timestamp pattern "${pattern}" must be quoted.`);
    else parts.push(literal(token));
    if (open < 0) throw new Error(`"]" in the timestamp pattern "${pattern}" closes no "[".`);
  }
  return (at, timeZone = 'UTC') => {
    const time = zonedTime(at, timeZone);
    return parts.map((part) => part(time)).join('');
  };
}

function literal(text: string): () => string {
  return () => text;
}
