import { detach } from '../../text/detach.js';
import { isDigit, numberAt, parseIsoTime } from './time.js';

/** Reads ISO times in UTC with a fraction. Lines of one second come together: what they have in common is read once. */
export class RecentTimes {
  private second = '';
  private start = 0;

  /** @returns ms since the epoch; undefined for a time in any other layout */
  parseUtc(text: string, start = 0, end = text.length): number | undefined {
    const fraction = start + SECOND;
    if (!isFraction(text, fraction, end)) return undefined;
    const second = text.slice(start, fraction);
    if (second === this.second) return this.start + numberAt(text, fraction + 1, 3);
    const time = parseIsoTime(text.slice(start, end));
    if (time === undefined) return undefined;
    this.second = detach(second);
    this.start = Math.floor(time / 1000) * 1000;
    return time;
  }
}

const SECOND = '2026-11-22T16:42:53'.length;

/** `.974Z`, with three to nine digits. */
function isFraction(text: string, start: number, end: number): boolean {
  if (end - start < 5 || end - start > 11) return false;
  if (text.charCodeAt(start) !== DOT || text.charCodeAt(end - 1) !== UPPER_Z) return false;
  for (let at = start + 1; at < end - 1; at++) if (!isDigit(text.charCodeAt(at))) return false;
  return true;
}

const DOT = 46;
const UPPER_Z = 90;
