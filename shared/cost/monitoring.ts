import { emptyReceives } from './alerting.js';
import type { Quantity } from './lineItem.js';
import { logBytes } from './measured.js';
import { deployed, GB, month, type Traffic } from './traffic.js';

/** CloudWatch, and the pollers of the queue of replays, which are there whether anybody replays or not. */
export function monitoring({ input, invocations, objects }: Traffic): Quantity[] {
  const sweeps = month.seconds / deployed.sweep.everySeconds;
  const compactions = input.compaction ? (month.seconds / deployed.compact.everySeconds) * 4 : 0;
  const forwards = input.forward > 0 ? objects.error + objects.app : 0;
  const bytes =
    invocations * (logBytes.transform + logBytes.alert + input.serviceMetrics * serviceLogBytes) +
    sweeps * logBytes.sweep +
    compactions * logBytes.compact +
    forwards * logBytes.forward;
  return [
    { stage: 'monitoring', price: 'cloudwatchMetrics', what: 'metrics', quantity: alwaysOn.metrics },
    {
      stage: 'monitoring',
      price: 'cloudwatchMetrics',
      what: 'metrics of single services',
      quantity: input.serviceMetrics * metricsOfService,
    },
    { stage: 'monitoring', price: 'cloudwatchAlarms', what: 'alarms', quantity: alwaysOn.alarms },
    { stage: 'monitoring', price: 'cloudwatchLogs', what: 'logs of the functions', quantity: bytes / GB },
    {
      stage: 'monitoring',
      price: 'cloudwatchLogStorage',
      what: `logs of the functions, kept ${logDays} days`,
      quantity: (bytes / GB) * (logDays / month.days) * compressed,
    },
    {
      stage: 'monitoring',
      price: 'sqsRequests',
      what: 'receives of replays that find nothing',
      quantity: emptyReceives,
    },
  ];
}

/** As deployed: docs/metrics.md, infra/resources. */
const alwaysOn = { metrics: 60, alarms: 3 } as const;

/** Access, error and app lines. */
const metricsOfService = 3;
/** Of one line of metrics. */
const serviceLogBytes = 300;

/** serverless.yml: logRetentionInDays; and what AWS says a GB of logs is stored as (https://aws.amazon.com/cloudwatch/pricing/, example 5). */
const logDays = 30;
const compressed = 0.15;
