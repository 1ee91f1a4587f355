const shape =
  /^(?<date>\d{4}-\d\d-\d\d)[T ](?<clock>\d\d:\d\d)(?::(?<second>\d\d))? ?(?<zone>Z|UTC|[+-]\d\d:?\d\d|[A-Z]\w*(?:\/[\w+-]+)+)$/;

/**
 * Milliseconds since the epoch of a time as options state it: `2026-12-05T22:00Z`, `2026-12-05 22:00 +01:00` or
 * `2026-12-05 22:00 Europe/Berlin`; undefined when it is none, or names no zone. Of a time that clocks show twice it is
 * the first, and of one that they leap over as much later as they leap.
 */
export function parseStatedTime(text: string): number | undefined {
  const { date, clock, second = '00', zone = '' } = shape.exec(text.trim())?.groups ?? {};
  const iso = `${date}T${clock}:${second}`;
  const wall = Date.parse(`${iso}Z`);
  // What Date makes of 30 February is 2 March.
  if (Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 19) !== iso) return undefined;
  if (zone === 'Z' || zone === 'UTC') return wall;
  return /^[+-]/.test(zone) ? atOffset(wall, zone) : inZone(wall, zone);
}

const [MINUTE, DAY] = [60_000, 86_400_000];

/** @param wall what the clocks show, as if it were UTC. */
function atOffset(wall: number, offset: string): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(offset) ?? [];
  const ahead = Number(hours) * 60 + Number(minutes);
  if (ahead > 14 * 60 || Number(minutes) > 59) return undefined;
  return wall - (sign === '-' ? -1 : 1) * ahead * MINUTE;
}

function inZone(wall: number, zone: string): number | undefined {
  const ahead = aheadOf(zone);
  if (!ahead) return undefined;
  // No zone changes its clocks twice within two days.
  const before = wall - ahead(wall - DAY);
  const fitting = [before, wall - ahead(wall + DAY)].filter((time) => time + ahead(time) === wall);
  return fitting.length > 0 ? Math.min(...fitting) : before;
}

/** How far the clocks of a zone are ahead of UTC at a time, in milliseconds; undefined when there is no such zone. */
function aheadOf(timeZone: string): ((time: number) => number) | undefined {
  const numeric = 'numeric';
  const all = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric } as const;
  try {
    const format = new Intl.DateTimeFormat('en-US', { ...all, hourCycle: 'h23', timeZone });
    return (time) => {
      const shown = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
      const part = (type: keyof typeof all) => shown.get(type) ?? 0;
      return (
        Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - time
      );
    };
  } catch {
    return undefined;
  }
}
