import { viewDefinition } from '../../shared/athena/views.js';
import { compaction } from '../../shared/bounds.js';
import type { CompactionPorts, CompactionSettings } from '../../shared/compact/ports.js';
import type { CompactionQueue } from '../../shared/compact/work.js';
import { duckDbEngine } from '../adapters/duckDbEngine.js';
import { required } from '../adapters/environment.js';
import { glueCatalog } from '../adapters/glueCatalog.js';
import { s3CompactionStore } from '../adapters/s3CompactionStore.js';
import { sqsCompactionQueue } from '../adapters/sqsCompactionQueue.js';
import { systemClock } from '../adapters/systemClock.js';
import { daysOf } from './days.js';

/** `LOGS_BUCKET`, `LOGS_DATABASE` and `COMPACTION_QUEUE_URL`: what functions/compact works on. */
const database = required('LOGS_DATABASE');
export const ports: CompactionPorts & { readonly queue: CompactionQueue } = {
  store: s3CompactionStore(required('LOGS_BUCKET')),
  catalog: glueCatalog(database),
  queue: sqsCompactionQueue(required('COMPACTION_QUEUE_URL')),
  engine: duckDbEngine(engineLimits(Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 2048))),
  now: systemClock.now,
};

// Only checked: what is put back later than identities are kept would be stored twice.
daysOf('BACKUP_DAYS', required('BACKUP_DAYS'), compaction.backupDays);

/** `WINDOW`, `LANDED_DAYS` and `RETENTION_DAYS`: the parameters of a deployment (infra/parameters.yml). */
export const settings: CompactionSettings = {
  window: windowLength(),
  landedDays: daysOf('LANDED_DAYS', required('LANDED_DAYS'), compaction.landedDays),
  retentionDays: daysOf('RETENTION_DAYS', required('RETENTION_DAYS'), { min: 1, max: Number.POSITIVE_INFINITY }),
  closingTime: compaction.closingTime,
  manifestBytes: compaction.maxManifestBytes,
  // What the next objects become may be twice as much.
  unpackedBytes: compaction.maxUnpackedBytes / 2,
  view: (type, boundary) => viewDefinition(type, database, boundary),
};

/** Lambda gives a vCPU for each 1,769 MB. What DuckDB leaves is for Node, and for objects on their way. */
function engineLimits(memoryMB: number) {
  return {
    memoryMB: Math.floor(memoryMB * 0.6),
    threads: Math.max(1, Math.round(memoryMB / 1769)),
    unpackedBytes: compaction.maxUnpackedBytes,
  };
}

function windowLength(): CompactionSettings['window'] {
  const length = required('WINDOW');
  if (length === 'hour' || length === 'day') return length;
  throw new Error(`the parameter window is ${JSON.stringify(length)}; it takes hour or day`);
}
