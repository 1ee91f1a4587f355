import type { Watched } from './alarms.js';
import { type Metric, metricsOf } from './catalogue.js';

/** A share goes from 0 to 1. */
export type Unit = Metric['unit'] | 'Seconds' | 'Share';

/** The unit of a chart's axis, which is that of all its lines. */
export function unitOf(shows: readonly Watched[]): Unit {
  const [unit = 'Count', ...others] = new Set(shows.map((watched) => own(watched) ?? ofAws[watched.metric] ?? 'Count'));
  if (others.length > 0) throw new Error(`a chart has lines of ${unit} and ${others.join(', ')}`);
  return unit;
}

/**
 * Of what AWS measures; the others count.
 * https://docs.aws.amazon.com/firehose/latest/dev/cloudwatch-metrics.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
const ofAws: Readonly<Record<string, Unit>> = {
  Duration: 'Milliseconds',
  IncomingBytes: 'Bytes',
  ApproximateAgeOfOldestMessage: 'Seconds',
  'DeliveryToS3.DataFreshness': 'Seconds',
  'DeliveryToS3.Success': 'Share',
  'ExecuteProcessing.Success': 'Share',
};

function own({ metric, dimension }: Watched): Unit | undefined {
  const metrics: Readonly<Record<string, Readonly<Record<string, Metric>>>> = metricsOf;
  return metrics[dimension.value]?.[metric]?.unit;
}
