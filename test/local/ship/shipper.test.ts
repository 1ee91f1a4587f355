import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { fireLensRecord } from '../../../local/ship/collector.js';
import { billedBytes, regionOf, ship } from '../../../local/ship/shipper.js';

/** A stream that keeps what it is sent, and refuses every third record once. */
let server: Server;
let endpoint: string;
let requests: Buffer[][] = [];
let throttle = false;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { Records } = (await json(request)) as { Records: { Data: string }[] };
    const refused = Records.map((_, index) => throttle && index % 3 === 0);
    throttle = false;
    requests.push(Records.filter((_, index) => !refused[index]).map(({ Data }) => Buffer.from(Data, 'base64')));
    const RequestResponses = refused.map((no) =>
      no ? { ErrorCode: 'ServiceUnavailableException' } : { RecordId: 'r' },
    );
    response
      .setHeader('content-type', 'application/x-amz-json-1.1')
      .end(JSON.stringify({ FailedPutCount: refused.filter(Boolean).length, RequestResponses }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  requests = [];
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const records = Array.from({ length: 1200 }, (_, index) =>
  fireLensRecord({ service: 'web', source: 'stdout', log: `line ${index}` }),
);

it('sends one gzipped aggregate with a blank line at its end', async () => {
  const shipped = await ship(records, { endpoint, stream: 'logs' });
  expect(requests.flat().map((data) => gunzipSync(data).toString())).toEqual([`${records.join('')}\n`]);
  expect(shipped).toMatchObject({ lines: 1200, records: 1, requests: 1 });
  expect(shipped.billed).toBe(billedBytes(shipped.sent));
});

it('cuts aggregates at the size of a record', async () => {
  const long = Array.from({ length: 3 }, () => `${'x'.repeat(600_000)}\n`);
  await ship(long, { endpoint, stream: 'logs' });
  expect(requests.map((data) => data.length)).toEqual([1, 1, 1]);
});

it('sends lines one by one when plain, and again those that were refused', async () => {
  throttle = true;
  const shipped = await ship(records, { endpoint, stream: 'logs', plain: true });
  expect(requests.map((data) => data.length)).toEqual([333, 167, 500, 200]);
  expect(new Set(requests.flat().map(String))).toEqual(new Set(records));
  expect(shipped).toMatchObject({ lines: 1200, records: 1200, requests: 3, billed: 1200 * 5120 });
});

it.each([
  ['https://firehose.eu-central-1.amazonaws.com', 'eu-central-1'],
  ['https://firehose-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
  ['https://vpce-0a1b-2c3d.firehose.us-east-1.vpce.amazonaws.com', 'us-east-1'],
  ['http://127.0.0.1:4573', undefined],
])('signs for the region of %s', (address, region) => {
  expect(regionOf(address)).toBe(region);
});
