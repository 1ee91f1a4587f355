import { addTally } from '../../signals/tally.js';
import type { AlertState, Notice, Owed } from './alertState.js';
import { pauseAfterRefusal } from './decide.js';
import { owedDueAt } from './due.js';
import { asSent, leaseTime } from './notify.js';

/** Routes that are remembered of one alert, and so the most that are owed anything. */
const maxRoutes = 10;

/** What one route answered to a notice. */
export interface RouteResult {
  readonly route: string;
  readonly outcome: 'sent' | 'unsent' | 'refused';
  /** The route that was told in its place. */
  readonly instead?: string | undefined;
}

/** Until when a route may not be told, ms since the epoch; undefined for one that may. */
type MutedUntil = (route: string) => number | undefined;

const neverMuted: MutedUntil = () => undefined;

/** A notice that is owed to a route, and that only its claimant may post until the lease is over. */
export interface OwedNotice {
  readonly route: string;
  readonly notice: Notice;
  /** What to {@link settleOwed}: when the lease ends. */
  readonly claim: number;
  /** Since when the route could not be told. */
  readonly since: number;
}

/**
 * Puts a notice behind what routes are owed already: they get things in their order, and an attempt for each of them would only
 * fail again.
 *
 * @param mutedUntil of a route that may not be told now: it is owed the notice until then.
 * @returns the routes that are owed something, and those that are not and so get the notice now.
 */
export function oweMore(
  state: AlertState,
  routes: readonly string[],
  notice: Notice,
  mutedUntil: MutedUntil = neverMuted,
): { readonly owed: readonly string[]; readonly others: readonly string[]; readonly next: AlertState } {
  const debts = routes.flatMap((route) => {
    const debt = state.owed?.[route] ?? mutedDebt(mutedUntil(route));
    return debt ? [[route, withClaimed(debt, notice)] as const] : [];
  });
  const owed = debts.map(([route]) => route);
  const others = routes.filter((route) => !owed.includes(route));
  const next = owed.length === 0 ? state : { ...state, owed: { ...state.owed, ...Object.fromEntries(debts) } };
  return { owed, others, next };
}

function mutedDebt(until: number | undefined): Owed | undefined {
  return until === undefined ? undefined : { notices: [], at: until, isPosting: false, refusals: 0, since: until };
}

/** Adds a notice that was claimed; of one that is claimed again, what it tells beyond what was added before. */
function withClaimed(owed: Owed, notice: Notice): Owed {
  // That it is over takes the place of what said so before.
  if (notice.kind === 'resolved') return withNotice(owed, notice);
  const { number, count, suppressed } = notice;
  const before = owed.added?.number === number ? owed.added : { count: 0, suppressed: 0 };
  const more = { ...notice, count: count - before.count, suppressed: suppressed - before.suppressed };
  return { ...withNotice(owed, more), added: { number, count, suppressed } };
}

/**
 * At most three: one that may be under way, one that fires with all lines that came since, and that it is over. What fires again
 * before people heard that it was over goes on.
 */
function withNotice(owed: Owed, notice: Notice): Owed {
  const { notices, isPosting } = owed;
  const [underWay, rest] = isPosting ? [notices.slice(0, 1), notices.slice(1)] : [[], notices];
  const firing = rest.find(({ kind }) => kind === 'firing');
  if (notice.kind === 'resolved') return { ...owed, notices: [...underWay, ...(firing ? [firing] : []), notice] };
  return { ...owed, notices: [...underWay, firing ? together(firing, notice) : notice] };
}

/** Two notices that a route heard neither of, under the number of the first. */
function together(earlier: Notice, later: Notice): Notice {
  const heldBy = later.heldBy ?? earlier.heldBy;
  return {
    ...earlier,
    ...addTally(later, earlier),
    suppressed: earlier.suppressed + later.suppressed,
    measured: later.measured,
    ...(heldBy ? { heldBy } : {}),
  };
}

/**
 * The state after an attempt to tell several routes: the alert is told, and what a route did not take is owed to it. Undefined
 * when the attempt is no longer the current one.
 */
