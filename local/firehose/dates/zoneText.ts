import type { ZonedTime } from './zonedTime.js';

type Format = (time: ZonedTime) => string;

/** How an offset is written, by the number of letters: https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/time/format/DateTimeFormatterBuilder.html#appendOffset(java.lang.String,java.lang.String) */
const styles = ['+HHmm', '+HHMM', '+HH:MM', '+HHMMss', '+HH:MM:ss'] as const;

/** X writes no offset as Z, x as +00 in the style of the others, Z as +0000, GMT or Z. */
export function offsetText(letter: 'X' | 'x' | 'Z'): (count: number) => Format | undefined {
  return (count) => {
    if (letter === 'Z') {
      if (count <= 3) return ({ offset }) => offsetIn('+HHMM', offset);
      if (count === 4) return ({ offset }) => (offset === 0 ? 'GMT' : `GMT${offsetIn('+HH:MM:ss', offset)}`);
    }
    const style = styles[count - 1];
    if (!style) return undefined;
    return ({ offset }) => (offset === 0 && letter !== 'x' ? 'Z' : offsetIn(style, offset));
  };
}

/** Small letters are left out when they are zero. */
function offsetIn(style: (typeof styles)[number], offset: number): string {
  const seconds = Math.abs(offset) / 1000;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const [hours, minutes, rest] = [two(seconds / 3600), two((seconds / 60) % 60), two(seconds % 60)];
  const colon = style.includes(':') ? ':' : '';
  const shownMinutes = style.includes('MM') || minutes !== '00' ? `${colon}${minutes}` : '';
  const shownSeconds = style.includes('ss') && rest !== '00' ? `${colon}${rest}` : '';
  return `${offset < 0 ? '-' : '+'}${hours}${shownMinutes}${shownSeconds}`;
}

/** GMT+8, or GMT+08:00 for four letters. */
export function localizedOffset(count: number): Format | undefined {
  if (count !== 1 && count !== 4) return undefined;
  const full = offsetText('Z')(4);
  return (time) => {
    const text = full?.(time) ?? '';
    return count === 4 ? text : text.replace(/([+-])0/, '$1').replace(':00', '');
  };
}

/** A zone's name: z as used at the time (PST, PDT), v for all the year (PT). */
export function zoneName(letter: 'z' | 'v'): (count: number) => Format | undefined {
  const [short, long] = letter === 'z' ? (['short', 'long'] as const) : (['shortGeneric', 'longGeneric'] as const);
  return (count) => {
    const style = count === 4 ? long : count === 1 || (letter === 'z' && count <= 3) ? short : undefined;
    return style && ((time) => nameOf(time, style));
  };
}

function nameOf({ at, timeZone }: ZonedTime, timeZoneName: 'short' | 'long' | 'shortGeneric' | 'longGeneric'): string {
  if (timeZone === 'UTC') return timeZoneName.startsWith('short') ? 'UTC' : 'Coordinated Universal Time';
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}
