const DAY = 86_400_000;
const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY };

/**
 * A time as somebody writes it: `2026-11-28T14:00Z` (UTC unless it says otherwise), `2026-11-28` (its first moment),
 * `today`, `yesterday`, `now`, `90m ago`, `2h ago`, `3d ago`; undefined when it is none.
 *
 * @param now ms since the epoch
 */
export function readTime(text: string, now: number): number | undefined {
  const today = Math.floor(now / DAY) * DAY;
  if (text === 'now') return now;
  if (text === 'today') return today;
  if (text === 'yesterday') return today - DAY;
  const [, count, unit = ''] = /^(\d{1,5})(m|h|d) ago$/.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (units[unit] ?? 0);
  if (!absolute.test(text)) return undefined;
  const time = Date.parse(/T[^Z+-]*$/.test(text) ? `${text}Z` : text);
  // Date.parse takes the 31st of February for the 2nd or 3rd of March.
  const isDay = new Date(Date.parse(text.slice(0, 10))).toISOString().startsWith(text.slice(0, 10));
  return Number.isNaN(time) || !isDay ? undefined : time;
}

const absolute = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/;
