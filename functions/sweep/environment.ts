import type { SweepPorts } from '../../shared/alerts/ports.js';
import { required } from '../adapters/environment.js';
import { s3RefusedBatches } from '../adapters/s3RefusedBatches.js';
import { sqsSignals } from '../adapters/sqsSignals.js';

/** `LOGS_BUCKET` and `SIGNALS_QUEUE_URL`: where refused batches are, and where they belong. */
export const sweepPorts: Pick<SweepPorts, 'refused' | 'queue'> = {
  refused: s3RefusedBatches(required('LOGS_BUCKET')),
  queue: sqsSignals(required('SIGNALS_QUEUE_URL')),
};
