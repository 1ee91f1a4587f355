import { InfraError, type Location } from '../infra/document.js';
import type { Infra } from '../infra/infra.js';
import type { Resolved } from '../infra/resolver.js';

/** That EventBridge invokes a function again and again. */
export interface Schedule {
  readonly function: string;
  /** Milliseconds from one invocation to the next. */
  readonly every: number;
  /** Of the rule that deployment makes for it, as far as it can be told before. */
  readonly ruleArn: string;
}

/**
 * The schedules of infra/functions.yml: `events: [{ schedule: rate(1 minute) }]`, or with `schedule: { rate, enabled }`. What has its
 * time of day runs in AWS alone: `firesplit invoke` runs it on a laptop.
 *
 * @throws InfraError for an expression that isn't one.
 */
export function schedulesOf(infra: Infra): Schedule[] {
  return infra.functionNames.flatMap((name) => {
    const { settings, at, logicalId } = infra.functionSettings(name);
    const events = Array.isArray(settings.events) ? (settings.events as readonly Resolved[]) : [];
    const rates = events.flatMap((event) => ratesOf(membersOf(event).schedule));
    const id = logicalId.replace(/LambdaFunction$/, 'EventsRuleSchedule');
    return rates.flatMap((rate, index): Schedule[] => {
      if (isTimeOfDay(rate)) return [];
      return [
        {
          function: name,
          every: intervalOf(rate, name, at),
          ruleArn: `arn:${infra.ref('AWS::Partition')}:events:${infra.ref('AWS::Region')}:${infra.ref('AWS::AccountId')}:rule/${infra.ref('AWS::StackName')}-${id}${index + 1}`,
        },
      ];
    });
  });
}

/** https://www.serverless.com/framework/docs/providers/aws/events/schedule */
function ratesOf(schedule: Resolved | undefined): readonly string[] {
  if (schedule === undefined || schedule === null) return [];
  if (typeof schedule !== 'object') return [String(schedule)];
  const { rate, enabled } = membersOf(schedule);
  if (enabled === false) return [];
  return Array.isArray(rate) ? rate.map(String) : [String(rate)];
}

function isTimeOfDay(expression: string): boolean {
  return /^cron\(\S+( \S+){5}\)$/.test(expression);
}

const rateExpression = /^rate\((\d+) (minute|hour|day)s?\)$/;
const units: { readonly [unit: string]: number } = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */
function intervalOf(expression: string, name: string, at: Location): number {
  const [, count, unit = ''] = rateExpression.exec(expression) ?? [];
  const interval = Number(count) * (units[unit] ?? Number.NaN);
  if (interval > 0) return interval;
  throw new InfraError(
    at,
    `the schedule of ${name} is ${expression}, which is not run on a laptop: write a rate such as rate(1 minute).`,
  );
}

function membersOf(value: Resolved | undefined): { readonly [key: string]: Resolved | undefined } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as { readonly [key: string]: Resolved })
    : {};
}
