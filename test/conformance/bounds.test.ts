/**
 * Where Amazon Data Firehose and Lambda draw the line, and how records are dated: with a function that runs as it
 * would in Lambda, and a clock that stands still.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/limits.html
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessorParameterName } from '@aws-sdk/client-firehose';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { systemClock } from '../../local/firehose/clock.js';
import { Faults } from '../../local/firehose/faults.js';
import type { StreamsOptions } from '../../local/firehose/stream/streams.js';
import { LocalFunction } from '../../local/lambda/localFunction.js';
import {
  bucketObjects,
  createStream,
  type Endpoint,
  errorsIn,
  lambdaProcessing,
  openEndpoint,
  processor,
  putRecords,
  transformArn,
} from '../helpers/firehoseEndpoint.js';
import { tempFolder } from '../helpers/tempFolder.js';

const MiB = 1024 * 1024;

let workerFile: string;
let data: string;
const atEnd: (() => Promise<void>)[] = [];

beforeAll(async () => {
  workerFile = join(await tempFolder(), 'worker.mjs');
  const entryPoints = ['local/lambda/worker.ts'];
  await build({ entryPoints, outfile: workerFile, bundle: true, platform: 'node', format: 'esm' });
});

beforeEach(async () => {
  data = await tempFolder();
});

afterEach(async () => {
  for (const end of atEnd.splice(0)) await end();
});

async function open(more: Partial<StreamsOptions> = {}): Promise<Endpoint> {
  const endpoint = await openEndpoint(data, more);
  atEnd.push(() => endpoint.close());
  return endpoint;
}

/** A function in a thread of its own, as `up` runs it. */
async function handler(source: string, timeout = 30_000): Promise<Partial<StreamsOptions>> {
  const module = join(data, 'handler.mjs');
  await writeFile(module, `export const handler = ${source};`);
  const local = new LocalFunction({
    config: {
      identity: { name: 'transform', arn: transformArn, memoryMB: 256 },
      module,
      handlerName: 'handler',
      timeout,
      environment: {},
      concurrency: 1,
    },
    environment: {},
    region: 'us-east-1',
    workerFile,
    logs: join(data, 'logs'),
  });
  atEnd.push(() => local.stop());
  return { invoke: () => async (event) => (await local.invoke(event)).result };
}

const withLambda = (parameters: Partial<Record<ProcessorParameterName, string>> = {}) => ({
  ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
  Prefix: 'good/',
  ProcessingConfiguration: lambdaProcessing(parameters),
});

const partitioned = {
  ...withLambda(),
  Prefix: '!{partitionKeyFromLambda:type}/',
  BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
  DynamicPartitioningConfiguration: { Enabled: true },
};

describe('a function', () => {
  it('that runs out of time is asked again, then fails the batch with Lambda.FunctionTimedOut (one recording has FunctionError; a real error object has this)', async () => {
    const endpoint = await open(await handler('() => new Promise((resolve) => setTimeout(resolve, 60_000))', 100));
    await createStream(endpoint, withLambda({ NumberOfRetries: '1' }));
    await putRecords(endpoint, ['a', 'b']);
    await endpoint.streams.flush();
    const errors = errorsIn(await bucketObjects(data, 'made'));
    expect(errors.map(({ errorCode, attemptsMade }) => [errorCode, attemptsMade])).toEqual(
      Array(2).fill(['Lambda.FunctionTimedOut', 2]),
    );
    expect(errors[0]?.errorMessage).toBe(
      'The Lambda function invocation timed out. Increase the Timeout setting in the Lambda function.',
    );
  });

  it('that answers with more than 6 MB is asked again, then fails the whole batch with Lambda.FunctionError', async () => {
    const grow = `async ({ records }) => ({ records: records.map(({ recordId }, index) =>
      ({ recordId, result: 'Ok', data: Buffer.alloc(index === 0 ? ${5 * MiB} : 1, 'x').toString('base64') })) })`;
    const endpoint = await open(await handler(grow));
    await createStream(endpoint, withLambda({ NumberOfRetries: '1' }));
    await putRecords(endpoint, ['a', 'b']);
    await endpoint.streams.flush();
    expect(
      errorsIn(await bucketObjects(data, 'made')).map(({ errorCode, attemptsMade }) => [errorCode, attemptsMade]),
    ).toEqual(Array(2).fill(['Lambda.FunctionError', 2]));
  });

  it('may answer with 4.4 MB of data, which is below 6 MB as base64', async () => {
    const grow = `async ({ records }) => ({ records: records.map(({ recordId }) =>
      ({ recordId, result: 'Ok', data: Buffer.alloc(4400000, 'x').toString('base64') })) })`;
    const endpoint = await open(await handler(grow));
    await createStream(endpoint, withLambda());
    await putRecords(endpoint, ['a']);
    await endpoint.streams.flush();
    expect([...(await bucketObjects(data, 'made')).values()].map(({ length }) => length)).toEqual([4_400_000]);
  });

  it('never gets an event of more than 6 MB, however many small records a buffer of 3 MB holds', async () => {
    const endpoint = await open();
    endpoint.transform = ({ records }) => ({
      outcome: 'returned',
      payload: JSON.stringify({ records: records.map(({ recordId }) => ({ recordId, result: 'Dropped' })) }),
    });
    const { Processors = [] } = lambdaProcessing({ BufferSizeInMBs: '3', BufferIntervalInSeconds: '900' });
    const split = processor('RecordDeAggregation', { SubRecordType: 'DELIMITED', Delimiter: 'Cg==' });
    await createStream(endpoint, {
      ...partitioned,
      ProcessingConfiguration: { Enabled: true, Processors: [split, ...Processors] },
    });
    await putRecords(endpoint, Array<string>(90).fill('x\n'.repeat(500)));
    await endpoint.streams.flush();
    expect(endpoint.invocations.flatMap(({ records }) => records)).toHaveLength(45_000);
    expect(endpoint.invocations).toHaveLength(2);
    for (const event of endpoint.invocations) expect(JSON.stringify(event).length).toBeLessThanOrEqual(6 * MiB);
  });
});

