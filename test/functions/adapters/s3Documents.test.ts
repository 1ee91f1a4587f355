import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { s3Documents } from '../../../functions/adapters/s3Documents.js';

/** Codes of S3 with their statuses: what is answered next, one after the other; then each write is done. */
let answers: [number, string][] = [];
let requests = 0;
let server: Server;

beforeEach(async () => {
  requests = 0;
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      const [status, code] = answers[requests++] ?? [200, ''];
      response.writeHead(status, { etag: '"new"' });
      response.end(status === 200 ? '' : `<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function documents() {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return s3Documents('logs', new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true }));
}

const conflict: [number, string] = [409, 'ConditionalRequestConflict'];

describe('documents of S3', () => {
  it('are written once more when two are written at the same time', async () => {
    answers = [conflict, conflict];
    expect(await documents().create('a', Buffer.from('1'))).toBe(true);
    expect(requests).toBe(3);
    requests = 0;
    answers = [conflict, [412, 'PreconditionFailed']];
    expect(await documents().replace('a', Buffer.from('1'), '"old"')).toBeUndefined();
  });

  it('tell of a conflict that does not end', async () => {
    answers = Array(20).fill(conflict);
    await expect(documents().create('a', Buffer.from('1'))).rejects.toThrow('ConditionalRequestConflict');
  });

  it('do not take a bucket that is not there for an object that is not', async () => {
    answers = [[404, 'NoSuchBucket']];
    await expect(documents().get('a')).rejects.toThrow('NoSuchBucket');
    requests = 0;
    answers = [[404, 'NoSuchKey']];
    expect(await documents().get('a')).toBeUndefined();
  });
});
