import { createHash } from 'node:crypto';
import { digestTitle, listedRules } from '../alerts/digestTitle.js';
import { type GroupDigest, groupTitle, isOfGroup } from '../alerts/groups/groupTitle.js';
import { measuredText } from '../alerts/measuredText.js';
import type { Alert, Digest, GroupMember, Post } from '../alerts/ports.js';
import { alertId, endpointId, groupId, shortId } from '../alerts/state/ids.js';
import { textOf, titleOf } from '../alerts/title.js';
import { usualText } from '../alerts/usual.js';
import { athenaQuery, isAboutLines, keysQuery } from '../athena/alertQuery.js';
import type { Severity } from '../conditions/ruleSettings.js';
import type { Rule } from '../rules/language/rule.js';
import type { Late } from '../signals/late.js';
import type { Sample, Top } from '../signals/signal.js';

/**
 * What is posted to a webhook; docs/webhook.md explains each key. Every key is always there, `null` where it has no value.
 * A key may be added within version 1, but none changes its meaning or goes away.
 */
export type WebhookPayload = AlertPayload | DigestPayload;

interface AlertPayload {
  readonly version: 1;
  /** Of this message: a repeat has the same one. */
  readonly id: string;
  readonly status: 'firing' | 'resolved';
  /** Of the rule and key: the same in every message about them. */
  readonly alert_id: string;
  /** Of `resolved`: how it ended. */
  readonly ending: 'over' | 'silent' | 'given up' | null;
  readonly route: string;
  readonly rule: string;
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly severity: Severity;
  readonly title: string;
  readonly text: string | null;
  readonly measured: string | null;
  readonly count: number;
  readonly suppressed: number;
  readonly suppressed_by:
    | 'cooldown'
    | 'mute'
    | 'silence'
    | 'unless firing'
    | 'only if firing'
    | 'no lines'
    | 'shadow'
    | null;
  readonly first: string;
  readonly last: string;
  readonly late: LatePayload | null;
  readonly samples: readonly SamplePayload[];
  readonly runbook: string | null;
  readonly query: string | null;
  readonly silence_url: string | null;
  /** Of the rule and key, as Slack's messages show it. */
  readonly short_id: string;
  /** What windows of the key usually have, in words. */
  readonly usual: string | null;
  readonly trend: { readonly unit: 'lines' | 'share'; readonly windows: readonly number[] } | null;
  readonly top: Readonly<Record<string, readonly { readonly value: string; readonly count: number }[]>>;
  readonly first_seen: string | null;
}

interface LatePayload {
  readonly count: number;
  readonly behind_seconds: number;
}

interface SamplePayload {
  readonly time: string;
  readonly service: string;
  readonly level: string | null;
  readonly message: string;
}

interface DigestPayload {
  readonly version: 1;
  readonly id: string;
  readonly status: 'digest';
  readonly route: string;
  readonly title: string;
  readonly alerts: number;
  readonly resolved: number;
  readonly silent: number;
  readonly count: number;
  readonly first: string;
  readonly last: string;
  readonly rules: readonly DigestRulePayload[];
  readonly query: string | null;
  readonly group: GroupPayload | null;
}

/** Alerts that started together. */
interface GroupPayload {
  /** The same in every message of the group. */
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** How many of its alerts fire by now and are told to be over, those of earlier messages among them. */
  readonly firing: number;
  readonly alerts: readonly GroupMemberPayload[];
  readonly earlier: readonly GroupMemberPayload[];
}

interface GroupMemberPayload {
  readonly alert_id: string;
  readonly status: 'firing' | 'resolved';
  readonly rule: string;
  readonly key: string;
  readonly severity: Severity;
  readonly title: string;
  readonly measured: string | null;
  readonly count: number;
  readonly first: string;
  readonly last: string;
  readonly sample: string | null;
  readonly late: LatePayload | null;
  /** Of `resolved`: how it ended. */
  readonly ending: 'over' | 'silent' | 'given up' | null;
  readonly runbook: string | null;
  readonly silence_url: string | null;
}

interface DigestRulePayload {
  readonly rule: string;
  readonly severity: Severity | null;
  readonly alerts: number;
  readonly count: number;
  readonly keys: readonly { readonly key: string; readonly count: number; readonly sample: string | null }[];
}

/** @param rules the current rules, for the severities and the query of a digest. */
export function webhookPayload(post: Post, rules: readonly Rule[]): WebhookPayload {
  return post.kind === 'alert' ? alertPayload(post.alert, post.route) : digestPayload(post.digest, post.route, rules);
}

