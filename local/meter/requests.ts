import type { IncomingMessage, Server } from 'node:http';
import type { StackEmitter } from '../events.js';

/** Tells of each request to a server of the stack that S3 or SQS would bill, refused or not. */
export function countRequests(server: Server, events: StackEmitter): void {
  server.on('request', ({ method, url, headers }: IncomingMessage) => {
    const target = String(headers['x-amz-target']);
    if (target.startsWith('AmazonSQS.')) {
      events.emit('requested', { service: 'sqs', units: sqsUnits(Number(headers['content-length'])) });
    } else if (method === 'PUT' || (method === 'GET' && url?.includes('list-type=2'))) {
      events.emit('requested', { service: 's3', units: 1 });
    }
  });
}

/** The same for DynamoDB's own server, to which the front passes its requests on. */
export function countWrites(server: Server, events: StackEmitter): void {
  server.on('request', ({ headers }: IncomingMessage) => {
    if (!writes.test(String(headers['x-amz-target']))) return;
    events.emit('requested', { service: 'dynamodb', units: writeUnits(Number(headers['content-length'])) });
  });
}

const writes = /^DynamoDB_\d+\.(Put|Update|Delete)Item$/;

/** Each KB of an item is a unit, and a request is hardly larger: https://aws.amazon.com/dynamodb/pricing/on-demand/ */
function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 1024));
}

/** Each 64 KB of a payload is a request: https://aws.amazon.com/sqs/pricing/ */
export function sqsUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / (64 * 1024)));
}
