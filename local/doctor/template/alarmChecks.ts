import { cloudWatch } from '../../../shared/limits.js';
import { counted } from '../../../shared/text/wording.js';
import type { Finding } from '../finding.js';
import {
  type Checks,
  fail,
  listOf,
  mapOf,
  numberOf,
  ofType,
  type Resource,
  type Subject,
  toldText,
  warn,
} from './subject.js';
import { textOf } from './template.js';

const docs = 'https://docs.aws.amazon.com';
const api = `${docs}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`;

/** Alarms and who hears of them, schedules, log groups. */
export const alarmChecks: Checks = (subject) => {
  const alarms = ofType(subject, 'AWS::CloudWatch::Alarm');
  return [
    ...alarms.flatMap((alarm) => ofAlarm(subject, alarm)),
    ...unheard(subject, alarms),
    ...ofType(subject, 'AWS::SNS::Subscription').flatMap((subscription) => ofSubscription(subject, subscription)),
    ...ofType(subject, 'AWS::Events::Rule').flatMap((rule) => ofSchedule(subject, rule)),
    ...ofType(subject, 'AWS::Logs::LogGroup').flatMap((group) => ofLogGroup(subject, group)),
  ];
};

const operators =
  /^(GreaterThanOrEqualToThreshold|GreaterThanThreshold|LessThanThreshold|LessThanOrEqualToThreshold|LessThanLowerOrGreaterThanUpperThreshold|LessThanLowerThreshold|GreaterThanUpperThreshold)$/;
const missingData = /^(breaching|notBreaching|ignore|missing)$/;

function ofAlarm(subject: Subject, { id, properties }: Resource): Finding[] {
  const told = (way: string, problem: string, remedy: string) =>
    fail(subject, id, way, { problem, remedy, source: api });
  const findings: Finding[] = [];
  const { ComparisonOperator, TreatMissingData, MetricName, Metrics, Statistic, ExtendedStatistic } = properties;
  if (ComparisonOperator !== undefined && !operators.test(textOf(ComparisonOperator))) {
    findings.push(told('ComparisonOperator', `${textOf(ComparisonOperator)} is none`, 'write GreaterThanThreshold'));
  }
  if (TreatMissingData !== undefined && !missingData.test(textOf(TreatMissingData))) {
    findings.push(
      told(
        'TreatMissingData',
        `${textOf(TreatMissingData)} is none`,
        'write breaching, notBreaching, ignore or missing',
      ),
    );
  }
  if ((MetricName === undefined) === (Metrics === undefined)) {
    findings.push(told('MetricName', 'an alarm has either MetricName or Metrics', 'write one of them'));
  }
  if (MetricName !== undefined && (Statistic === undefined) === (ExtendedStatistic === undefined)) {
    findings.push(told('Statistic', 'a metric is judged by Statistic or by ExtendedStatistic', 'write one of them'));
  }
  if (MetricName !== undefined && properties.Threshold === undefined && properties.ThresholdMetricId === undefined) {
    findings.push(told('Threshold', 'it is missing', 'write a number'));
  }
  const period = numberOf(properties.Period);
  const periods = numberOf(properties.EvaluationPeriods) ?? 1;
  if (
    MetricName !== undefined &&
    (period === undefined || !(period % 60 === 0 || [10, 20, 30].includes(period)) || period < 1)
  ) {
    findings.push(
      told('Period', `${period ?? 'none'}, and CloudWatch takes 10, 20, 30 or a multiple of 60`, 'write 60 or 300'),
    );
  }
  const { short, long } = cloudWatch.maxEvaluated;
  const most = ((period ?? 0) < 3600 ? short : long) / 1000;
  if (period !== undefined && period * periods > most) {
    const problem = `${periods} periods of ${period} s are ${period * periods} s, and CloudWatch looks back ${most} s at most`;
    findings.push(told('EvaluationPeriods', problem, 'write fewer, or a longer Period'));
  }
  const datapoints = numberOf(properties.DatapointsToAlarm);
  if (datapoints !== undefined && datapoints > periods) {
    findings.push(told('DatapointsToAlarm', `${datapoints} of ${periods} periods`, 'write at most EvaluationPeriods'));
  }
  for (const way of ['AlarmActions', 'OKActions', 'InsufficientDataActions']) {
    const targets = listOf(properties[way]).map(textOf);
    if (targets.length > cloudWatch.maxAlarmActions) {
      findings.push(
        told(way, `${targets.length} of them, and an alarm has at most ${cloudWatch.maxAlarmActions}`, 'take some out'),
      );
    }
    const noArn = targets.find((target) => !target.startsWith('arn:') && !target.includes('${'));
    if (noArn !== undefined)
      findings.push(told(way, `${JSON.stringify(noArn)} is no ARN`, 'write the ARN of a topic or function'));
  }
  return findings;
}

