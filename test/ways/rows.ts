import '../../functions/transform/linearPatterns.js';
import { loadConfig } from '../../shared/config/load.js';
import { RecordReader } from '../../shared/record/read.js';
import { compilePolicy } from '../../shared/treatment/policy.js';
import type { AcceptedRecord } from '../fluent-bit/endpoint.js';
import { columnsOf } from '../helpers/rows.js';

/** The rows that the transform makes of what an endpoint accepted, as one invocation. */
export async function rowsOfAccepted(accepted: readonly AcceptedRecord[]): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  const reading = new RecordReader(compilePolicy(await loadConfig('infra/firesplit.yml'))).begin({
    row: (type, json) => rows.push({ type, ...columnsOf(json) }),
    entry: () => undefined,
    blank: () => undefined,
  });
  for (const [index, { data, arrival }] of accepted.entries()) {
    const recordId = String(index);
    const read = reading.read({ recordId, approximateArrivalTimestamp: arrival, data: data.toString('base64') });
    if (read.kind !== 'lines') throw new Error(`A record could not be read: ${JSON.stringify(read)}`);
  }
  reading.end();
  return rows;
}
