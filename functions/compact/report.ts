import type { Overview } from '../../shared/compact/overview.js';
import type { work } from '../../shared/compact/work.js';
import { FunctionMetrics } from '../adapters/functionMetrics.js';

export const metrics = new FunctionMetrics('compact');

/** Tells how all types are. */
export function reportOverview({ windowsBehind, parkedObjects }: Overview): void {
  metrics.add('WindowsBehind', windowsBehind);
  metrics.add('ParkedObjects', parkedObjects);
}

/** Counts what a worker did. One that found another at work has nothing to tell. */
export function report({ result, ...done }: Awaited<ReturnType<typeof work>>): void {
  const { manifests, rows, duplicates, unreadable } = done;
  if (result === 'busy') return;
  metrics.add('CompactedRows', rows);
  metrics.add('DuplicateRows', duplicates);
  metrics.add('UnreadableRows', unreadable);
  if (manifests === 0) return;
  const message = 'landed objects have become Parquet';
  console.info(JSON.stringify({ level: 'info', message, ...done }));
}
