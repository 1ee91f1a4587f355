import { logTypes } from '../line/schema/index.js';
import { emptyReceives } from './alerting.js';
import type { Quantity } from './lineItem.js';
import { compactionCpuPerLandedGb, idleWorker, manifestRequests } from './measured.js';
import { deployed, GB, gbSeconds, month, type Traffic } from './traffic.js';

/** functions/compact: a run every five minutes starts a worker for each type, which reads what landed and writes Parquet. */
export function compacting({ input, landedBytes, objects, manifests: ofType }: Traffic): Quantity[] {
  if (!input.compaction) return [];
  const { memoryMb, everySeconds } = deployed.compact;
  const runs = month.seconds / everySeconds;
  const workers = runs * logTypes.length;
  const manifests = ofType.access + ofType.error + ofType.app;
  const cpu = (landedBytes / GB) * compactionCpuPerLandedGb + workers * idleWorker.cpu;
  const read = objects.access + objects.error + objects.app;
  return [
    { stage: 'compaction', price: 'lambdaRequests', what: 'invocations of compact', quantity: runs + workers },
    {
      stage: 'compaction',
      price: 'lambdaDuration',
      what: 'compute of compact',
      quantity: gbSeconds(memoryMb, { cpu, waiting: 0 }),
    },
    {
      stage: 'compaction',
      price: 's3Puts',
      what: 'PUT of Parquet, LIST',
      quantity: manifests * manifestRequests.puts + workers * idleWorker.puts,
    },
    {
      stage: 'compaction',
      price: 's3Gets',
      what: 'GET of landed objects and states',
      // Each run looks at the state of each type, too.
      quantity: read + manifests * manifestRequests.gets + workers * (idleWorker.gets + 1),
    },
    { stage: 'compaction', price: 'sqsRequests', what: 'work sent, received, deleted', quantity: 3 * workers },
    { stage: 'compaction', price: 'sqsRequests', what: 'receives that find nothing', quantity: emptyReceives },
  ];
}
