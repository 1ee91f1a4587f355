import type { Processor } from '../../stream/streamConfig.js';
import { extractLogMessages } from './cloudWatchLogs.js';
import { deaggregate } from './deaggregation.js';
import { decompress } from './decompression.js';
import type { Prepared } from './prepared.js';

/**
 * Takes an accepted record through the processors that come before the transform. The same record always gives the
 * same result, so that nothing of it needs to be in the journal.
 */
export function prepare(data: Buffer, processors: readonly Processor[]): Prepared {
  let records: readonly Buffer[] = [data];
  for (const processor of processors) {
    const next: Buffer[] = [];
    for (const record of records) {
      const prepared = step(record, processor);
      if (prepared.kind === 'failed') return prepared;
      next.push(...prepared.records);
    }
    records = next;
  }
  return { kind: 'ready', records };
}

/** Whether `prepare` can give anything but the record itself. */
export function isPrepared(processors: readonly Processor[]): boolean {
  return processors.some(
    ({ kind }) => kind === 'decompression' || kind === 'cloudWatchLogs' || kind === 'deaggregation',
  );
}

function step(record: Buffer, processor: Processor): Prepared {
  switch (processor.kind) {
    case 'decompression':
      return decompress(record);
    case 'cloudWatchLogs':
      return extractLogMessages(record, processor.extractMessages);
    case 'deaggregation':
      return { kind: 'ready', records: deaggregate(record, processor) };
    default:
      return { kind: 'ready', records: [record] };
  }
}
