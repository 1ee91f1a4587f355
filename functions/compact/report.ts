import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Overview } from '../../shared/compact/overview.js';
import type { work } from '../../shared/compact/work.js';

/** CloudWatch metrics, written as EMF log lines. docs/metrics.md explains each. */
export const metrics = new Metrics({ namespace: 'Firesplit' });

/** Tells how all types are. */
export function reportOverview({ windowsBehind, parkedObjects }: Overview): void {
  metrics.addMetric('WindowsBehind', MetricUnit.Count, windowsBehind);
  metrics.addMetric('ParkedObjects', MetricUnit.Count, parkedObjects);
}

/** Counts what a worker did. One that found another at work has nothing to tell. */
export function report({ result, ...done }: Awaited<ReturnType<typeof work>>): void {
  const { manifests, rows, duplicates, unreadable } = done;
  if (result === 'busy') return;
  metrics.addMetric('CompactedRows', MetricUnit.Count, rows);
  metrics.addMetric('DuplicateRows', MetricUnit.Count, duplicates);
  metrics.addMetric('UnreadableRows', MetricUnit.Count, unreadable);
  if (manifests === 0) return;
  const message = 'landed objects have become Parquet';
  console.info(JSON.stringify({ level: 'info', message, ...done }));
}
