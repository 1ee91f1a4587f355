/**
 * In which hours of the last week a key had lines: silence at an hour of the day at which it was silent before is usual, as that of
 * reports after office hours. As JSON 80 bytes.
 */
export interface ActiveHours {
  /** Hours since the epoch: the latest with lines, and the first that is known. */
  readonly last: number;
  readonly first: number;
  /** One bit for each hour of the week that ends with the latest, which is the lowest; hexadecimal. */
  readonly bits: string;
}

const HOUR = 3_600_000;
const hoursOfDay = 24;
const hoursOfWeek = 168;
const week = (1n << BigInt(hoursOfWeek)) - 1n;

/** The hours with another one in which there were lines. @param time event time of a line, ms since the epoch */
export function withActive(hours: ActiveHours | undefined, time: number): ActiveHours {
  const hour = Math.floor(time / HOUR);
  if (!hours) return { last: hour, first: hour, bits: '1' };
  const ahead = hour - hours.last;
  if (ahead <= -hoursOfWeek || (ahead <= 0 && isActive(hours, hour))) return hours;
  const last = Math.max(hour, hours.last);
  const shifted = ahead >= hoursOfWeek ? 0n : (BigInt(`0x${hours.bits}`) << BigInt(Math.max(0, ahead))) & week;
  const bits = (shifted | (1n << BigInt(last - hour))).toString(16);
  return { last, first: Math.max(Math.min(hours.first, hour), last - hoursOfWeek + 1), bits };
}

function isActive({ last, bits }: ActiveHours, hour: number): boolean {
  return ((BigInt(`0x${bits}`) >> BigInt(last - hour)) & 1n) === 1n;
}

/**
 * Whether a key is silent in an hour as a rule: it was a week before and on another day of that week. While no week is known, it was
 * on the two days before, or on the one that is known. Hours after the latest with lines tell nothing: they are what it is asked about.
 */
export function isUsuallySilent(hours: ActiveHours, hour: number): boolean {
  const days = [1, 2, 3, 4, 5, 6, 7].map((day) => hour - day * hoursOfDay);
  const known = days.filter((each) => each < hours.last && each >= hours.first);
  const isSilent = (each: number) => !isActive(hours, each);
  if (known.includes(hour - hoursOfWeek)) return isSilent(hour - hoursOfWeek) && known.filter(isSilent).length >= 2;
  return known.length > 0 && known.slice(0, 2).every(isSilent);
}

/**
 * The first time, not before `from`, that ends a span of `length` milliseconds in which the key is not silent as a rule. Infinite when
 * there is none within a week, or when the span does not fit between silent hours.
 */
export function awakeFor(hours: ActiveHours, length: number, from: number): number {
  // Where the hours begin that are not silent and reach up to the one that is looked at.
  let begins: number | undefined;
  const firstHour = Math.floor((from - length) / HOUR);
  for (let hour = firstHour; hour <= Math.floor(from / HOUR) + hoursOfWeek; hour++) {
    if (isUsuallySilent(hours, hour)) begins = undefined;
    else {
      begins ??= hour === firstHour ? from - length : hour * HOUR;
      const ends = Math.max(begins + length, from);
      if (ends <= (hour + 1) * HOUR) return ends;
    }
  }
  return Number.POSITIVE_INFINITY;
}
