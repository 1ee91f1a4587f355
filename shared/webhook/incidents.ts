import { createHash } from 'node:crypto';
import { digestTitle } from '../alerts/digestTitle.js';
import { endingText, unknownText } from '../alerts/endingText.js';
import { lateText } from '../alerts/lateText.js';
import type { Post } from '../alerts/ports.js';
import type { Ending } from '../alerts/state/alertState.js';
import { alertId } from '../alerts/state/ids.js';
import { type Severity, severities } from '../conditions/ruleSettings.js';
import type { Rule } from '../rules/language/rule.js';
import { webhookPayload } from './payload.js';

/** What a service that keeps incidents is told of one of them. */
export interface Incident {
  /** The same in all that is told of it: of the rule and key, or of the digest. */
  readonly id: string;
  readonly isOver: boolean;
  /** Of one that is over: how it ended, when nobody knows that it is. */
  readonly ending?: Ending | undefined;
  readonly title: string;
  readonly severity: Severity;
  readonly service: string | undefined;
  readonly rule: string;
  /** When it began, ISO 8601. */
  readonly time: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly url: string; readonly text: string }[];
}

/**
 * The incidents that a message tells of: an alert is one, a group's message has one for each alert that it names, and a digest is
 * one by itself, unless all that it tells is over.
 */
export function incidentsOf(post: Post, rules: readonly Rule[]): Incident[] {
  // Services refuse what has no title.
  return toldBy(post, rules).map((each) => (each.title.trim() === '' ? { ...each, title: each.rule } : each));
}

function toldBy(post: Post, rules: readonly Rule[]): Incident[] {
  if (post.kind === 'alert') return [alertIncident(post, rules)];
  const { digest, route } = post;
  if (digest.group) {
    return (digest.members ?? []).map(
      ({ rule, key, severity, title, first, lines, measured, sample, late, over, ending }) => ({
        id: hashOf(alertId({ rule, key })),
        isOver: over === true,
        ending,
        ...{
          title,
          severity,
          rule,
          service: rules.find(({ name }) => name === rule)?.by[0] === 'service' ? key.split('|')[0] : undefined,
        },
        time: new Date(first).toISOString(),
        details: {
          ...{ rule, key, lines, measured, sample, late: lateText({ count: lines, late }) },
          ending: ending && unknownText(ending),
        },
        links: [],
      }),
    );
  }
  if (digest.alerts === 0) return [];
  const payload = webhookPayload(post, rules);
  const loudest = severities.findLast((each) =>
    digest.rules.some(({ severity, alerts }) => alerts > 0 && severity === each),
  );
  return [
    {
      id: hashOf(`${route}#${digest.number}#${digest.first}`),
      isOver: false,
      title: digestTitle(digest),
      severity: loudest ?? 'warning',
      ...{ service: undefined, rule: 'digest', time: new Date(digest.first).toISOString() },
      details: { ...('rules' in payload ? { rules: payload.rules } : {}), query: payload.query },
      links: [],
    },
  ];
}

function alertIncident(post: Post & { readonly kind: 'alert' }, rules: readonly Rule[]): Incident {
  const payload = webhookPayload(post, rules);
  if (!('alert_id' in payload)) throw new Error('an alert has the payload of an alert');
  const { alert_id: id, status, title, severity, labels, rule, first, runbook, silence_url: silence } = payload;
  const { key, text, measured, count, last, samples, query } = payload;
  const { notice } = post.alert;
  return {
    ...{ id, isOver: status === 'resolved', ending: notice.ending, title, severity, rule, time: first },
    service: labels.service,
    details: {
      ...{ rule, key, labels, text, measured, count, first, last, samples, query, late: lateText(notice) },
      ending: status === 'resolved' ? endingText(post.alert) : undefined,
    },
    links: [
      ...(runbook !== null && /^https?:/.test(runbook) ? [{ url: runbook, text: 'Runbook' }] : []),
      ...(silence === null ? [] : [{ url: silence, text: 'Silence' }]),
    ],
  };
}

/** As the payload of an alert names it. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
