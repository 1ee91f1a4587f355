/** Formats an instant (ms since the epoch) in an IANA zone. */
export type TimestampFormat = (at: number, timeZone?: string) => string;

const pad = (value: number, width: number) => String(value).padStart(width, '0');

const fields: { readonly [letters: string]: (date: Date) => string } = {
  yyyy: (date) => pad(date.getUTCFullYear(), 4),
  MM: (date) => pad(date.getUTCMonth() + 1, 2),
  dd: (date) => pad(date.getUTCDate(), 2),
  HH: (date) => pad(date.getUTCHours(), 2),
  mm: (date) => pad(date.getUTCMinutes(), 2),
  ss: (date) => pad(date.getUTCSeconds(), 2),
};

/**
 * Compiles the Java DateTimeFormatter patterns that prefixes of logs use: yyyy, MM, dd, HH, mm, ss, literals in single
 * quotes ('' is a quote) and anything that is no letter.
 *
 * @throws Error naming the part that the local stream does not know.
 */
export function compileTimestampPattern(pattern: string): TimestampFormat {
  const parts: ((date: Date) => string)[] = [];
  for (const [token, letters, quoted] of pattern.matchAll(/([A-Za-z])\1*|'((?:[^']|'')*)'|[^A-Za-z]/g)) {
    if (letters !== undefined) parts.push(field(token, pattern));
    else if (quoted !== undefined) parts.push(literal(token === "''" ? "'" : quoted.replaceAll("''", "'")));
    else if (token === "'") throw new Error(`the quote in the timestamp pattern "${pattern}" is not closed.`);
    else parts.push(literal(token));
  }
  return (at) => {
    const date = new Date(at);
    return parts.map((part) => part(date)).join('');
  };
}

function field(letters: string, pattern: string): (date: Date) => string {
  const known = fields[letters];
  if (known) return known;
  throw new Error(
    `"${letters}" in the timestamp pattern "${pattern}" is not supported on a laptop: use ${Object.keys(fields).join(', ')}.`,
  );
}

function literal(text: string): () => string {
  return () => text;
}
