import { firehose } from '../limits.js';
import { type Metered, type MetricName, metricsOf } from './catalogue.js';

/** A metric as CloudWatch knows it. Names hold `${self:service}`, `${sls:stage}` and `${param:stream}`, as infra/resources does. */
export interface Watched {
  readonly namespace: string;
  readonly metric: string;
  readonly dimension: { readonly name: string; readonly value: string };
  readonly statistic: 'Sum' | 'Maximum' | 'Average';
}

export interface Alarm {
  /** kebab-case, after the service and the stage. Its page is docs/alarms/<name>.md. */
  readonly name: string;
  /** Under which heading of the dashboards. */
  readonly part: 'Stream' | 'Transform' | 'Lines' | 'Alerts' | 'Compaction' | 'Replays' | 'Forwarding';
  readonly watches: Watched;
  /** It rings above it; below it for `below`; and `band`: below what is usual at that hour, by so many standard deviations. */
  readonly rings: { readonly above: number } | { readonly below: number } | { readonly band: number };
  /** Seconds, and how many of them in a row. */
  readonly period: number;
  readonly periods: number;
  /** No value is no trouble, unless a function that says something all the time says nothing. */
  readonly missing?: 'breaching';
  /** Condition of the template under which what it watches is there. */
  readonly condition?: 'Forward';
  /** What people are told, one sentence. */
  readonly says: string;
}

/** The namespace of our own metrics, as POWERTOOLS_METRICS_NAMESPACE of infra/functions.yml has it. */
const ownNamespace = `Firesplit/\${sls:stage}`;

/** Of the functions' time limits in infra/functions.yml, in milliseconds: test/infra/alarms.test.ts holds them to it. */
const slow = { transform: 0.8 * 120_000, sweep: 0.8 * 50_000 } as const;

/**
 * What somebody has to hear of. infra/resources/alarms.yml, both dashboards and the table of docs/metrics.md are made of this
 * list (`npm run docs`). Each costs $0.10 a month, and the one that learns what is usual three times that.
 */
