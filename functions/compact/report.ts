import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Compacted } from '../../shared/compact/compactType.js';
import type { Overview } from '../../shared/compact/overview.js';
import type { LogType } from '../../shared/line/schema/index.js';

/** CloudWatch metrics, written as EMF log lines. docs/metrics.md explains each. */
export const metrics = new Metrics({ namespace: 'Firesplit' });

/** Tells how all types are. */
export function reportOverview({ windowsBehind, parkedObjects }: Overview): void {
  metrics.addMetric('WindowsBehind', MetricUnit.Count, windowsBehind);
  metrics.addMetric('ParkedObjects', MetricUnit.Count, parkedObjects);
}

/** Counts what a worker did. One that found another at work has nothing to tell. */
export function report(type: LogType, { result, manifests, rows, duplicates, windowsBehind }: Compacted): void {
  if (result === 'busy') return;
  metrics.addMetric('CompactedRows', MetricUnit.Count, rows);
  metrics.addMetric('DuplicateRows', MetricUnit.Count, duplicates);
  if (manifests === 0) return;
  const message = 'landed objects have become Parquet';
  console.info(JSON.stringify({ level: 'info', message, type, manifests, rows, duplicates, windowsBehind }));
}
