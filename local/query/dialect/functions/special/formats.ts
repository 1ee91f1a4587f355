/**
 * Formats of times. Both give undefined for what has no counterpart.
 */

/** MySQL's specifiers, as date_format and date_parse take them, as strftime's. */
export function fromMySql(format: string): string | undefined {
  return pieces(format, /%./gs, (piece) => mySql[piece[1] ?? '']);
}

/** Patterns of Joda-Time, as format_datetime and parse_datetime take them, as strftime's. */
export function fromJoda(format: string): string | undefined {
  return pieces(format, /'(?:[^']|'')*'|([A-Za-z])\1*/g, (piece) => {
    if (piece === "''") return "'";
    if (piece.startsWith("'")) return escaped(piece.slice(1, -1).replaceAll("''", "'"));
    const letter = piece[0] ?? '';
    return joda[piece] ?? joda[`${letter}*`];
  });
}

function pieces(format: string, special: RegExp, spell: (piece: string) => string | undefined): string | undefined {
  let result = '';
  let end = 0;
  for (const match of format.matchAll(special)) {
    const spelled = spell(match[0]);
    if (spelled === undefined) return undefined;
    result += escaped(format.slice(end, match.index)) + spelled;
    end = match.index + match[0].length;
  }
  return result + escaped(format.slice(end));
}

function escaped(text: string): string {
  return text.replaceAll('%', '%%');
}

/** https://trino.io/docs/current/functions/datetime.html#mysql-date-functions */
const mySql: Readonly<Record<string, string>> = {
  a: '%a',
  b: '%b',
  c: '%-m',
  d: '%d',
  e: '%-d',
  f: '%f',
  H: '%H',
  h: '%I',
  I: '%I',
  i: '%M',
  j: '%j',
  k: '%-H',
  l: '%-I',
  M: '%B',
  m: '%m',
  p: '%p',
  r: '%I:%M:%S %p',
  S: '%S',
  s: '%S',
  T: '%H:%M:%S',
  v: '%V',
  W: '%A',
  x: '%G',
  Y: '%Y',
  y: '%y',
  '%': '%%',
};

/** https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html */
const joda: Readonly<Record<string, string>> = {
  yy: '%y',
  YY: '%y',
  'y*': '%Y',
  'Y*': '%Y',
  'x*': '%G',
  w: '%-V',
  ww: '%V',
  e: '%u',
  EEEE: '%A',
  'E*': '%a',
  D: '%-j',
  DDD: '%j',
  M: '%-m',
  MM: '%m',
  MMM: '%b',
  MMMM: '%B',
  d: '%-d',
  dd: '%d',
  a: '%p',
  h: '%-I',
  hh: '%I',
  H: '%-H',
  HH: '%H',
  m: '%-M',
  mm: '%M',
  s: '%-S',
  ss: '%S',
  SSS: '%g',
};
