import { severities } from '../../conditions/ruleSettings.js';
import { groupBy } from '../../text/groupBy.js';
import type { Alert } from '../ports.js';

/**
 * Sorts alerts for posting one by one: critical ones before all others, of either the first of each rule before the second of
 * any rule, then by severity and number of lines, and alike ones by their names, whatever order they came in. Alerts that are
 * over come last.
 */
export function ranked<A extends Alert>(alerts: readonly A[]): A[] {
  const places = [...groupBy(alerts, ({ rule }) => rule).values()].flatMap((ofRule) =>
    ofRule.sort(byLoudness).map((alert, place) => ({ alert, place })),
  );
  const byUrgency = (a: A, b: A) => Number(isCritical(b)) - Number(isCritical(a));
  return places
    .sort((a, b) => byUrgency(a.alert, b.alert) || a.place - b.place || byLoudness(a.alert, b.alert))
    .map(({ alert }) => alert);
}

/** Somebody has to act at once. */
export function isCritical({ settings, notice }: Alert): boolean {
  return settings.severity === 'critical' && notice.kind === 'firing';
}

function byLoudness(a: Alert, b: Alert): number {
  return isOver(a) - isOver(b) || loudness(b) - loudness(a) || b.notice.count - a.notice.count || byName(a, b);
}

function byName(a: Alert, b: Alert): number {
  const [name, other] = [`${a.rule}\n${a.key}`, `${b.rule}\n${b.key}`];
  return Number(name > other) - Number(name < other);
}

function isOver({ notice }: Alert): number {
  return notice.kind === 'resolved' ? 1 : 0;
}

function loudness({ settings }: Alert): number {
  return severities.indexOf(settings.severity);
}
