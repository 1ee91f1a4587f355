/** The one scale that every format's levels are brought to, quiet to loud. */
export const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type Level = (typeof levels)[number];

/** Reads a level in any common spelling: names, and the numbers of pino and bunyan (10 to 60). */
export function parseLevel(value: unknown): Level | undefined {
  if (typeof value === 'string') return levelNamed(value) ?? letters[value] ?? numeric(value) ?? slog(value);
  if (typeof value === 'number') return fromNumber(value);
  return undefined;
}

/** The level that a word names, in any case. */
export function levelNamed(word: string): Level | undefined {
  if (word.length > LONGEST_NAME) return undefined;
  return usualNames.get(word) ?? names[word.toLowerCase()];
}

/** The level that a capital stands for. In a text it may as well be a word: only a layout can tell. */
export function levelOfLetter(letter: string): Level | undefined {
  return letters[letter];
}

/**
 * The level of a syslog severity, which only a line that is syslog's for certain has. The severities are emergency, alert,
 * critical, error, warning, notice, informational, debug: https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1
 */
export function levelOfSeverity(severity: number): Level | undefined {
  return severities[severity];
}

/** Whether a line of this level belongs to the error table. */
export function isError(level: Level | undefined): boolean {
  return level === 'error' || level === 'fatal';
}

function numeric(text: string): Level | undefined {
  return /^\d{1,2}$/.test(text) ? fromNumber(Number(text)) : undefined;
}

/** Go's log/slog writes a level between two as `INFO+2`: https://pkg.go.dev/log/slog#Level.String */
function slog(text: string): Level | undefined {
  const sign = text.search(/[+-]\d{1,3}$/);
  return sign > 0 ? names[text.slice(0, sign).toLowerCase()] : undefined;
}

function fromNumber(value: number): Level | undefined {
  return Number.isInteger(value) && value >= 10 && value <= 60 ? levels[Math.floor(value / 10) - 1] : undefined;
}

const severities: readonly Level[] = ['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug'];

const letters: Readonly<Record<string, Level>> = Object.assign(Object.create(null), {
  T: 'trace',
  V: 'debug',
  D: 'debug',
  I: 'info',
  N: 'info',
  W: 'warn',
  E: 'error',
  C: 'fatal',
  F: 'fatal',
});

/** Some libraries cut names to four or five letters, or leave vowels out. */
const names: Readonly<Record<string, Level>> = Object.assign(Object.create(null), {
  silly: 'trace',
  trace: 'trace',
  trc: 'trace',
  trce: 'trace',
  trac: 'trace',
  blat: 'trace',
  finest: 'trace',
  finer: 'trace',
  verbose: 'debug',
  vrb: 'debug',
  debug: 'debug',
  dbg: 'debug',
  dbug: 'debug',
  debu: 'debug',
  debg: 'debug',
  fine: 'debug',
  config: 'debug',
  info: 'info',
  inf: 'info',
  information: 'info',
  informational: 'info',
  notice: 'info',
  note: 'info',
  success: 'info',
  http: 'info',
  log: 'info',
  default: 'info',
  warn: 'warn',
  warning: 'warn',
  wrn: 'warn',
  warni: 'warn',
  error: 'error',
  err: 'error',
  fail: 'error',
  severe: 'error',
  eror: 'error',
  erro: 'error',
  fatal: 'fatal',
  ftl: 'fatal',
  fata: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  criti: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  panic: 'fatal',
  pani: 'fatal',
  dpanic: 'fatal',
});

/** As most loggers write them, in capitals or in none. A map, which unlike an object looks up a piece of a line as it is. */
const usualNames: ReadonlyMap<string, Level> = new Map(
  Object.entries(names).flatMap(([name, level]) => [
    [name, level],
    [name.toUpperCase(), level],
  ]),
);
const LONGEST_NAME = Math.max(...Object.keys(names).map((name) => name.length));
