import type { Severity } from '../conditions/ruleSettings.js';
import type { AlertsConfig, RoutingEntry } from '../rules/language/alertsConfig.js';
import type { Rule } from '../rules/language/rule.js';
import { compileGlob } from '../text/glob.js';
import { milliseconds } from '../text/statedDuration.js';
import { openUntil, parseWeekTime, type WeekTime } from '../text/weekTimes.js';
import { routeSettings, routesOf } from './routing.js';

type Labels = Readonly<Record<string, string>>;

/** Whom to tell of an alert, when, and who is told instead. */
export interface RoutingTable {
  /** @param labels the values of the key. */
  routesOf(rule: Rule, labels: Labels, now: number): readonly string[];
  /** Until when a route is not told of alerts of a severity, ms since the epoch; undefined when it is told now. */
  mutedUntil(route: string, severity: Severity, now: number): number | undefined;
  fallbackOf(route: string): Fallback | undefined;
}

/** The route that is told when another one can't be. */
interface Fallback {
  readonly route: string;
  /** After so many milliseconds in which the other could not be told; at once when it refused. */
  readonly after: number;
}

const defaultFallbackAfter = '5m';

/** @param config that has been checked */
export function routingTable(config: AlertsConfig = {}): RoutingTable {
  const entries = (config.routing ?? []).map((entry) => ({ ...entry, fits: compileEntry(entry) }));
  const mutes = new Map(
    Object.keys(config.routes ?? {}).map((route) => [route, weekTimes(routeSettings(route, config)?.mute)]),
  );
  return {
    routesOf(rule, labels, now) {
      if (rule.route !== undefined) return routesOf(rule, config);
      const all: Labels = { ...labels, rule: rule.name, severity: rule.severity };
      const routes: string[] = [];
      for (const { route, continue: goesOn, fits } of entries) {
        if (!fits(all, now)) continue;
        routes.push(...[route].flat());
        if (!goesOn) return [...new Set(routes)];
      }
      return routes.length > 0 ? [...new Set(routes)] : routesOf(rule, config);
    },
    mutedUntil(route, severity, now) {
      if (severity === 'critical' && !routeSettings(route, config)?.mute_critical) return undefined;
      return openUntil(mutes.get(route) ?? [], now);
    },
    fallbackOf(route) {
      const { fallback, fallback_after: after = defaultFallbackAfter } = routeSettings(route, config) ?? {};
      return fallback === undefined ? undefined : { route: fallback, after: milliseconds(after) };
    },
  };
}

function compileEntry({ match = {}, during }: RoutingEntry): (labels: Labels, now: number) => boolean {
  const matchers = Object.entries(match).map(([label, glob]) => ({ label, fits: compileGlob(glob) }));
  const times = weekTimes(during);
  return (labels, now) =>
    matchers.every(({ label, fits }) => labels[label] !== undefined && fits(labels[label])) &&
    (times.length === 0 || openUntil(times, now) !== undefined);
}

function weekTimes(stated: string | readonly string[] = []): WeekTime[] {
  return [stated].flat().flatMap((text) => {
    const time = parseWeekTime(text);
    return typeof time === 'string' ? [] : [time];
  });
}
