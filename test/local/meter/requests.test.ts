import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { StackEmitter } from '../../../local/events.js';
import { countRequests, countWrites } from '../../../local/meter/requests.js';

function counted(
  count: typeof countRequests,
  method: string,
  headers: Readonly<Record<string, string>>,
  url = '/',
): unknown[] {
  const server = createServer();
  const events: StackEmitter = new EventEmitter();
  const seen: unknown[] = [];
  events.on('requested', (request) => seen.push(request));
  count(server, events);
  server.emit('request', { method, url, headers } as unknown as IncomingMessage, responseOf(200));
  return seen;
}

function responseOf(statusCode: number): ServerResponse {
  return Object.assign(new EventEmitter(), { statusCode }) as unknown as ServerResponse;
}

const posted = (count: typeof countRequests, target: string, length = '100') =>
  counted(count, 'POST', { 'x-amz-target': target, 'content-length': length });

describe('countRequests', () => {
  it.each([
    ['a small message', '100', 1],
    ['exactly 64 KB', '65536', 1],
    ['a byte more', '65537', 2],
  ])('counts %s', (_name, length, units) => {
    expect(posted(countRequests, 'AmazonSQS.SendMessage', length)).toEqual([{ service: 'sqs', units }]);
  });

  it.each([
    ['an object that a function puts', 'PUT', '/logs/a'],
    ['a listing', 'GET', '/logs?list-type=2&prefix=signals%2F'],
  ])('counts %s', (_name, method, url) => {
    expect(counted(countRequests, method, {}, url)).toEqual([{ service: 's3', units: 1 }]);
  });

  it.each(['GET', 'HEAD'])('counts %s of an object', (method) => {
    expect(counted(countRequests, method, {}, '/logs/a')).toEqual([{ service: 's3Gets', units: 1 }]);
  });

  it.each(['DynamoDB_20120810.PutItem', 'Firehose_20150804.PutRecordBatch'])('leaves out %s', (target) => {
    expect(posted(countRequests, target)).toEqual([]);
  });

  it('leaves out DELETE of an object', () => {
    expect(counted(countRequests, 'DELETE', {}, '/logs/a')).toEqual([]);
  });

  it.each([
    ['/logs/parquet/type%3Daccess/a.parquet?x-id=PutObject', { 'content-length': '12' }, 200, 12],
    ['/logs/parquet/type=access/a.parquet', { 'content-length': '50', 'x-amz-decoded-content-length': '12' }, 200, 12],
    ['/logs/parquet/type=access/a.parquet', { 'content-length': '12' }, 412, undefined],
    ['/logs', { 'content-length': '12' }, 200, undefined],
  ])('tells of an object that was put, once it is: %s %j %i', (url, headers, status, bytes) => {
    const server = createServer();
    const events: StackEmitter = new EventEmitter();
    const seen: unknown[] = [];
    events.on('put', (object) => seen.push(object));
    countRequests(server, events);
    const response = responseOf(status);
    server.emit('request', { method: 'PUT', url, headers } as unknown as IncomingMessage, response);
    expect(seen).toEqual([]);
    response.emit('finish');
    expect(seen).toEqual(bytes === undefined ? [] : [{ key: 'parquet/type=access/a.parquet', bytes }]);
  });
});

describe('countWrites', () => {
  it.each([
    ['UpdateItem', '100', 1],
    ['PutItem', '1024', 1],
    ['PutItem', '1025', 2],
  ])('counts %s of %s bytes', (operation, length, units) => {
    expect(posted(countWrites, `DynamoDB_20120810.${operation}`, length)).toEqual([{ service: 'dynamodb', units }]);
  });

  it.each(['GetItem', 'Query', 'CreateTable'])('leaves out %s', (operation) => {
    expect(posted(countWrites, `DynamoDB_20120810.${operation}`)).toEqual([]);
  });
});
