import type { AlertsConfig } from '../../rules/language/alertsConfig.js';
import { joinKey } from '../../signals/alertKey.js';
import { milliseconds } from '../../text/statedDuration.js';
import { meantBy } from '../../where/aliases.js';
import type { Alert } from '../ports.js';

/** Which alerts of an endpoint become one message, and when: the settings of Alertmanager, with its names. */
export interface Grouping {
  /**
   * The labels that the alerts of a group have in common. Undefined: all alerts of an endpoint are one group, and only one that is
   * critical begins it.
   */
  readonly by: readonly string[] | undefined;
  /** How long the first message of a group waits for others, milliseconds. */
  readonly wait: number;
  /** The longest time between two messages of a group to which something is added, milliseconds. */
  readonly interval: number;
  /** Between two messages of a group that holds nothing but info, milliseconds; shorter when a crowd of it has come. */
  readonly infoInterval: number;
}

const defaultWait = '0s';
const defaultInterval = '5m';
const defaultInfoInterval = '6h';

/** The group of what is info and of no other group, under a key that no other has where `group_by` is absent. */
export const infoGroup: GroupLabels = { key: 'severity=info', labels: { severity: 'info' } };

/** Alertmanager's word for all labels: no two alerts share a group. */
export const allLabels = '...';

export function groupingOf(config: AlertsConfig = {}): Grouping {
  const { group_by, group_wait, group_interval, info_interval } = config;
  return {
    by: group_by?.map(meantBy),
    wait: milliseconds(group_wait ?? defaultWait),
    interval: milliseconds(group_interval ?? defaultInterval),
    infoInterval: milliseconds(info_interval ?? defaultInfoInterval),
  };
}

/** What the alerts of a group have in common. */
export interface GroupLabels {
  /** The values, joined; empty when nothing has to be common. */
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The group that an alert belongs to; undefined when it is told alone. A label that it does not have counts as empty. */
export function groupOf(alert: Alert, { by = [] }: Grouping): GroupLabels | undefined {
  if (by.includes(allLabels)) return undefined;
  const { rule, settings, notice } = alert;
  const known: Readonly<Record<string, string>> = { ...notice.labels, rule, severity: settings.severity };
  const labels = Object.fromEntries(by.map((name) => [name, known[name] ?? '']));
  return { key: joinKey(Object.values(labels)), labels };
}
