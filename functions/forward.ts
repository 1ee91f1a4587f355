import middy from '@middy/core';
import type { CloudFormationCustomResourceEvent, Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { answerDeployment } from './adapters/deployment.js';
import { bucketNotifications, type NotificationProperties } from './forward/bucketNotifications.js';
import { metrics } from './forward/report.js';
import { workOff } from './forward/workOff.js';

/**
 * Sends rows of landed objects, of which S3 tells by way of a queue, to the sink that infra/firesplit.yml names: each once, but
 * for those of a request whose answer it did not live to note. A deployment has it ask S3 to tell.
 */
export const handler = middy<SQSEvent | CloudFormationCustomResourceEvent, SQSBatchResponse | undefined>()
  .use(metrics.middleware)
  .handler(async (event, context) => {
    if ('ResponseURL' in event) return deploy(event);
    return work(event, context);
  });

async function work({ Records: records }: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const record of records) {
    const worker = { id: context.awsRequestId, until: Date.now() + context.getRemainingTimeInMillis() };
    if (!(await workOff(record, worker))) batchItemFailures.push({ itemIdentifier: record.messageId });
  }
  return { batchItemFailures };
}

async function deploy(event: CloudFormationCustomResourceEvent): Promise<undefined> {
  const { ResourceProperties: properties } = event;
  await answerDeployment(event, {
    id: 'forward-notifications',
    failure: 'S3 could not be asked to tell of landed objects',
    act: (request) => bucketNotifications(properties as NotificationProperties, request !== 'Delete'),
  });
  return undefined;
}
