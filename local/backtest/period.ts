import { parseStatedDuration } from '../../shared/text/statedDuration.js';

/** A stretch of time, ms since the epoch; `to` is no part of it. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/**
 * The time between two that somebody typed.
 *
 * @throws Error that says what was found and how times are written
 *
 * @example
 * parsePeriod({ from: '-24h', to: 'now' }, Date.now());
 */
export function parsePeriod(typed: { readonly from: string; readonly to: string }, now: number): Period {
  const from = momentOf('--from', typed.from, now);
  const to = momentOf('--to', typed.to, now);
  if (from >= to) throw new Error(`--from ${typed.from} is not before --to ${typed.to}; swap them`);
  return { from, to };
}

function momentOf(option: string, text: string, now: number): number {
  const moment = parseMoment(text, now);
  if (moment !== undefined) return moment;
  throw new Error(
    `${option} is "${text}"; write a time (2026-11-22, 2026-11-22T16:00, 2026-11-22T16:00:00+01:00) or one as seen from now (-90m, -24h, -7d, now, today, yesterday). Times without a zone are UTC.`,
  );
}

/** Undefined when it is no time; a day is its midnight in UTC. */
export function parseMoment(text: string, now: number): number | undefined {
  const midnight = Math.floor(now / DAY) * DAY;
  switch (text) {
    case 'now':
      return now;
    case 'today':
      return midnight;
    case 'yesterday':
      return midnight - DAY;
  }
  if (text.startsWith('-')) {
    const ago = parseStatedDuration(text.slice(1));
    return ago === undefined ? undefined : now - ago;
  }
  const [, day, time = 'T00:00', zone = 'Z'] = written.exec(text) ?? [];
  if (day === undefined) return undefined;
  const moment = Date.parse(`${day}T${time.slice(1)}${zone}`);
  return Number.isNaN(moment) ? undefined : moment;
}

const written = /^(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/;
const DAY = 86_400_000;
