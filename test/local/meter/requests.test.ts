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
  const put = (value: string, place?: number, pk = 'key#pay') => ({
    ...{ TableName: 'alerts', ConditionExpression: 'attribute_not_exists(pk)' },
    Item: {
      ...{ pk: { S: pk }, value: { B: Buffer.from(value).toString('base64') } },
      ...(place === undefined ? {} : { agenda: { S: 'sweep#1' }, at: { N: `${place}` } }),
    },
  });
  /** What requests come to, one after the other. */
  const billed = (...requests: readonly (readonly [operation: string, body: unknown, status?: number])[]) => {
    const server = createServer();
    const events: StackEmitter = new EventEmitter();
    const units: unknown[] = [];
    events.on('requested', (request) => units.push(request.units));
    countWrites(server, events);
    for (const [operation, body, status = 200] of requests) {
      const headers = { 'x-amz-target': `DynamoDB_20120810.${operation}` };
      const request = Object.assign(new EventEmitter(), { method: 'POST', url: '/', headers });
      const response = responseOf(status);
      server.emit('request', request, response);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      // As it comes, and decoded by whoever answers.
      request.emit('data', Buffer.from(text.slice(0, 10)));
      request.emit('data', text.slice(10));
      response.emit('finish');
    }
    return units;
  };
  const overhead = 'pk'.length + 'key#pay'.length + 'value'.length;

  it('counts each KB of the item that is begun, not of the request', () => {
    expect(billed(['PutItem', put('x'.repeat(1024 - overhead))])).toEqual([1]);
    expect(billed(['PutItem', put('x'.repeat(1025 - overhead))])).toEqual([2]);
    expect(billed(['PutItem', put('x'.repeat(3500))])).toEqual([4]);
  });

  it('counts the item before when that is larger, also where it is only removed', () => {
    const remove = { TableName: 'alerts', Key: { pk: { S: 'key#pay' } } };
    expect(billed(['PutItem', put('x'.repeat(3500))], ['PutItem', put('x')], ['PutItem', put('x')])).toEqual([4, 4, 1]);
    expect(billed(['PutItem', put('x'.repeat(3500))], ['DeleteItem', remove], ['DeleteItem', remove])).toEqual([
      4, 4, 1,
    ]);
    expect(billed(['UpdateItem', remove])).toEqual([1]);
  });

  it('counts rows of the index that come, move and go', () => {
    const [first, second] = [put('x', 1), put('x', 2)];
    expect(billed(['PutItem', first], ['PutItem', first], ['PutItem', second], ['PutItem', put('x')])).toEqual([
      2, 1, 3, 2,
    ]);
  });

  it('counts one whose condition did not hold, which moves nothing', () => {
    const moved = put('x', 2);
    expect(billed(['PutItem', put('x', 1)], ['PutItem', moved, 400], ['PutItem', put('x', 1)])).toEqual([2, 1, 1]);
  });

  it('leaves out what reads, and what is no request', () => {
    for (const operation of ['GetItem', 'Query', 'CreateTable']) expect(billed([operation, put('x')])).toEqual([]);
    for (const body of ['{', '[]', '7777777777777']) expect(billed(['PutItem', body])).toEqual([]);
  });
});