export function settleRoutes(
  state: AlertState,
  claim: number,
  results: readonly RouteResult[],
  now: number,
): AlertState | undefined {
  const { delivery } = state;
  if (state.claim !== claim || delivery.status === 'idle') return undefined;
  const { notice } = delivery;
  const told = asSent(state, notice);
  const debts = results.flatMap(({ route, outcome }) =>
    outcome === 'sent' ? [] : [[route, firstDebt(notice, outcome, now)] as const],
  );
  return debts.length === 0 ? told : { ...told, owed: { ...told.owed, ...Object.fromEntries(debts) } };
}

function firstDebt(notice: Notice, outcome: 'unsent' | 'refused', now: number): Owed {
  return retried({ notices: [notice], at: now, isPosting: false, refusals: 0, since: now }, outcome, now);
}

/**
 * Claims what is due to routes: the invocation that saves the state may post it.
 *
 * @param mutedUntil of a route that may not be told now.
 */
export function claimOwed(
  stored: AlertState,
  now: number,
  mutedUntil: MutedUntil = neverMuted,
): { readonly claimed: readonly OwedNotice[]; readonly next: AlertState } {
  const state = withMuted(stored, now, mutedUntil);
  const due = Object.entries(state.owed ?? {}).filter(([, { at }]) => at <= now);
  if (due.length === 0) return { claimed: [], next: state };
  const at = now + leaseTime;
  const claimed = due.flatMap(([route, { notices, since }]) => {
    const [notice] = notices;
    return notice ? [{ route, notice, claim: at, since }] : [];
  });
  const leased = due.map(([route, owed]) => [route, { ...owed, at, isPosting: true }] as const);
  return { claimed, next: { ...state, owed: { ...state.owed, ...Object.fromEntries(leased) } } };
}

function withMuted(state: AlertState, now: number, mutedUntil: MutedUntil): AlertState {
  const muted = Object.entries(state.owed ?? {}).flatMap(([route, debt]) => {
    const at = debt.at <= now ? mutedUntil(route) : undefined;
    return at === undefined ? [] : [[route, { ...debt, at, isPosting: false, since: at }] as const];
  });
  return muted.length === 0 ? state : { ...state, owed: { ...state.owed, ...Object.fromEntries(muted) } };
}

/** Leaves what is due to routes alone for a while. */
export function putOffOwed(state: AlertState, now: number, pause: number): AlertState {
  const { owed } = state;
  if (!owed || owedDueAt(state) > now) return state;
  const later = Object.entries(owed).map(([route, debt]) => [
    route,
    debt.at <= now ? { ...debt, at: now + pause, isPosting: false } : debt,
  ]);
  return { ...state, owed: Object.fromEntries(later) };
}

/** The state after an attempt to post what was owed to a route; undefined when another attempt has replaced that one. */
export function settleOwed(
  state: AlertState,
  route: string,
  claim: number,
  outcome: RouteResult['outcome'],
  now: number,
): AlertState | undefined {
  const owed = state.owed?.[route];
  if (!owed?.isPosting || owed.at !== claim) return undefined;
  const { [route]: _, ...others } = state.owed ?? {};
  const rest = owed.notices.slice(1);
  if (outcome !== 'sent') return { ...state, owed: { ...others, [route]: retried(owed, outcome, now) } };
  if (rest.length === 0) return { ...state, owed: Object.keys(others).length > 0 ? others : undefined };
  return {
    ...state,
    owed: { ...others, [route]: { ...owed, notices: rest, at: now, isPosting: false, refusals: 0, since: now } },
  };
}

function retried(owed: Owed, outcome: 'unsent' | 'refused', now: number): Owed {
  const [first, ...later] = owed.notices;
  // What came while it was under way is told together with it.
  const afresh: Owed = { ...owed, notices: first ? [first] : [], isPosting: false };
  const { notices } = later.reduce(withNotice, afresh);
  const { refusals } = owed;
  return outcome === 'unsent'
    ? { ...afresh, notices, at: now }
    : { ...afresh, notices, at: now + pauseAfterRefusal(refusals), refusals: refusals + 1 };
}

/** Remembers the routes that were told in place of others: they hear that it is over, too. */
export function toldInstead(state: AlertState, results: readonly RouteResult[]): AlertState {
  const { episode } = state;
  const others = results.flatMap(({ instead }) => instead ?? []);
  if (!episode || others.length === 0) return state;
  const routes = [...new Set([...(episode.routes ?? []), ...others])].slice(0, maxRoutes);
  return { ...state, episode: { ...episode, routes } };
}
