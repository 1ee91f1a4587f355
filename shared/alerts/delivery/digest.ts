import { severities } from '../../conditions/ruleSettings.js';
import { ownField } from '../../signals/ownTimes.js';
import { cutText } from '../../signals/sample.js';
import { addSpan, type Span } from '../../signals/tally.js';
import { type Group, groupBy } from '../../text/groupBy.js';
import { addMembers } from '../groups/members.js';
import type { Alert, Digest, DigestKey } from '../ports.js';

/** A digest before it is claimed, and so without a number. */
export type DigestContent = Omit<Digest, 'number' | 'group'>;

type DigestRule = Digest['rules'][number];

/** How many keys of a rule are named, and of how many rules: twice as many as a Slack message shows. */
const [maxKeys, maxKeyedRules] = [5, 12];

/** Characters of a sample line. */
const maxSample = 100;

/** Adds up alerts. */
export function digestOf(alerts: Readonly<Group<Alert>>): DigestContent {
  const [first, ...others] = alerts.map(({ notice }): Span => notice) as Group<Span>;
  const rules = [...groupBy(alerts, ({ rule }) => rule)].map(([rule, of]) => digestRule(rule, of));
  const silent = alerts.filter(({ notice }) => notice.ending).length;
  return content(others.reduce(join, first), { resolved: alerts.filter(isOver).length - silent, silent }, rules);
}

/** Adds up two digests: every alert and line is counted, and the keys with the most lines stay. */
export function addDigests(a: DigestContent, b: DigestContent): DigestContent {
  const span = join({ ...a, count: a.lines }, { ...b, count: b.lines });
  const rules = [...groupBy([...a.rules, ...b.rules], ({ rule }) => rule).values()].map((same) => same.reduce(addRule));
  const members = a.members || b.members ? { members: addMembers(a.members ?? [], b.members ?? []) } : {};
  const ended = {
    resolved: (a.resolved ?? 0) + (b.resolved ?? 0),
    silent: (a.silent ?? 0) + (b.silent ?? 0),
  };
  return { ...content(span, ended, rules), ...members };
}

function content(
  { count: lines, first, last, own }: Span,
  { resolved, silent }: { readonly resolved: number; readonly silent: number },
  rules: readonly DigestRule[],
): DigestContent {
  const alerts = rules.reduce((sum, rule) => sum + rule.alerts, 0);
  const bounded = [...rules].sort(byUrgency).map((rule, at) => (at < maxKeyedRules ? rule : { ...rule, keys: [] }));
  const ended = { ...(resolved > 0 ? { resolved } : {}), ...(silent > 0 ? { silent } : {}) };
  return { alerts, ...ended, lines, first, last, ...ownField(own), rules: bounded };
}

/** What fires before what is over, then by severity, number of lines and number of alerts. */
function byUrgency(a: DigestRule, b: DigestRule): number {
  const fires = ({ alerts }: DigestRule) => (alerts > 0 ? 1 : 0);
  const loudness = ({ severity }: DigestRule) => (severity ? severities.indexOf(severity) : -1);
  return fires(b) - fires(a) || loudness(b) - loudness(a) || b.lines - a.lines || b.alerts - a.alerts;
}

/** An alert without lines, such as an absence, does not widen the span of the others' lines. */
function join(a: Span, b: Span): Span {
  if (a.count > 0 || b.count > 0) return addSpan(a, b);
  return { count: 0, first: Math.min(a.first, b.first), last: Math.max(a.last, b.last) };
}

function digestRule(rule: string, alerts: Readonly<Group<Alert>>): DigestRule {
  return {
    rule,
    severity: alerts[0].settings.severity,
    alerts: alerts.filter((alert) => !isOver(alert)).length,
    lines: alerts.reduce((sum, { notice }) => sum + notice.count, 0),
    // An alert that is over may count lines that were held back.
    keys: loudest(alerts.filter((alert) => !isOver(alert) || alert.notice.count > 0).map(digestKey)),
  };
}

function digestKey({ key, notice: { count: lines, samples } }: Alert): DigestKey {
  const [sample] = samples;
  return { key, lines, ...(sample ? { sample: cutText(sample.message, maxSample) } : {}) };
}

function addRule(a: DigestRule, b: DigestRule): DigestRule {
  const keys = loudest([...a.keys, ...b.keys]);
  return { ...a, ...b, alerts: a.alerts + b.alerts, lines: a.lines + b.lines, keys };
}

function loudest(keys: readonly DigestKey[]): DigestKey[] {
  const sums = [...groupBy(keys, ({ key }) => key).values()].map((same) => ({
    ...(same.find(({ sample }) => sample !== undefined) ?? same[0]),
    lines: same.reduce((sum, { lines }) => sum + lines, 0),
  }));
  return sums.sort((a, b) => b.lines - a.lines).slice(0, maxKeys);
}

function isOver({ notice }: Alert): boolean {
  return notice.kind === 'resolved';
}
