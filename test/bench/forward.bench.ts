import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { sinkOf } from '../../functions/adapters/sinks/index.js';
import { forwardObject } from '../../shared/forward/forwardObject.js';
import { datadog } from '../../shared/limits.js';
import { prices } from '../../shared/prices.js';
import { MemoryDocuments } from '../helpers/forwardWorld.js';
import { startWebServer } from '../helpers/webServer.js';

/**
 * `npm run bench:forward`: what it takes to forward a GB of rows to Datadog, in the function's own time and by AWS's prices. The
 * sink answers at once: what a real one takes is waiting, which costs memory and no work.
 */
const rows = 200_000;
/** infra/functions.yml. Lambda gives a vCPU for each 1,769 MB. */
const memoryMB = 1024;
const cpus = memoryMB / 1769;

const lines = Array.from({ length: rows }, (_, index) =>
  JSON.stringify({
    ts: '2026-11-22 16:41:02.123',
    service: 'payments',
    source: 'stdout',
    task: '0123456789abcdef0123456789abcdef',
    cluster: 'prod',
    level: index % 20 === 0 ? 'error' : 'info',
    message: `order ${index} of ${randomUUID()} was charged after ${(index * 7919) % 3000} ms by the card processor of the shop`,
    logger: 'com.shop.payments.Charge',
    trace_id: randomUUID().replaceAll('-', ''),
    fields: JSON.stringify({ order: index, amount: (index * 31) % 10_000, currency: 'EUR', customer: randomUUID() }),
    record: '79cc5S5WbcsmoKxiBpt6P',
    line: index + 1,
  }),
);
const content = gzipSync(lines.map((line) => `${line}\n`).join(''));
let wire = 0;
const server = await startWebServer((request, response) => {
  request.on('data', (chunk: Buffer) => {
    wire += chunk.length;
  });
  request.on('end', () => response.writeHead(202).end('{}'));
});

const config = { datadog: { url: `${server.url}/api/v2/logs`, api_key_parameter: 'key' } };
const sink = sinkOf(config, { read: async () => 'key', nameOf: (name) => name });
const object = { bucket: 'logs', key: 'logs/type=app/arrived=2026-11-22-16/a.gz', etag: 'e', landed: Date.now() };
const before = process.cpuUsage();
const outcome = await forwardObject(
  object,
  { id: 'w', until: Number.POSITIVE_INFINITY },
  { types: ['app'], maxAge: Number.POSITIVE_INFINITY },
  {
    sink,
    documents: new MemoryDocuments(),
    clock: { now: Date.now, pause: async () => undefined },
    open: async () => chunks(content),
  },
);
const { user, system } = process.cpuUsage(before);
await server.stop();
if (outcome.state !== 'done' || outcome.sent !== rows) throw new Error(`not all was sent: ${JSON.stringify(outcome)}`);

const gb = outcome.bytes / 1e9;
const cpuSeconds = (user + system) / 1e6 / gb;
const requests = outcome.requests / gb;
/** Seconds that a sink takes for a request, supposed. */
const answer = 0.2;
const lambda = (cpuSeconds / cpus + requests * answer) * (memoryMB / 1024) * prices.lambdaPerGbSecond.arm64;
const notes = (requests / 1000) * prices.s3Per1000Puts;
const transfer = (wire / outcome.bytes) * prices.transferOutPerGb;
const usd = (value: number) => `$${value.toFixed(4)}`;
console.log(
  `${rows.toLocaleString('en-US')} rows, ${(outcome.bytes / 1e6).toFixed(0)} MB as entries, ${datadog.maxRequestEntries} a request`,
);
console.log(
  `for each GB of entries: ${Math.round(requests)} requests, ${cpuSeconds.toFixed(1)} s of a CPU, ${((wire / outcome.bytes) * 1000).toFixed(0)} MB over the wire`,
);
console.log(
  `Lambda ${usd(lambda)} (with ${answer} s an answer), notes in S3 ${usd(notes)}, transfer out ${usd(transfer)}: ${usd(lambda + notes + transfer)}`,
);

async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
