import type { MuteTime } from '../../conditions/ruleSettings.js';
import { wallClock, weekdayOf } from '../../text/wallClock.js';

/** A mute time as it is written in YAML. */
export interface StatedMute {
  readonly days?: readonly Day[];
  readonly from?: string;
  readonly to?: string;
  readonly zone?: string;
}

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
type Day = (typeof days)[number];

/** Whether one of the mute times covers an instant, by the clock on the wall of its zone. */
export function isMuted(mute: readonly MuteTime[], now: number): boolean {
  return mute.some((time) => covers(time, now));
}

/** A time that ends no later than it begins goes on until the next day: both 00:00 are one whole day. */
function covers({ days, from, to, zone }: MuteTime, now: number): boolean {
  const { day: today, minute } = wallClock(zone, now);
  const day = weekdayOf(today);
  const begins = (on: number) => days.length === 0 || days.includes(on);
  if (from < to) return begins(day) && minute >= from && minute < to;
  return (begins(day) && minute >= from) || (begins((day + 6) % 7) && minute < to);
}

/** Its shape has been checked. */
export function toMuteTime({ days: on = [], from = '00:00', to = '00:00', zone = 'UTC' }: StatedMute): MuteTime {
  return { days: on.map((day) => days.indexOf(day)), from: minutesOf(from), to: minutesOf(to), zone };
}

/** 24:00 is 00:00 of the next day. */
function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) % (24 * 60);
}
