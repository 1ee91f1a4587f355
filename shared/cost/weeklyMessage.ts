import { createHash } from 'node:crypto';
import { bucketWidth } from '../conditions/window.js';
import { weeklyCostRule } from '../rules/weeklyCostRule.js';
import { joinKey } from '../signals/alertKey.js';
import type { Sample, SignalBatch } from '../signals/signal.js';
import { spanText } from '../text/wording.js';
import { type CostedGroup, type LineCosts, samplingRule } from './lineCosts.js';
import { moneyText } from './moneyText.js';

/** The value of the rule's `by`. */
const report = 'weekly-cost';

const [HOUR, DAY] = [3_600_000, 86_400_000];

/** Services, messages and characters of a message that are named: a sample of Slack's messages has 800 characters. */
const [namedGroups, maxTemplate] = [6, 70];

/**
 * What the lines of the last hours cost, as a batch of signals: whoever raises alerts tells it. Batches of the same week, which begins
 * on Monday, have the same id: they are told once. Undefined when there were no lines.
 */
export function weeklyMessage(costs: LineCosts, now: number): SignalBatch | undefined {
  const lines = costs.services.reduce((sum, group) => sum + group.lines, 0);
  if (lines === 0) return undefined;
  const [dearest] = costs.messages;
  const texts = [
    listed('By service', costs, costs.services, ({ service, type }) => `${service || '(none)'}, ${type}`),
    listed('By message or request', costs, costs.messages, nameOf),
    ...(dearest ? [remedyFor(dearest, costs.messages)] : []),
  ];
  return batchOf(now, moneyText(costs.dollarsPerDay), lines, costs.hours, texts);
}

/**
 * The same when nobody could find out what they cost. It is told once as well, and keeps nobody from hearing what they cost later.
 *
 * @param reason why not
 */
export function weeklyFailure(reason: string, now: number): SignalBatch {
  return batchOf(now, '(unknown: they could not be counted)', 1, 0, [reason], 'failed');
}

function batchOf(
  now: number,
  dollars: string,
  lines: number,
  hours: number,
  texts: readonly string[],
  what = 'counted',
): SignalBatch {
  const width = bucketWidth(weeklyCostRule);
  const samples = texts.map((message): Sample => ({ ts: now, service: 'firesplit', message }));
  // The first Monday of the epoch was its fifth day.
  const week = Math.floor((now - 4 * DAY) / (7 * DAY));
  return {
    version: 1,
    id: createHash('sha256').update(`${weeklyCostRule.name} ${week} ${what}`).digest('hex'),
    messages: 1,
    signals: [
      {
        rule: weeklyCostRule.name,
        key: joinKey([report]),
        labels: { report, dollars_a_day: dollars },
        bucket: Math.floor(now / width) * width,
        count: lines,
        first: now - hours * HOUR,
        last: now,
        samples,
      },
    ],
  };
}

function listed(
  title: string,
  { hours }: LineCosts,
  groups: readonly CostedGroup[],
  name: (group: CostedGroup) => string,
): string {
  const rows = groups
    .slice(0, namedGroups)
    .map((group) => `${moneyText(group.dollarsPerDay)}  ${name(group)}, ${group.lines.toLocaleString('en')} lines`);
  const more = groups.length > namedGroups ? [`and ${groups.length - namedGroups} more`] : [];
  return [`${title}, dollars a day and lines in ${spanText(hours * HOUR)}:`, ...rows, ...more].join('\n');
}

function nameOf({ service, type, template = '' }: CostedGroup): string {
  const text = template.length <= maxTemplate ? template : `${template.slice(0, maxTemplate - 1)}…`;
  return `${service || '(none)'} ${type === 'access' ? '' : `${type} `}${text}`;
}

/** Of the dearest lines that something can be done about here: for others it is their service. */
function remedyFor(dearest: CostedGroup, messages: readonly CostedGroup[]): string {
  const sampled = messages
    .map((group) => ({ group, rule: samplingRule(group) }))
    .find(({ rule }) => rule !== undefined);
  const byService =
    dearest.type === 'access'
      ? []
      : [
          `"${nameOf(dearest)}": only ${dearest.service || 'its service'} can log less of it; look at its level, or for a debug level left on (docs/runbooks/debug-left-on.md).`,
        ];
  const byRule = sampled
    ? [
        `To keep one in ten of "${nameOf(sampled.group)}", in access.sample of infra/firesplit.yml (docs/config.md):`,
        `- ${sampled.rule}`,
      ]
    : [];
  return ['To pay less:', ...byService, ...byRule].join('\n');
}
