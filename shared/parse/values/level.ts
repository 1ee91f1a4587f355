/** The one scale that every format's levels are brought to, quiet to loud. */
export const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type Level = (typeof levels)[number];

/** Reads a level in any common spelling: names, and the numbers of pino and bunyan (10 to 60). */
export function parseLevel(value: unknown): Level | undefined {
  if (typeof value === 'string') return names[value] ?? names[value.toLowerCase()] ?? numeric(value) ?? slog(value);
  if (typeof value === 'number') return fromNumber(value);
  return undefined;
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

const names: Readonly<Record<string, Level>> = Object.assign(Object.create(null), {
  silly: 'trace',
  trace: 'trace',
  trc: 'trace',
  trce: 'trace',
  finest: 'trace',
  finer: 'trace',
  verbose: 'debug',
  vrb: 'debug',
  debug: 'debug',
  dbg: 'debug',
  dbug: 'debug',
  fine: 'debug',
  config: 'debug',
  info: 'info',
  inf: 'info',
  information: 'info',
  informational: 'info',
  notice: 'info',
  note: 'info',
  http: 'info',
  log: 'info',
  default: 'info',
  warn: 'warn',
  warning: 'warn',
  wrn: 'warn',
  error: 'error',
  err: 'error',
  fail: 'error',
  severe: 'error',
  eror: 'error',
  fatal: 'fatal',
  ftl: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  panic: 'fatal',
  dpanic: 'fatal',
});
