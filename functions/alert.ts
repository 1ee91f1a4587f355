import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { raiseBatches } from '../shared/alerts/raise.js';
import { isRouteTest, type RouteTest, type RouteTested, testRoute } from '../shared/alerts/routeTest.js';
import { alerts, book, portsOf } from './alert/environment.js';
import { ended, readMessage } from './alert/messages.js';
import { metrics, reportOutcomes } from './alert/report.js';

/**
 * Takes the transform's signal batches and CloudWatch's alarms from SQS and tells people where the rules have it so. Whoever invokes it
 * with `testRoute` sees whether a route's messages arrive (docs/routes.md).
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
  const ports = portsOf(context);
  const oldestFirst = [...records].sort((a, b) => sentAt(a) - sentAt(b));
  const messages = oldestFirst.map((record) => ({ record, content: readMessage(record) }));
  const batches = messages.flatMap(({ content }) => content?.batch ?? []);
  const { outcomes, undone } = await raiseBatches(batches, book, ports);
  reportOutcomes(outcomes, { batches: batches.length });
  // SQS delivers them again, and moves one to the dead-letter queue when that has been in vain often enough.
  const failed: SQSRecord[] = [];
  for (const { record, content } of messages) {
    const isUndone = !content || (content.batch && undone.has(content.batch));
    if (isUndone || (content.over && !(await ended(content.over, ports)))) failed.push(record);
  }
  return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.messageId })) };
}

function sentAt({ attributes }: SQSRecord): number {
  return Number(attributes.SentTimestamp);
}
