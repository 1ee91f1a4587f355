import type { Destination, Endpoint, Freshness } from '../../shared/alerts/destination.js';
import type { Alert, Digest, GroupMember, Post } from '../../shared/alerts/ports.js';
import type { Notice } from '../../shared/alerts/state/alertState.js';
import { aRule, aSignal, T0 } from './alerts.js';

/** One line of a warning in the service pay, or whatever the test changes it to. */
function anAlert(changes: Partial<Alert> = {}, notice: Partial<Notice> = {}): Alert {
  const { labels, count, first, last, samples } = aSignal({});
  const given = { labels, count, first, last, samples, suppressed: 0, measured: { type: 'match' } } as const;
  return {
    rule: 'a-rule',
    key: 'pay',
    settings: aRule({}),
    notice: { kind: 'firing', number: 1, ...given, ...notice },
    ...changes,
  };
}

export function anAlertPost(changes: Partial<Alert> = {}, notice: Partial<Notice> = {}): Post {
  return { kind: 'alert', route: 'oncall', alert: anAlert(changes, notice) };
}

/** 12 alerts of one rule. */
export function aDigestPost(changes: Partial<Digest> = {}): Post {
  const rules = [{ rule: 'a-rule', alerts: 12, lines: 4310, keys: [] }];
  const digest = { number: 1, alerts: 12, lines: 4310, first: T0, last: T0, rules, ...changes };
  return { kind: 'digest', route: 'oncall', digest };
}

/** A group of one alert that fires, and one that is over, or whatever the test changes each of them to. */
export function aGroupPost(changes: Partial<GroupMember> = {}): Post {
  const title = 'Something is wrong in pay';
  const times = { first: T0, last: T0 };
  const member = { rule: 'a-rule', key: 'pay', severity: 'critical', title, lines: 3, ...times, ...changes } as const;
  return aDigestPost({
    alerts: 1,
    resolved: 1,
    members: [member, { ...member, key: 'cart', over: true }],
    group: { key: 'pay', labels: { service: 'pay' }, began: T0, firing: 1, earlier: [member] },
  });
}

/** One endpoint for every route, which is the first of these, and the next one whenever it is read again. */
export function endpointsAt(
  ...endpoints: Pick<Endpoint, 'url' | 'headers'>[]
): Pick<Destination, 'endpointOf' | 'placeOf'> & { readonly reads: [route: string, freshness: Freshness][] } {
  const reads: [string, Freshness][] = [];
  let at = 0;
  return {
    reads,
    async endpointOf(route, _signal, freshness) {
      reads.push([route, freshness]);
      if (freshness === 'current') at++;
      const endpoint = endpoints[Math.min(at, endpoints.length - 1)];
      return endpoint && { owner: route, name: 'the test', ...endpoint };
    },
    placeOf: () => 'the test',
  };
}
