import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { sqs } from '../../shared/limits.js';
import type { StackEmitter } from '../events.js';
import { type Write, WriteUnits } from './writeUnits.js';

/** Tells of each request to a server of the stack that S3 or SQS would bill, refused or not, and of objects that were put. */
export function countRequests(server: Server, events: StackEmitter): void {
  server.on('request', ({ method, url = '', headers }: IncomingMessage, response: ServerResponse) => {
    const target = String(headers['x-amz-target']);
    if (target.startsWith('AmazonSQS.')) {
      events.emit('requested', { service: 'sqs', units: sqsUnits(Number(headers['content-length'])) });
    } else if (method === 'PUT' || (method === 'GET' && url.includes('list-type=2'))) {
      events.emit('requested', { service: 's3', units: 1 });
      if (method === 'PUT') response.once('finish', () => tellOfObject(url, headers, response, events));
    } else if (method === 'GET' || method === 'HEAD') {
      events.emit('requested', { service: 's3Gets', units: 1 });
    }
  });
}

/** A bucket stands before the key. The whole of an object that is put in chunks has a header of its own. */
function tellOfObject(
  url: string,
  headers: IncomingMessage['headers'],
  { statusCode }: ServerResponse,
  events: StackEmitter,
): void {
  const key = /^\/[^/]+\/([^?]+)/.exec(url)?.[1];
  if (statusCode !== 200 || key === undefined) return;
  const bytes = Number(headers['x-amz-decoded-content-length'] ?? headers['content-length'] ?? 0);
  events.emit('put', { key: decodeURIComponent(key), bytes });
}

/** The same for DynamoDB's own server, to which the front passes its requests on. */
export function countWrites(server: Server, events: StackEmitter): void {
  const billed = new WriteUnits();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!writes.test(String(request.headers['x-amz-target']))) return;
    const parts: Buffer[] = [];
    // Whoever answers may have it decoded.
    request.on('data', (part: Buffer | string) => parts.push(Buffer.from(part as string)));
    response.once('finish', () => {
      const write = written(Buffer.concat(parts));
      if (write)
        events.emit('requested', { service: 'dynamodb', units: billed.of(write, response.statusCode === 200) });
    });
  });
}

const writes = /^DynamoDB_\d+\.(Put|Update|Delete)Item$/;

/** Undefined for what is no request of that kind, which DynamoDB refuses and does not bill. */
function written(body: Buffer): Write | undefined {
  try {
    const write = JSON.parse(body.toString()) as Partial<Write>;
    return write.TableName === undefined ? undefined : { ...write, TableName: write.TableName };
  } catch {
    return undefined;
  }
}

/** Each 64 KB of a payload is a request: https://aws.amazon.com/sqs/pricing/ */
export function sqsUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / sqs.billedTogether));
}
