import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { raiseAlerts } from '../shared/alerts/raise.js';
import { readBatch } from '../shared/alerts/readBatch.js';
import { deployedRules } from './adapters/deployedRules.js';
import { alertStore, channel } from './alert/environment.js';
import { metrics, reportOutcomes, reportUnreadable } from './alert/report.js';

const rules = deployedRules();

/** Kept back from Slack's share of the time: to mark what was posted, and to answer. */
const margin = 5000;

/** Takes the transform's signal batches from SQS and tells people where a rule's cooldown allows it. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(logMetrics(metrics))
  .handler(async ({ Records: records }, context) => {
    const notifier = channel.notifierUntil(Date.now() + context.getRemainingTimeInMillis() - margin);
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];

    for (const { messageId, body } of records) {
      const done = await raiseRecord(messageId, body, { store: alertStore, notifier, now: Date.now });
      // SQS delivers it again, and moves it to the dead-letter queue when that has been in vain often enough.
      if (!done) batchItemFailures.push({ itemIdentifier: messageId });
    }
    return { batchItemFailures };
  });

async function raiseRecord(
  messageId: string,
  body: string,
  ports: Parameters<typeof raiseAlerts>[2],
): Promise<boolean> {
  try {
    const batch = readBatch(body);
    return reportOutcomes(batch, await raiseAlerts(batch, rules, ports));
  } catch (error) {
    reportUnreadable(messageId, error);
    return false;
  }
}
