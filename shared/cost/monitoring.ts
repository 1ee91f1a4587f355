import { logTypes } from '../line/schema/index.js';
import { alarms, billedMetrics } from '../metrics/alarms.js';
import { metricsCost } from '../metrics/cost.js';
import { prices } from '../prices.js';
import { emptyReceives } from './alerting.js';
import type { Quantity } from './lineItem.js';
import { logBytes } from './measured.js';
import { deployed, GB, month, type Traffic } from './traffic.js';
import { transformSeconds } from './transporting.js';

/** CloudWatch, and the pollers of the queue of replays, which are there whether anybody replays or not. */
export function monitoring(traffic: Traffic): Quantity[] {
  const { input, invocations, objects } = traffic;
  const sweeps = month.seconds / deployed.sweep.everySeconds;
  // Each run starts a worker for each type.
  const compactions = input.compaction ? (month.seconds / deployed.compact.everySeconds) * (1 + logTypes.length) : 0;
  const forwards = input.forward > 0 ? objects.error + objects.app : 0;
  // The alert function is taken to run as often as the transform; they, the sweep and compaction write metrics.
  const bytes =
    (2 * invocations + sweeps + compactions + forwards) * logBytes.invocation +
    month.minutes * (transformEnvironments(traffic) + 3) * logBytes.metricLine +
    month.minutes * input.serviceMetrics * logBytes.serviceLine;
  return [
    { stage: 'monitoring', price: 'cloudwatchMetrics', what: 'metrics', quantity: usualMetrics },
    {
      stage: 'monitoring',
      price: 'cloudwatchMetrics',
      what: 'metrics of single services',
      quantity: input.serviceMetrics * logTypes.length,
    },
    { stage: 'monitoring', price: 'cloudwatchAlarms', what: 'alarms', quantity: billedAlarms(input.forward > 0) },
    { stage: 'monitoring', price: 'cloudwatchLogs', what: 'logs of the functions', quantity: bytes / GB },
    {
      stage: 'monitoring',
      price: 'cloudwatchLogStorage',
      what: `logs of the functions, kept ${deployed.logDays} days`,
      quantity: (bytes / GB) * (deployed.logDays / month.days) * compressed,
    },
    {
      stage: 'monitoring',
      price: 'sqsRequests',
      what: 'receives of replays that find nothing',
      quantity: emptyReceives,
    },
  ];
}

/** Those of a part that is not deployed are not, either. */
function billedAlarms(forwards: boolean): number {
  const there = alarms.filter(({ condition }) => condition === undefined || forwards);
  return there.reduce((sum, alarm) => sum + billedMetrics(alarm), 0);
}

/** Of the functions while nothing is wrong: docs/metrics.md. */
const usualMetrics = metricsCost().usual / prices.cloudwatchPerMetric;

/** Of transform, that are busy at a time: each writes a line of metrics a minute. */
function transformEnvironments(traffic: Traffic): number {
  return Math.max(1, transformSeconds(traffic) / month.seconds);
}

/** What AWS says a GB of logs is stored as: https://aws.amazon.com/cloudwatch/pricing/, example 5. */
const compressed = 0.15;
