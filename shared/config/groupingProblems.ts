import { allLabels } from '../alerts/groups/grouping.js';
import type { AlertsConfig } from '../rules/language/alertsConfig.js';
import { milliseconds } from '../text/statedDuration.js';
import type { PlacedProblem } from '../yaml/source.js';
import { badLabel } from './labels.js';

const bounds = { group_wait: ['0s', '10m'], group_interval: ['1m', '1h'], info_interval: ['0s', '1d'] } as const;

/** What is wrong with `group_by` and with the times of groups. */
export function badGrouping(alerts: AlertsConfig): PlacedProblem[] {
  const by = alerts.group_by ?? [];
  const unknown = by.flatMap((label, index): PlacedProblem[] => {
    const path = ['alerts', 'group_by', index];
    const unknown = badLabel(label);
    if (label !== allLabels) return unknown === undefined ? [] : [{ path, message: unknown }];
    const message = `"${allLabels}" stands for all labels, so no others can be named; keep it alone to have no groups`;
    return by.length === 1 ? [] : [{ path, message }];
  });
  return [
    ...unknown,
    ...(['group_wait', 'group_interval', 'info_interval'] as const).flatMap((key) => badDuration(key, alerts[key])),
  ];
}

function badDuration(key: keyof typeof bounds, stated: string | undefined): PlacedProblem[] {
  if (stated === undefined) return [];
  const [shortest, longest] = bounds[key];
  const path = ['alerts', key];
  if (milliseconds(stated) < milliseconds(shortest)) {
    return [{ path, message: `${key} is "${stated}"; the shortest is ${shortest}` }];
  }
  return milliseconds(stated) > milliseconds(longest)
    ? [{ path, message: `${key} is "${stated}"; the longest is ${longest}` }]
    : [];
}
