import { slack } from '../../../../shared/limits.js';

/** However long a pause an answer asks for, it is tried again after this. */
const maxPause = 60 * 60_000;

/** Retry-After: seconds, or a date (RFC 9110, 10.2.3), which is on the clock of whoever answered. */
export function pauseOf(headers: Pick<Headers, 'get'>): number {
  const stated = headers.get('retry-after') ?? '';
  const answered = Date.parse(headers.get('date') ?? '');
  const pause = /^[\d.]+$/.test(stated)
    ? Number(stated) * 1000
    : Date.parse(stated) - (Number.isNaN(answered) ? Date.now() : answered);
  return Number.isFinite(pause) ? Math.min(Math.max(pause, slack.minInterval), maxPause) : slack.minInterval;
}
