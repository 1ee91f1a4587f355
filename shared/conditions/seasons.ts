import type { PlacedProblem } from '../yaml/source.js';

/** What is usual at an hour of the day or of the week (UTC): of the days or weeks before, the last one counts half. */
export interface Season {
  /** The hours since the epoch that are not over, or not long enough, and the outermost window that ended in each. */
  readonly open: readonly (readonly [hour: number, lines: number])[];
  /** The first hour that is not learned yet. */
  readonly from: number;
  /** The outermost window of each hour; null for one that was not seen yet. */
  readonly usual: readonly (number | null)[];
}

/** With what a rule compares: the time right before, an hour before, or the same hour of the day or of the week. */
export type Baseline = 'previous' | 'hour' | SeasonName;
export type SeasonName = 'day' | 'week';

/** Whose windows are remembered of an hour: the fullest for what is too much, the emptiest for what is too little. */
type Outermost = 'fullest' | 'emptiest';

const HOUR = 3_600_000;

/** Hours that a baseline goes by. */
function hoursOf(baseline: SeasonName): number {
  return baseline === 'day' ? 24 : 168;
}

/** For how long it is remembered without a line: two seasons. */
export function seasonRemembered(baseline: SeasonName | undefined): number {
  return baseline === undefined ? 0 : 2 * hoursOf(baseline) * HOUR;
}

/** Of a season as JSON at most. */
export function seasonBytes(baseline: SeasonName | undefined): number {
  return baseline === undefined ? 0 : hoursOf(baseline) * 17 + 300;
}

/** Hours are what is remembered. */
const longestWindow = HOUR;

export function badSeason(
  { window: stated }: { readonly window: string },
  { baseline, window }: { readonly baseline?: SeasonName; readonly window: number },
): PlacedProblem[] {
  if (baseline === undefined || window <= longestWindow) return [];
  const message = `a baseline of the ${baseline} knows hours, and the window is ${stated}; make it 1h at most`;
  return [{ path: ['window'], message }];
}

/**
 * The season with one more window, or the same window with more lines.
 *
 * @param end of the window; windows that end more than `lateness` before the latest are noted no more.
 */
export function noteWindow(
  season: Season | undefined,
  { baseline, lateness }: { readonly baseline: SeasonName; readonly lateness: number },
  end: number,
  lines: number,
  outermost: Outermost,
): Season {
  const hour = hourOf(end);
  const empty: Season = { open: [], from: hour, usual: new Array<null>(hoursOf(baseline)).fill(null) };
  // A rule that was changed to the other season learns anew.
  const known = season?.usual.length === hoursOf(baseline) ? season : empty;
  const learned = learn(known, hourOf(end - lateness) - 1);
  if (hour < learned.from) return learned;
  const before = learned.open.find(([at]) => at === hour)?.[1];
  const pick = outermost === 'fullest' ? Math.max : Math.min;
  const value = before === undefined ? lines : pick(before, lines);
  return { ...learned, open: [...learned.open.filter(([at]) => at !== hour), [hour, value]] };
}

/**
 * How many lines the outermost window of an hour has as a rule, or of the hours beside it, so that what comes a little earlier or
 * later, or by another summer time, is nothing unusual. Undefined for an hour that was not seen a season ago.
 */
export function usualAt(season: Season | undefined, end: number, outermost: Outermost): number | undefined {
  if (!season) return undefined;
  const hours = season.usual.length;
  const at = (hour: number) => season.usual[hour % hours] ?? undefined;
  const hour = hourOf(end);
  const own = at(hour);
  if (own === undefined) return undefined;
  const pick = outermost === 'fullest' ? Math.max : Math.min;
  return pick(own, at(hour - 1 + hours) ?? own, at(hour + 1) ?? own);
}

/** Learns the hours before `until`; in one without a window there were no lines. */
function learn(season: Season, until: number): Season {
  if (until <= season.from) return season;
  const usual = [...season.usual];
  const lines = new Map(season.open);
  for (let hour = Math.max(season.from, until - 4 * usual.length); hour < until; hour++) {
    const place = hour % usual.length;
    const [before, now] = [usual[place] ?? undefined, lines.get(hour) ?? 0];
    usual[place] = before === undefined ? now : Math.round((before + now) / 2);
  }
  return { open: season.open.filter(([hour]) => hour >= until), from: until, usual };
}

function hourOf(time: number): number {
  return Math.floor(time / HOUR);
}