export const alarms: readonly Alarm[] = [
  {
    ...{ name: 'stream-late', part: 'Stream', watches: stream('DeliveryToS3.DataFreshness', 'Maximum') },
    // Seconds: the most that Firehose buffers, and what AWS advises to alarm at.
    ...{ rings: { above: firehose.alarmedFreshness / 1000 }, period: 300, periods: 3 },
    says: 'The oldest record in the stream has not been delivered for 15 minutes.',
  },
  {
    ...{ name: 'stream-throttled', part: 'Stream', watches: stream('ThrottledRecords', 'Sum') },
    ...{ rings: { above: 0 }, period: 300, periods: 3 },
    says: 'The stream has refused records for a quarter of an hour: more is sent than its quota; the routers wait on their disks.',
  },
  {
    ...{ name: 'stream-undelivered', part: 'Stream', watches: stream('DeliveryToS3.Success', 'Average') },
    ...{ rings: { below: 1 }, period: 300, periods: 3 },
    says: 'Firehose can not write all objects to the bucket.',
  },
  {
    ...{ name: 'transform-failing', part: 'Transform', watches: stream('ExecuteProcessing.Success', 'Average') },
    ...{ rings: { below: 1 }, period: 300, periods: 2 },
    says: 'Invocations of the transform fail; after four attempts their records go to failed/.',
  },
  {
    ...{ name: 'transform-throttled', part: 'Transform', watches: lambda('transform', 'Throttles', 'Sum') },
    ...{ rings: { above: 0 }, period: 300, periods: 3 },
    says: "Lambda throttles the transform: the account's concurrency is used up.",
  },
  {
    ...{ name: 'transform-slow', part: 'Transform', watches: lambda('transform', 'Duration', 'Maximum') },
    ...{ rings: { above: slow.transform }, period: 300, periods: 2 },
    says: 'Invocations of the transform take four fifths of their time limit.',
  },
  {
    ...{ name: 'transform-memory', part: 'Transform', watches: own('transform', 'LowMemory') },
    ...{ rings: { above: 0 }, period: 900, periods: 1 },
    says: 'The transform has used seven eighths of its memory.',
  },
  {
    ...{ name: 'records-unreadable', part: 'Transform', watches: own('transform', 'UndecodableRecords') },
    ...{ rings: { above: 0 }, period: 900, periods: 1 },
    says: 'Records could not be read and are under failed/.',
  },
  {
    ...{ name: 'partitions-refused', part: 'Transform', watches: own('transform', 'PutBackObjects') },
    ...{ rings: { above: 0 }, period: 900, periods: 1 },
    says: 'The stream did not take lines back, which went to the bucket in small objects.',
  },
  {
    ...{ name: 'rules-failing', part: 'Alerts', watches: own('transform', 'RuleErrors') },
    ...{ rings: { above: 0 }, period: 900, periods: 1 },
    says: 'An alert rule fails and is passed over.',
  },
  {
    ...{ name: 'lines-dropped', part: 'Lines', watches: own('transform', 'RouterDroppedLines') },
    ...{ rings: { above: 0 }, period: 300, periods: 1 },
    says: 'A log router gave lines up: its disk was full.',
  },
  {
    ...{ name: 'lines-late', part: 'Lines', watches: own('transform', 'CanaryLag') },
    ...{ rings: { above: 600_000 }, period: 300, periods: 3 },
    says: 'Lines take more than ten minutes from their router to the transform.',
  },
  {
    ...{ name: 'no-lines', part: 'Lines', watches: own('transform', 'LinesIn') },
    ...{ rings: { below: 1 }, period: 900, periods: 2, missing: 'breaching' },
    says: 'No line has come for half an hour.',
  },
  {
    ...{ name: 'fewer-lines', part: 'Lines', watches: own('transform', 'LinesIn') },
    ...{ rings: { band: 4 }, period: 900, periods: 4 },
    says: 'Far fewer lines come than is usual at this hour.',
  },
  {
    ...{ name: 'alert-failing', part: 'Alerts', watches: lambda('alert', 'Errors', 'Sum') },
    ...{ rings: { above: 0 }, period: 300, periods: 3 },
    says: 'The alert function fails: nobody may hear of what the rules match.',
  },
  {
    ...{ name: 'alerts-late', part: 'Alerts', watches: queue('signals', 'ApproximateAgeOfOldestMessage') },
    ...{ rings: { above: 600 }, period: 300, periods: 2 },
    says: 'Signals wait for ten minutes and more until the alert function has counted them.',
  },
  {
    ...{ name: 'alerts-undelivered', part: 'Alerts', watches: own('alert', 'AlertsUndelivered') },
    ...{ rings: { above: 0 }, period: 900, periods: 1 },
    says: 'Alerts could not be told; they are tried again.',
  },
  {
    ...{ name: 'alerts-refused', part: 'Alerts', watches: own('alert', 'AlertsRefused') },
    ...{ rings: { above: 0 }, period: 300, periods: 1 },
    says: 'A destination refuses alerts for good: a webhook is gone, or its channel archived.',
  },
  {
    ...{ name: 'alerts-owed', part: 'Alerts', watches: own('alert', 'AlertsOwed') },
    ...{ rings: { above: 0 }, period: 900, periods: 2 },
    says: 'One route of several has not been told of alerts for half an hour.',
  },
  {
    ...{ name: 'signals-given-up', part: 'Alerts', watches: queue('signals-dead') },
    ...{ rings: { above: 0 }, period: 300, periods: 1 },
    says: 'Signals were given up after twenty attempts: alerts are missing.',
  },
  {
    ...{ name: 'sweep-failing', part: 'Alerts', watches: lambda('sweep', 'Errors', 'Sum') },
    ...{ rings: { above: 0 }, period: 300, periods: 3 },
    says: 'The sweep fails: nobody hears of what is missing or over, and digests wait.',
  },
  {
    ...{ name: 'sweep-slow', part: 'Alerts', watches: lambda('sweep', 'Duration', 'Maximum') },
    ...{ rings: { above: slow.sweep }, period: 300, periods: 3 },
    says: 'The sweep takes four fifths of its time limit: more is due than it can look at.',
  },
  {
    ...{ name: 'sweep-problems', part: 'Alerts', watches: own('sweep', 'SweepProblems') },
    ...{ rings: { above: 0 }, period: 900, periods: 2 },
    says: 'Parts of the sweep have failed for half an hour.',
  },
  {
    ...{ name: 'compaction-behind', part: 'Compaction', watches: own('compact', 'WindowsBehind') },
    ...{ rings: { above: 2 }, period: 900, periods: 2, missing: 'breaching' },
    says: 'More than two closed windows wait to become Parquet, or compaction says nothing.',
  },
  {
    ...{ name: 'compaction-failing', part: 'Compaction', watches: queue('compaction-dead') },
    ...{ rings: { above: 0 }, period: 300, periods: 1 },
    says: 'Compaction of a type failed three times; the log of the function compact tells why.',
  },
  {
    ...{ name: 'compaction-parked', part: 'Compaction', watches: own('compact', 'ParkedObjects') },
    ...{ rings: { above: 0 }, period: 900, periods: 1 },
    says: "Landed objects can't become Parquet, and expire.",
  },
  {
    ...{ name: 'replay-given-up', part: 'Replays', watches: queue('replay-dead') },
    ...{ rings: { above: 0 }, period: 300, periods: 1 },
    says: 'Parts of a replay failed five times and are parked.',
  },
  {
    ...{ name: 'forward-behind', part: 'Forwarding', watches: own('forward', 'ForwardFailures'), condition: 'Forward' },
    ...{ rings: { above: 0 }, period: 1800, periods: 2 },
    says: 'A sink has refused rows for an hour; the log of the function forward tells why.',
  },
  {
    ...{ name: 'forward-failing', part: 'Forwarding', watches: queue('forward-dead'), condition: 'Forward' },
    ...{ rings: { above: 0 }, period: 300, periods: 1 },
    says: 'Rows of landed objects were given up; the log of the function forward tells why.',
  },
];