/** Alarms that change their colour in the console, and nothing else. */
function unheard(subject: Subject, alarms: readonly Resource[]): Finding[] {
  const isHeard = ofType(subject, 'AWS::Events::Rule').some(({ properties }) =>
    listOf(mapOf(properties.EventPattern).source).includes('aws.cloudwatch'),
  );
  const silent = alarms.filter(({ properties }) => listOf(properties.AlarmActions).length === 0);
  const [first] = silent;
  if (isHeard || first === undefined) return [];
  return [
    warn(subject, first.id, 'AlarmActions', {
      problem: `${counted(silent.length, 'alarm')} without an action (${silent.map(({ id }) => id).join(', ')}): they ring in the console alone`,
      remedy: 'give them AlarmActions with the ARN of a topic that somebody reads',
      source: `${docs}/AmazonCloudWatch/latest/monitoring/alarm-actions.html`,
    }),
  ];
}

function ofSubscription(subject: Subject, { id, properties }: Resource): Finding[] {
  const [protocol, endpoint] = [toldText(properties.Protocol), toldText(properties.Endpoint)];
  const shapes: Readonly<Record<string, RegExp>> = {
    email: /^[^@\s]+@[^@\s]+$/,
    'email-json': /^[^@\s]+@[^@\s]+$/,
    https: /^https:\/\/./,
    http: /^http:\/\/./,
    sqs: /^arn:/,
    lambda: /^arn:/,
    firehose: /^arn:/,
    sms: /^\+\d+$/,
    application: /^arn:/,
  };
  const shape = protocol === undefined ? undefined : shapes[protocol];
  const source = `${docs}/sns/latest/api/API_Subscribe.html`;
  if (protocol !== undefined && shape === undefined) {
    const remedy = `write one of ${Object.keys(shapes).join(', ')}`;
    return [fail(subject, id, 'Protocol', { problem: `${protocol} is none`, remedy, source })];
  }
  if (endpoint === undefined || shape?.test(endpoint) !== false) return [];
  const problem = `${JSON.stringify(endpoint)} is no endpoint of ${protocol}`;
  return [
    fail(subject, id, 'Endpoint', { problem, remedy: 'write the address or ARN that the protocol wants', source }),
  ];
}

/** `rate(1 minute)` and `rate(2 minutes)`: EventBridge is strict about the plural. */
function ofSchedule(subject: Subject, { id, properties }: Resource): Finding[] {
  const expression = toldText(properties.ScheduleExpression);
  const source = `${docs}/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html`;
  if (expression === undefined) {
    if (properties.EventPattern !== undefined || properties.ScheduleExpression !== undefined) return [];
    const problem = 'a rule has either EventPattern or ScheduleExpression';
    return [fail(subject, id, 'ScheduleExpression', { problem, remedy: 'write one of them', source })];
  }
  const [, count = '', unit = '', plural = ''] = expression.match(/^rate\((\d+) (minute|hour|day)(s?)\)$/) ?? [];
  const isRate = Number(count) > 0 && (Number(count) === 1) === (plural === '');
  // Six fields, one of day of month and day of week a question mark.
  const fields =
    expression
      .match(/^cron\((.+)\)$/)?.[1]
      ?.trim()
      .split(/\s+/) ?? [];
  const isCron = fields.length === 6 && [fields[2], fields[4]].filter((field) => field === '?').length === 1;
  if (isRate || isCron) return [];
  const remedy =
    count !== '' && Number(count) > 0
      ? `write rate(${count} ${unit}${Number(count) === 1 ? '' : 's'})`
      : 'write rate(5 minutes), or cron(0 3 * * ? *)';
  return [fail(subject, id, 'ScheduleExpression', { problem: `${expression} is no schedule`, remedy, source })];
}

function ofLogGroup(subject: Subject, { id, properties }: Resource): Finding[] {
  const { RetentionInDays: stated } = properties;
  const source = `${docs}/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html`;
  if (stated === undefined) {
    const problem = 'it keeps its events for ever, and they are billed as long';
    return [warn(subject, id, 'RetentionInDays', { problem, remedy: 'write 30', source })];
  }
  const days = numberOf(stated);
  if (days === undefined || cloudWatch.retentionDays.includes(days)) return [];
  const next = cloudWatch.retentionDays.find((allowed) => allowed >= days) ?? cloudWatch.retentionDays.at(-1);
  return [
    fail(subject, id, 'RetentionInDays', {
      problem: `${days} is none of the numbers that are allowed`,
      remedy: `write ${next}`,
      source,
    }),
  ];
}
