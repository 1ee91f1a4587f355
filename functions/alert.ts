import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { raiseBatches } from '../shared/alerts/raise.js';
import { isRouteTest, type RouteTest, type RouteTested, testRoute } from '../shared/alerts/routeTest.js';
import { readBatch } from '../shared/signals/batchText.js';
import type { SignalBatch } from '../shared/signals/signal.js';
import { alerts, book, portsOf } from './alert/environment.js';
import { log, metrics, reportOutcomes } from './alert/report.js';

/**
 * Takes the transform's signal batches from SQS and tells people where the rules have it so. Whoever invokes it with `testRoute`
 * sees whether a route's messages arrive (docs/routes.md).
 */
export const handler = middy<SQSEvent | RouteTest, SQSBatchResponse | RouteTested>()
  .use(metrics.middleware)
  .handler(async (event, context) => {
    if (isRouteTest(event)) return testRoute(event, portsOf(context), alerts);
    return raise(event, context);
  });

async function raise({ Records: records }: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const lag = Date.now() - Math.min(...records.map(sentAt));
  metrics.add('SignalLag', Math.max(0, lag));
  const oldestFirst = [...records].sort((a, b) => sentAt(a) - sentAt(b));
  const messages = oldestFirst.map((record) => ({ record, batch: read(record) }));
  const batches = messages.flatMap(({ batch }) => batch ?? []);
  const { outcomes, undone } = await raiseBatches(batches, book, portsOf(context));
  reportOutcomes(outcomes, { batches: batches.length });
  // SQS delivers them again, and moves one to the dead-letter queue when that has been in vain often enough.
  const failed = messages.filter(({ batch }) => !batch || undone.has(batch));
  return { batchItemFailures: failed.map(({ record }) => ({ itemIdentifier: record.messageId })) };
}

function sentAt({ attributes }: SQSRecord): number {
  return Number(attributes.SentTimestamp);
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