describe('active partitions', () => {
  it('are 500; a record of one more goes to activePartitionExceeded, one of those that are open is delivered', async () => {
    const endpoint = await open();
    await createStream(endpoint, partitioned);
    const first = Array.from({ length: 500 }, (_, index) => `k${index}:1`);
    await putRecords(endpoint, [...first, 'one-more:1', 'k0:2']);
    await endpoint.streams.flush();
    const objects = await bucketObjects(data, 'made');
    const keys = [...objects.keys()].map((key) => key.split('/')[0]);
    expect(new Set(keys)).toEqual(new Set(['errors', ...first.map((line) => line.slice(0, -2))]));
    expect([...objects].find(([key]) => key.startsWith('k0/'))?.[1].toString()).toBe('k0:1k0:2');
    expect(errorsIn(objects)).toEqual([
      expect.objectContaining({
        type: 'activePartitionExceeded',
        rawData: Buffer.from('one-more:1').toString('base64'),
      }),
    ]);
  });

  it('are freed by their delivery', async () => {
    const endpoint = await open();
    await createStream(endpoint, partitioned);
    for (const round of ['a', 'b']) {
      await putRecords(
        endpoint,
        Array.from({ length: 300 }, (_, index) => `${round}${index}:1`),
      );
      await endpoint.streams.flush();
    }
    const objects = await bucketObjects(data, 'made');
    expect([objects.size, errorsIn(objects)]).toEqual([600, []]);
  });
});

describe('dates in prefixes', () => {
  const at = (now: () => number) => ({ clock: { ...systemClock, now } });
  const dated = {
    Prefix: 'good/!{timestamp:yyyy-MM-dd-HH}/!{timestamp:mm}/',
    ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd-HH}/',
  };

  it.each([
    [undefined, '2026-11-22-20/45'],
    ['', '2026-11-22-20/45'],
    ['UTC', '2026-11-22-20/45'],
    ['Asia/Tokyo', '2026-11-23-05/45'],
    ['America/New_York', '2026-11-22-15/45'],
    ['Asia/Calcutta', '2026-11-23-02/15'],
  ])('are in UTC unless CustomTimeZone says otherwise: %j', async (CustomTimeZone, folder) => {
    const endpoint = await open(at(() => Date.parse('2026-11-22T20:45:10Z')));
    await createStream(endpoint, { ...dated, ...(CustomTimeZone === undefined ? {} : { CustomTimeZone }) });
    await putRecords(endpoint, ['x']);
    await endpoint.streams.flush();
    expect([...(await bucketObjects(data, 'made')).keys()]).toEqual([
      expect.stringMatching(new RegExp(`^good/${folder}/stream-1-`)),
    ]);
  });

  it('are in the CustomTimeZone for errors as well', async () => {
    const endpoint = await open(at(() => Date.parse('2026-11-22T20:45:10Z')));
    endpoint.transform = ({ records }) => ({
      outcome: 'returned',
      payload: JSON.stringify({
        records: records.map(({ recordId }) => ({ recordId, result: 'ProcessingFailed', data: '' })),
      }),
    });
    await createStream(endpoint, { ...withLambda(), ...dated, CustomTimeZone: 'Asia/Tokyo' });
    await putRecords(endpoint, ['x']);
    await endpoint.streams.flush();
    expect([...(await bucketObjects(data, 'made')).keys()]).toEqual([
      expect.stringMatching(/^errors\/processing-failed\/2026-11-23-05\/stream-1-/),
    ]);
  });

  it("are the arrival of the object's oldest record, the same instant in prefix and name", async () => {
    let now = Date.parse('2026-11-22T20:59:59Z');
    const endpoint = await open(at(() => now));
    await createStream(endpoint, dated);
    await putRecords(endpoint, ['old']);
    now += 5000;
    await putRecords(endpoint, ['new']);
    await endpoint.streams.flush();
    const [[key, bytes] = []] = await bucketObjects(data, 'made');
    expect([key, bytes?.toString()]).toEqual([
      expect.stringMatching(/^good\/2026-11-22-20\/59\/stream-1-2026-11-22-20-59-59-/),
      'oldnew',
    ]);
  });
});

describe('at-least-once delivery', () => {
  it('on demand takes a batch through the transform twice, with the same recordIds, and delivers both', async () => {
    const endpoint = await open({ more: { faults: new Faults({ redelivery: 1 }) } });
    await createStream(endpoint, withLambda());
    await putRecords(endpoint, ['a', 'b']);
    await endpoint.streams.flush();
    const [first, second, ...others] = endpoint.invocations;
    expect(others).toEqual([]);
    expect(second?.records).toEqual(first?.records);
    expect(second?.invocationId).not.toBe(first?.invocationId);
    expect([...(await bucketObjects(data, 'made')).values()].join('')).toBe('abab');
  });
});
