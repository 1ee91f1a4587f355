import { isDigit } from '../values/time.js';

/**
 * Where the time ends that starts at `start`, in any of the layouts in which programs write one at the head of a line;
 * -1 when none does. Whether it names a zone, and which day it is, is parseTime's to say.
 */
export function timeEnd(line: string, start: number): number {
  const code = line.charCodeAt(start);
  if (!isDigit(code) && !isCapital(code)) return -1;
  const end = isIso(line, start) ? zoneEnd(line, fractionEnd(line, start + ISO)) : otherEnd(line, start);
  return end < 0 || isWord(line.charCodeAt(end)) ? -1 : end;
}

/** Whether a time starts there that is written as usual, to the second: `2026-11-22 16:41:02`, `2026/11/22T16:41:02`. */
export function isIso(line: string, start: number): boolean {
  const dash = line.charCodeAt(start + 4);
  if ((dash !== DASH && dash !== SLASH) || line.charCodeAt(start + 7) !== dash) return false;
  const between = line.charCodeAt(start + 10);
  if (between !== SPACE && between !== UPPER_T) return false;
  if (line.charCodeAt(start + 13) !== COLON || line.charCodeAt(start + 16) !== COLON) return false;
  for (const place of digitPlaces) if (!isDigit(line.charCodeAt(start + place))) return false;
  return true;
}

function fractionEnd(line: string, start: number): number {
  const point = line.charCodeAt(start);
  if ((point !== DOT && point !== COMMA) || !isDigit(line.charCodeAt(start + 1))) return start;
  let end = start + 2;
  while (isDigit(line.charCodeAt(end))) end++;
  return end;
}

function zoneEnd(line: string, start: number): number {
  const next = line.charCodeAt(start);
  // Most have none: spared the expression.
  if (next === SPACE && !startsZone(line.charCodeAt(start + 1))) return start;
  if (next === UPPER_Z) return start + 1;
  zone.lastIndex = start;
  return zone.test(line) ? zone.lastIndex : start;
}

function startsZone(code: number): boolean {
  return code === PLUS || code === DASH || code === UPPER_U || code === UPPER_G || code === UPPER_Z;
}

function otherEnd(line: string, start: number): number {
  const pattern = isDigit(line.charCodeAt(start)) ? numbered : named;
  pattern.lastIndex = start;
  return pattern.test(line) ? pattern.lastIndex : -1;
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isWord(code: number): boolean {
  return isDigit(code) || isCapital(code) || (code >= 97 && code <= 122) || code === 95;
}

/** Length of an ISO time without its fraction. */
const ISO = 19;
const digitPlaces = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18] as const;
const PLUS = 43;
const COMMA = 44;
const DASH = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const SPACE = 32;
const UPPER_G = 71;
const UPPER_T = 84;
const UPPER_U = 85;
const UPPER_Z = 90;

const clock = String.raw`\d\d?:\d\d:\d\d(?:[.,]\d{1,9}|:\d{3}(?!\d|:\d))?(?:\s[AP]M)?`;
const zoneText = String.raw`\s?(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)(?!\w)`;
const month = '[A-Z][a-z]{2}';
const zone = new RegExp(zoneText, 'y');

/** Times that start with a digit. */
const numbered = sticky([
  // Airflow puts a comma behind the date, ClickHouse points into it.
  String.raw`\d{4}[-/.]\d\d?[-/.]\d\d?(?:T|,? {1,2}|:)${clock}(?:${zoneText})?`,
  clock,
  // zerolog's console.
  String.raw`\d\d?:\d\d[AP]M`,
  String.raw`\d\d?[- /.]${month}[- /.]\d{4}[ :]${clock}(?:${zoneText})?`,
  String.raw`\d\d?[/.-]\d\d?[/.-]\d{4},? ${clock}(?:${zoneText})?`,
  // Log4j 1, as Hadoop and Spark set it: `26/11/22 16:41:02`, `261122 164102`.
  String.raw`\d\d[/.-]\d\d[/.-]\d\d,? ${clock}`,
  String.raw`\d{6} (?:\d{6}(?!\d)| ?${clock})`,
  String.raw`\d{8}[ T-]?(?:${clock}|\d{6}(?:[.,]\d{1,9})?)(?:${zoneText})?`,
  // Android and go-ethereum name no year.
  String.raw`\d\d-\d\d[ |]${clock}`,
  String.raw`(?<=\[)\d{10}(?:\.\d{1,9}|\d{3})?(?=\])`,
]);

/** Times that start with the name of a day or month. */
const named = sticky([
  String.raw`${month}[a-z]{0,6} \d\d?, \d{4},? ${clock}(?:${zoneText})?`,
  String.raw`${month}, \d\d ${month} \d{4} ${clock}(?:${zoneText})?`,
  String.raw`${month} ${month} [ \d]\d ${clock}(?: (?:[A-Z]{3,4}|[+-]\d{4}))? \d{4}`,
  String.raw`(?<=\[)${month} [ \d]\d ${clock}(?=\])`,
  // Without a year, as of syslog, a level tells it.
  String.raw`${month} [ \d]\d ${clock}(?= {1,4}[A-Z]{3,8} )`,
]);

function sticky(layouts: readonly string[]): RegExp {
  return new RegExp(layouts.map((layout) => `(?:${layout})`).join('|'), 'y');
}
