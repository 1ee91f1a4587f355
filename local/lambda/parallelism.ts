import { availableParallelism } from 'node:os';
import { firehose } from '../../shared/limits.js';

/**
 * Invocations of the transform at a time: as many as Firehose has, but no more than there are cores. Further ones would
 * end no sooner, and each holds some hundred megabytes.
 */
export const parallelInvocations = Math.min(firehose.maxOutstandingInvocations, availableParallelism());