function alertPayload(alert: Alert, route: string): AlertPayload {
  const { rule, key, settings, notice, silenceUrl } = alert;
  const text = textOf(alert);
  return {
    version: 1,
    id: hashOf(`${alertId(alert)}#${notice.number}`),
    status: notice.kind,
    alert_id: hashOf(alertId(alert)),
    ending: notice.kind === 'resolved' ? (notice.ending?.as ?? 'over') : null,
    route,
    rule,
    key,
    labels: notice.labels,
    severity: settings.severity,
    title: titleOf(alert),
    text: text === '' ? null : text,
    measured: measuredText(alert) ?? null,
    count: notice.count,
    suppressed: notice.suppressed,
    suppressed_by: notice.suppressed === 0 ? null : (notice.heldBy?.by ?? 'cooldown'),
    first: timeOf(notice.first),
    last: timeOf(notice.last),
    late: latePayload(notice.late),
    samples: notice.samples.map(samplePayload),
    runbook: settings.runbook ?? null,
    query: athenaQuery(settings, key, notice.labels, notice, fitsAlways, notice.measured) ?? null,
    silence_url: silenceUrl ?? null,
    short_id: shortId(alert),
    usual: usualText(alert) ?? null,
    trend: notice.trend ?? null,
    top: topPayload(notice.top),
    first_seen: notice.since === undefined ? null : timeOf(notice.since),
  };
}

function topPayload(top: Top = {}): AlertPayload['top'] {
  return Object.fromEntries(
    Object.entries(top).map(([column, values]) => [column, values.map(([value, count]) => ({ value, count }))]),
  );
}

function latePayload(late: Late | undefined): LatePayload | null {
  return late ? { count: late.count, behind_seconds: Math.floor(late.behind / 1000) } : null;
}

function samplePayload({ ts, service, level, message }: Sample): SamplePayload {
  return { time: timeOf(ts), service, level: level ?? null, message };
}

function digestPayload(digest: Digest, route: string, rules: readonly Rule[]): DigestPayload {
  const settings = new Map(rules.map((rule) => [rule.name, rule]));
  const listed = listedRules(digest);
  const [queried] = listed.flatMap(({ rule }) => settings.get(rule) ?? []).filter(isAboutLines);
  return {
    version: 1,
    id: hashOf(`${digest.group ? groupId(route, digest.group.key) : endpointId(route)}#${digest.number}`),
    status: 'digest',
    route,
    title: isOfGroup(digest) ? groupTitle(digest) : digestTitle(digest),
    alerts: digest.alerts,
    resolved: digest.resolved ?? 0,
    silent: digest.silent ?? 0,
    count: digest.lines,
    first: timeOf(digest.first),
    last: timeOf(digest.last),
    rules: listed.map(({ rule, alerts, lines, keys }) => ({
      rule,
      severity: settings.get(rule)?.severity ?? null,
      alerts,
      count: lines,
      keys: keys.map(({ key, lines: count, sample }) => ({ key, count, sample: sample ?? null })),
    })),
    query: (queried && keysQuery(queried, digest, fitsAlways)) ?? null,
    group: isOfGroup(digest) ? groupPayload(digest, route, settings) : null,
  };
}

function groupPayload({ group, members = [] }: GroupDigest, route: string, rules: Rules): GroupPayload {
  const { key, labels, firing, earlier } = group;
  const shown = (each: GroupMember) => memberPayload(each, rules);
  const id = hashOf(groupId(route, key));
  return { id, labels, firing, alerts: members.map(shown), earlier: earlier.map(shown) };
}

type Rules = ReadonlyMap<string, Rule>;

function memberPayload(member: GroupMember, rules: Rules): GroupMemberPayload {
  const { rule, key, severity, title, measured, lines, first, last, sample, late, over, ending, silenceUrl } = member;
  return {
    alert_id: hashOf(alertId({ rule, key })),
    status: over ? 'resolved' : 'firing',
    ...{ rule, key, severity, title, measured: measured ?? null, count: lines },
    ...{ first: timeOf(first), last: timeOf(last), sample: sample ?? null },
    late: latePayload(late),
    ending: over ? (ending?.as ?? 'over') : null,
    runbook: rules.get(rule)?.runbook ?? null,
    silence_url: silenceUrl ?? null,
  };
}

/** 128 bits, which never collide. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function timeOf(time: number): string {
  return new Date(time).toISOString();
}

/** JSON has no limit that a query would have to fit. */
function fitsAlways(): boolean {
  return true;
}
