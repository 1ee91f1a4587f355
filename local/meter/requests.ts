import type { IncomingMessage, Server } from 'node:http';
import type { StackEmitter } from '../events.js';

/** Tells of each request to a server of the stack that S3, SQS or DynamoDB would bill, refused or not. */
export function countRequests(server: Server, events: StackEmitter): void {
  server.on('request', ({ method, headers }: IncomingMessage) => {
    const target = String(headers['x-amz-target']);
    if (target.startsWith('AmazonSQS.')) {
      events.emit('requested', { service: 'sqs', units: sqsUnits(Number(headers['content-length'])) });
    } else if (writes.test(target)) {
      // The alerts' items are below the 1 KB of a write request unit.
      events.emit('requested', { service: 'dynamodb', units: 1 });
    } else if (method === 'PUT') events.emit('requested', { service: 's3', units: 1 });
  });
}

const writes = /^DynamoDB_\d+\.(Put|Update|Delete)Item$/;

/** Each 64 KB of a payload is a request: https://aws.amazon.com/sqs/pricing/ */
export function sqsUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / (64 * 1024)));
}
