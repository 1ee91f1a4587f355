import type { FauxqsServer } from 'fauxqs';
import type { AlertsTable } from './alertsTable.js';

/** Where the functions that tell people find their table, queue and bucket, as their environment says it. */
export function environmentOn(aws: FauxqsServer, table: AlertsTable): Readonly<Record<string, string>> {
  const endpoint = `http://127.0.0.1:${aws.port}`;
  aws.createBucket('logs');
  return {
    ALERTS_TABLE: table.name,
    ALARM_PREFIX: 'firesplit-test-',
    LOGS_BUCKET: 'logs',
    SIGNALS_QUEUE_URL: aws.createQueue('signals').queueUrl,
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ENDPOINT_URL_SQS: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}
