import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { StackEmitter } from '../../../local/events.js';
import { countRequests } from '../../../local/meter/requests.js';

function counted(method: string, headers: Readonly<Record<string, string>>): unknown[] {
  const server = createServer();
  const events: StackEmitter = new EventEmitter();
  const seen: unknown[] = [];
  events.on('requested', (request) => seen.push(request));
  countRequests(server, events);
  server.emit('request', { method, headers } as unknown as IncomingMessage);
  return seen;
}

describe('countRequests', () => {
  it.each([
    ['a small message', 'AmazonSQS.SendMessage', '100', { service: 'sqs', units: 1 }],
    ['exactly 64 KB', 'AmazonSQS.SendMessage', '65536', { service: 'sqs', units: 1 }],
    ['a byte more', 'AmazonSQS.SendMessage', '65537', { service: 'sqs', units: 2 }],
    ['an update', 'DynamoDB_20120810.UpdateItem', '100', { service: 'dynamodb', units: 1 }],
    ['a put of an item', 'DynamoDB_20120810.PutItem', '100', { service: 'dynamodb', units: 1 }],
  ])('counts %s', (_name, target, length, request) => {
    expect(counted('POST', { 'x-amz-target': target, 'content-length': length })).toEqual([request]);
  });

  it('counts an object that a function puts', () => {
    expect(counted('PUT', {})).toEqual([{ service: 's3', units: 1 }]);
  });

  it.each(['DynamoDB_20120810.GetItem', 'DynamoDB_20120810.CreateTable', 'Firehose_20150804.PutRecordBatch'])(
    'leaves out %s',
    (target) => {
      expect(counted('POST', { 'x-amz-target': target })).toEqual([]);
    },
  );
});