/** Metrics that an alarm is billed for: an anomaly detection watches its metric and both ends of its band. */
export function billedMetrics({ rings }: Alarm): number {
  return 'band' in rings ? 3 : 1;
}

/** Of the stream: https://docs.aws.amazon.com/firehose/latest/dev/cloudwatch-metrics.html */
export function stream(metric: string, statistic: Watched['statistic']): Watched {
  return {
    namespace: 'AWS/Firehose',
    metric,
    dimension: { name: 'DeliveryStreamName', value: `\${param:stream}` },
    statistic,
  };
}

/** Of a function: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export function lambda(name: string, metric: string, statistic: Watched['statistic']): Watched {
  const value = `\${self:service}-\${sls:stage}-${name}`;
  return { namespace: 'AWS/Lambda', metric, dimension: { name: 'FunctionName', value }, statistic };
}

/** What a function writes itself. */
export function own<F extends Metered>(of: F, metric: MetricName<F>): Watched {
  const { keeps } = metricsOf[of][metric] as { readonly keeps?: 'highest' };
  const statistic = keeps === 'highest' ? 'Maximum' : 'Sum';
  return { namespace: ownNamespace, metric, dimension: { name: 'service', value: of }, statistic };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
function queue(name: string, metric = 'ApproximateNumberOfMessagesVisible'): Watched {
  const value = `\${self:service}-\${sls:stage}-${name}`;
  return { namespace: 'AWS/SQS', metric, dimension: { name: 'QueueName', value }, statistic: 'Maximum' };
}
