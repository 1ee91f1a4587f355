/** An instant as the clocks of a zone show it. */
export interface ZonedTime {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly timeZone: string;
  /** What the zone's clocks are ahead of UTC, in milliseconds. */
  readonly offset: number;
  /** Its UTC fields are the zone's. */
  readonly local: Date;
}

export function zonedTime(at: number, timeZone: string): ZonedTime {
  const offset = timeZone === 'UTC' ? 0 : offsetOf(at, timeZone);
  return { at, timeZone, offset, local: new Date(at + offset) };
}

function offsetOf(at: number, timeZone: string): number {
  // Year, month, day, hour, minute and second, in the order of the fields.
  const fields = [...clockOf(timeZone).formatToParts(at)].flatMap(({ type, value }) =>
    type === 'literal' ? [] : [Number(value)],
  );
  const [month = 1, day = 1, year = 1970, hour = 0, minute = 0, second = 0] = fields;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making one costs far more than using it. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (!clock) {
    const numeric = 'numeric' as const;
    const date = { year: numeric, month: numeric, day: numeric };
    const time = { hour: numeric, minute: numeric, second: numeric, hourCycle: 'h23' as const };
    clock = new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'gregory', ...date, ...time });
    clocks.set(timeZone, clock);
  }
  return clock;
}
