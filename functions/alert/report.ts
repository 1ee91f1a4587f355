import type { AlertOutcome } from '../../shared/alerts/outcome.js';
import { namedBy } from '../../shared/conditions/condition.js';
import type { NoticedNumbers } from '../../shared/conditions/observation.js';
import { fillTitle } from '../../shared/rules/language/title.js';
import { groupBy } from '../../shared/text/groupBy.js';
import { spanText } from '../../shared/text/wording.js';
import { FunctionMetrics, metricsHold } from '../adapters/functionMetrics.js';

/** What became of alerts is counted as one, whether the alert function or the sweep told of them. */
export const metrics = new FunctionMetrics('alert', metricsHold);

const metricOf = {
  notified: 'AlertsNotified',
  digested: 'AlertsDigested',
  owed: 'AlertsOwed',
  suppressed: 'AlertsSuppressed',
  held: 'AlertsHeld',
  shadow: 'AlertsInShadow',
  counted: 'AlertsCounted',
  'already counted': 'AlertsAlreadyCounted',
  'unknown rule': 'AlertsOfUnknownRules',
  undelivered: 'AlertsUndelivered',
  refused: 'AlertsRefused',
} as const satisfies Record<Exclude<AlertOutcome['outcome'], 'noticed' | 'too late'>, string>;

/** Counts what became of alerts, and logs what somebody may have to look at. */
export function reportOutcomes(outcomes: readonly AlertOutcome[], where: Readonly<Record<string, unknown>>): void {
  countNumbers(outcomes);
  countLate(outcomes);
  // What is under way counts where it is posted: mostly an alarm, of which two functions hear.
  const settled = outcomes.filter((each) => !('isUnderWay' in each));
  for (const [outcome, same] of groupBy(settled, (each) => each.outcome)) {
    if (outcome === 'noticed') continue;
    if (outcome !== 'too late') metrics.add(metricOf[outcome as keyof typeof metricOf], same.length);
    const lines = same.flatMap((each) => lineOf(each) ?? []);
    for (const { level, message, ...details } of lines.slice(0, maxLines))
      log(level, message, { ...where, ...details });
    const [more] = lines.slice(maxLines);
    if (more) log(more.level, `${more.message} (${lines.length - maxLines} more)`, where);
  }
}

/** By rule that looks at numbers. */
function countNumbers(outcomes: readonly AlertOutcome[]): void {
  const noticed = outcomes.flatMap((each) => (each.outcome === 'noticed' ? [each] : []));
  for (const [rule, ofRule] of groupBy(noticed, ({ id }) => id.rule)) {
    for (const [kind, metric] of Object.entries(numberMetrics)) {
      const count = ofRule.reduce((sum, { numbers }) => sum + numbers[kind as keyof NoticedNumbers], 0);
      metrics.addFor(metric, rule, count);
    }
  }
}

const numberMetrics = {
  missing: 'MissingNumbers',
  late: 'LateNumbers',
  doubled: 'DoubledNumbers',
} as const satisfies Record<keyof NoticedNumbers, string>;

/** By rule whose windows lines missed. */
function countLate(outcomes: readonly AlertOutcome[]): void {
  const late = outcomes.flatMap((each) => (each.outcome === 'too late' ? [each] : []));
  for (const [rule, ofRule] of groupBy(late, ({ id }) => id.rule)) {
    const lines = ofRule.reduce((sum, each) => sum + each.lines, 0);
    metrics.addFor('LateLines', rule, lines);
  }
}

/** Of each kind: a storm is not for the log. */
const maxLines = 20;

interface Line {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly [detail: string]: unknown;
}

function lineOf(each: AlertOutcome): Line | undefined {
  switch (each.outcome) {
    case 'shadow': {
      const { rule, settings, notice, key, replayed } = each.alert;
      const title = fillTitle(
        settings.title,
        (name) => notice.labels[name] ?? namedBy(settings, notice.measured)[name],
      );
      const { kind, count, suppressed } = notice;
      const message = replayed
        ? 'replayed lines would have told people'
        : 'a rule in shadow mode would have told people';
      return { level: 'info', message, rule, key, kind, title, count, suppressed };
    }
    case 'too late':
      return {
        level: 'warn',
        message:
          'lines came too late for the windows of a rule, and do not count; if it goes on, look at the log routers',
        ...each.id,
        lines: each.lines,
        behind: `${spanText(each.behind)}`,
      };
    case 'unknown rule':
      return {
        level: 'warn',
        message:
          'matches of a rule that this function does not have were dropped; deploy all functions with the same rules',
        rule: each.rule,
        count: each.count,
      };
    case 'undelivered':
      return {
        level: 'warn',
        message: 'an alert was not posted; it will be tried again',
        ...each.id,
        reason: each.reason,
      };
    case 'owed':
      return {
        level: 'warn',
        message:
          'a route could not be told of an alert; it is tried again each minute, and no other route waits for it',
        ...each.id,
        route: each.route,
        reason: each.reason,
      };
    case 'refused':
      return {
        level: 'error',
        message: 'an alert was refused, and will be until somebody acts; it is tried again with growing pauses',
        ...each.id,
        reason: each.reason,
      };
    default:
      return undefined;
  }
}

export function log(
  level: 'info' | 'warn' | 'error',
  message: string,
  details: Readonly<Record<string, unknown>>,
): void {
  console[level](JSON.stringify({ level, message, ...details }));
}
