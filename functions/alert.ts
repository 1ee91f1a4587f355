import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { AlertPorts } from '../shared/alerts/ports.js';
import { raiseAlerts } from '../shared/alerts/raise.js';
import { readBatch } from '../shared/signals/readBatch.js';
import type { SignalBatch } from '../shared/signals/signal.js';
import { book, portsOf } from './alert/environment.js';
import { log, metrics, reportOutcomes } from './alert/report.js';

/** Takes the transform's signal batches from SQS and tells people where the rules have it so. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(metrics.middleware)
  .handler(async ({ Records: records }, context) => {
    const ports = portsOf(context);
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const record of records) {
      // SQS delivers it again, and moves it to the dead-letter queue when that has been in vain often enough.
      if (!(await raise(record, ports))) batchItemFailures.push({ itemIdentifier: record.messageId });
    }
    return { batchItemFailures };
  });

/** Whether all that the message holds is counted and told, or not to be told. */
async function raise(record: SQSRecord, ports: AlertPorts): Promise<boolean> {
  const batch = read(record);
  if (!batch) return false;
  const outcomes = await raiseAlerts(batch, book, ports);
  reportOutcomes(outcomes, { batch: batch.id });
  return outcomes.every(({ outcome }) => outcome !== 'undelivered' && outcome !== 'refused');
}

/** Undefined for what is not a signal batch. Its text is not shown: it may hold anything. */
function read({ messageId, body }: SQSRecord): SignalBatch | undefined {
  try {
    return readBatch(body);
  } catch (error) {
    metrics.add('UnreadableBatches', 1);
    const reason = error instanceof Error ? error.message : String(error);
    const message = 'a message of the signal queue could not be read; it ends in the dead-letter queue';
    log('error', message, { messageId, reason });
    return undefined;
  }
}
