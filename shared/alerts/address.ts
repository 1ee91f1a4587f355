import type { Rule } from '../rules/language/rule.js';
import type { Alert, AlertId } from './ports.js';
import type { RuleBook } from './ruleBook.js';
import type { AlertState, Notice } from './state/alertState.js';
import type { Decision } from './state/decide.js';
import { asSent } from './state/notify.js';
import { type OwedNotice, oweMore } from './state/owed.js';

/** An alert that only this process may post, until its lease is over. */
export interface ClaimedAlert extends Alert {
  readonly claim: number;
  /** Whom to tell. */
  readonly routes: readonly string[];
  /**
   * What becomes of it at a route that does not take it. `again`: all of it is told again, for nobody else hears of it. `owe`: it
   * is owed to the route from now on, and told to the others. `owed`: it was owed to the route before, and still is.
   */
  readonly otherwise: 'again' | 'owe' | 'owed';
  /** All routes of the alert, those that are told otherwise among them. */
  readonly heardBy: readonly string[];
  /** Since when it could not be told, ms since the epoch. */
  readonly since: number;
}

/**
 * Addresses a notice: to the routes of its rule, or to those that were told that it fires once it is over. A route that is muted, or
 * owed something already, gets it later.
 *
 * @returns `owed`: the routes that get it later; the alert is for the others, if there are any.
 */
export function address(
  { notice, claim, next: decided }: Decision & { readonly action: 'notify' },
  id: AlertId,
  rule: Rule,
  book: RuleBook,
  now: number,
): { readonly alert: ClaimedAlert | undefined; readonly owed: readonly string[]; readonly next: AlertState } {
  const next = withIncidents(decided, notice, rule, book, now);
  const told = next.episode?.routes;
  const routes = (notice.kind === 'resolved' ? told : undefined) ?? book.routesOf(rule, next.labels, now);
  const mutedUntil = (route: string) => book.mutedUntil(route, rule.severity, now);
  const {
    owed,
    others,
    next: owing,
  } = oweMore(withRoutes(next, notice, routes, next !== decided), routes, notice, mutedUntil);
  if (others.length === 0) return { alert: undefined, owed, next: asSent(owing, notice) };
  const otherwise = routes.length > 1 ? 'owe' : 'again';
  const since = (next.delivery.status === 'pending' ? next.delivery.since : undefined) ?? now;
  return {
    alert: { ...id, settings: rule, notice, claim, routes: others, heardBy: routes, otherwise, since },
    owed,
    next: owing,
  };
}

/** What was over before it was told is told once, but an incident that this opens must be closed. */
function withIncidents(state: AlertState, notice: Notice, rule: Rule, book: RuleBook, now: number): AlertState {
  if (state.episode || notice.kind === 'resolved' || rule.resolveAfter === undefined) return state;
  const routes = book.routesOf(rule, state.labels, now).filter((route) => book.keepsIncidents(route));
  if (routes.length === 0) return state;
  const { first, last, measured, count } = notice;
  return { ...state, episode: { first, last, measured, count, routes } };
}

/** Remembers whom to tell that it is over. */
function withRoutes(state: AlertState, { kind }: Notice, routes: readonly string[], isOver: boolean): AlertState {
  const { episode } = state;
  if (!episode || isOver || kind === 'resolved') return state;
  return { ...state, episode: { ...episode, routes: [...new Set([...(episode.routes ?? []), ...routes])] } };
}

/**
 * What a route is owed, as an alert that only this process may post to it.
 *
 * @param heardBy all routes of the alert.
 */
export function claimedOwed(
  { route, notice, claim, since }: OwedNotice,
  id: AlertId,
  rule: Rule,
  heardBy: readonly string[],
): ClaimedAlert {
  return { ...id, settings: rule, notice, claim, routes: [route], heardBy, otherwise: 'owed', since };
}
