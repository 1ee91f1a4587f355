import { parseIsoTime } from '../parse/time.js';
import { detach } from './detach.js';

/** Reads ISO times in UTC with a fraction. Lines of one second come together: what they have in common is read once. */
export class RecentTimes {
  private second = '';
  private start = 0;

  /** @returns ms since the epoch; undefined for a time in any other layout */
  parseUtc(text: string): number | undefined {
    const second = text.slice(0, SECOND);
    const fraction = text.slice(SECOND);
    if (!utcFraction.test(fraction)) return undefined;
    if (second === this.second) return this.start + Number(fraction.slice(1, 4));
    const time = parseIsoTime(text);
    if (time === undefined) return undefined;
    this.second = detach(second);
    this.start = Math.floor(time / 1000) * 1000;
    return time;
  }
}

const SECOND = '2026-11-22T16:42:53'.length;
const utcFraction = /^\.\d{3,9}Z$/;
