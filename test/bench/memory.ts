import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { lambda } from '../../shared/limits.js';
import type { IncomingRecord } from '../../shared/record/read.js';
import type { Corpus } from './corpus.js';
import { recordsOf } from './invocation.js';

/** One invocation of the built function, as large as Firehose makes it, in a process of its own. */
export interface MemoryResult {
  readonly records: number;
  readonly compressedBytes: number;
  /** FireLens records with their lines, and the lines alone. */
  readonly inflatedBytes: number;
  readonly lines: number;
  readonly peakBytes: number;
  /** After five invocations in the same process. */
  readonly warmPeakBytes: number;
  readonly responseBytes: number;
  readonly responseLimit: number;
}

/** What memory.bench.ts prints. */
export interface MemorySample extends Pick<MemoryResult, 'peakBytes' | 'warmPeakBytes' | 'responseBytes'> {
  /** Of all threads, in the first invocation. */
  readonly cpuSeconds: number;
}

/** As infra/resources/firehose.yml sets it. */
export const INVOCATION_BYTES = 3 * 2 ** 20;

/** @param corpus that fills one invocation */
export async function measureMemory(corpus: Corpus): Promise<MemoryResult> {
  const { peakBytes, warmPeakBytes, responseBytes } = await invokeAlone(recordsOf(corpus), 5);
  return {
    records: corpus.records.length,
    compressedBytes: compressedBytes(corpus.records),
    inflatedBytes: corpus.inflatedBytes,
    lines: corpus.lines,
    ...{ peakBytes, warmPeakBytes, responseBytes },
    responseLimit: lambda.maxPayloadBytes,
  };
}

/** Invokes the built function in a process of its own, as often as told, with the same records. */
export async function invokeAlone(records: readonly IncomingRecord[], invocations: number): Promise<MemorySample> {
  const folder = await mkdtemp(join(tmpdir(), 'firesplit-bench-'));
  const queue = await signalQueue();
  try {
    const event = join(folder, 'event.json');
    const deliveryStreamArn = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/logs';
    await writeFile(event, JSON.stringify({ deliveryStreamArn, region: 'us-east-1', records }));
    const { port } = queue.address() as AddressInfo;
    const program = [resolve('dist/bench/memory.bench.mjs'), event, String(invocations)];
    const { stdout } = await promisify(execFile)(process.execPath, program, {
      maxBuffer: 64 * 2 ** 20,
      env: {
        ...process.env,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'bench',
        AWS_SECRET_ACCESS_KEY: 'bench',
        AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${port}`,
        SIGNALS_QUEUE_URL: `http://127.0.0.1:${port}/000000000000/signals`,
        POWERTOOLS_METRICS_DISABLED: 'true',
      },
    });
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as MemorySample;
  } finally {
    queue.close();
    await rm(folder, { recursive: true, force: true });
  }
}

export function compressedBytes(records: readonly string[]): number {
  return records.reduce((sum, data) => sum + Buffer.byteLength(data, 'base64'), 0);
}

/** Takes every message: rules match in most invocations, and the SQS client is part of what a function holds then. */
async function signalQueue(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const { MessageBody } = JSON.parse(await text(request)) as { readonly MessageBody: string };
    const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify({ MessageId: '1', MD5OfMessageBody }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
