import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { PrefixExpression } from '../../../../local/firehose/dates/prefix.js';
import type { Processor, StreamConfig } from '../../../../local/firehose/stream/streamConfig.js';
import type { StreamFaults } from '../../../../local/firehose/stream/streamFaults.js';
import {
  bytesIn,
  echo,
  flushThroughRetries,
  lambdaProcessor,
  objectsIn,
  openStream,
  testConfig,
} from '../../../helpers/localStream.js';
import { tempFolder } from '../../../helpers/tempFolder.js';

const buffers = (...texts: string[]) => texts.map((text) => Buffer.from(text));
const noFaults: StreamFaults = {
  puts: () => 0,
  invocation: () => undefined,
  store: () => undefined,
  redeliver: () => false,
};
const query: readonly Processor[] = [
  { kind: 'deaggregation', subRecords: 'JSON' },
  { kind: 'metadata', query: '{k: .k}' },
];

/** What a stream without partitions makes of records. */
const plain: StreamConfig = {
  ...testConfig,
  prefix: new PrefixExpression('plain/'),
  processors: [],
  partitioning: undefined,
  extension: '',
};

async function delivered(config: StreamConfig, records: readonly Buffer[], faults = noFaults) {
  const folder = await tempFolder();
  const opened = await openStream(folder, echo, { config, faults });
  opened.stream.start();
  await opened.stream.put(records, 'client');
  await flushThroughRetries(opened);
  await opened.stream.close();
  return { folder, objects: [...(await objectsIn(folder))], ...opened };
}

describe('a stream without a transform', () => {
  it('joins records verbatim under one prefix', async () => {
    const { objects, invocations } = await delivered(plain, buffers('abc', 'abc', 'abc'));
    expect(objects).toEqual([
      [expect.stringMatching(/^plain\/logs-1-2026-11-22-16-45-00-[0-9a-f-]{36}$/), 'abcabcabc'],
    ]);
    expect(invocations).toEqual([]);
  });

  it('puts a line end between the records of an object and none behind the last', async () => {
    const config: StreamConfig = { ...plain, processors: [{ kind: 'appendDelimiter' }] };
    expect((await delivered(config, buffers('abc', 'abc', 'abc'))).objects[0]?.[1]).toBe('abc\nabc\nabc');
  });

  it('compresses objects', async () => {
    const { folder } = await delivered({ ...plain, compression: 'GZIP', extension: '.gz' }, buffers('abc', 'def'));
    const [[key, bytes] = ['', Buffer.alloc(0)]] = await bytesIn(folder);
    expect(key).toMatch(/\.gz$/);
    expect(gunzipSync(bytes).toString()).toBe('abcdef');
  });
});

describe('partition keys from a query', () => {
  const config: StreamConfig = {
    ...testConfig,
    processors: query,
    prefix: new PrefixExpression('by/!{partitionKeyFromQuery:k}/'),
  };

  it('sends each record of an aggregated one to its partition, and what has no key to the errors', async () => {
    const { objects } = await delivered(config, buffers('{"k":"a"}\n{"k":"b"}\n{"x":1}', 'no JSON'));
    const found = objects.map(([key, text]) => [key.split('/logs-')[0]?.split('/dt')[0], text]).sort();
    expect(found).toEqual([
      ['by/a', '{"k":"a"}'],
      ['by/b', '{"k":"b"}'],
      ['failed/metadata-extraction-failed', expect.any(String)],
    ]);
    const errors = String(found[2]?.[1]).trimEnd().split('\n');
    expect(errors.map((line) => JSON.parse(line).errorMessage).sort()).toEqual([
      'Non JSON record provided',
      'partitionKeys values must not be null or empty',
    ]);
    expect(errors.map((line) => Buffer.from(JSON.parse(line).rawData, 'base64').toString()).sort()).toEqual([
      'no JSON',
      '{"x":1}',
    ]);
  });

  it('has at most 500 active partitions', async () => {
    const records = Array.from({ length: 502 }, (_, index) => `{"k":${index}}`);
    const { objects } = await delivered(config, buffers(...records));
    expect(objects.filter(([key]) => key.startsWith('by/'))).toHaveLength(500);
    const [[, errors] = []] = objects.filter(([key]) => key.startsWith('failed/activePartitionExceeded/'));
    expect(errors?.trimEnd().split('\n')).toHaveLength(2);
  });
});

it('gives each record of an aggregated one an id of its own', async () => {
  const processors: readonly Processor[] = [
    { kind: 'deaggregation', subRecords: 'DELIMITED', delimiter: Buffer.from('\n') },
    lambdaProcessor(),
  ];
  const { invocations } = await delivered({ ...testConfig, processors }, buffers('a:1\na:2\n', 'a:3'));
  const records = invocations.flatMap((event) => event.records);
  expect(records.map(({ data }) => Buffer.from(data, 'base64').toString())).toEqual(['a:1', 'a:2', 'a:3']);
  expect(new Set(records.map(({ recordId }) => recordId)).size).toBe(3);
});

it('splits what one record was prepared into among invocations', async () => {
  const processors: readonly Processor[] = [
    { kind: 'deaggregation', subRecords: 'DELIMITED', delimiter: Buffer.from('\n') },
    lambdaProcessor({ bytes: 7, interval: 20_000 }),
  ];
  const { invocations } = await delivered({ ...testConfig, processors }, buffers('a:1\na:2\na:3\n'));
  expect(invocations.map((event) => event.records.length)).toEqual([2, 1]);
});

it('reports a record that can not be decompressed as it came', async () => {
  const { objects } = await delivered({ ...plain, processors: [{ kind: 'decompression' }] }, buffers('no gzip'));
  expect(objects[0]?.[0]).toMatch(/^failed\/decompression-failed\//);
  expect(JSON.parse(String(objects[0]?.[1])).rawData).toBe(Buffer.from('no gzip').toString('base64'));
});

it('backs the source records up as they came, under their own prefix', async () => {
  const backup = {
    prefix: new PrefixExpression('source/'),
    errorPrefix: testConfig.errorPrefix,
    compression: 'UNCOMPRESSED' as const,
    extension: '.raw',
    hints: testConfig.hints,
  };
  const { objects } = await delivered({ ...testConfig, backup }, buffers('a:1', 'b:2'));
  const [[, text] = []] = objects.filter(([key]) => /^source\/logs-1-.*\.raw$/.test(key));
  expect(text).toBe('a:1b:2');
  expect(objects).toHaveLength(3);
});

it('keeps five invocations outstanding and no more', async () => {
  const waiting: (() => void)[] = [];
  let most = 0;
  const config = { ...testConfig, processors: [lambdaProcessor({ bytes: 1, interval: 0 })] };
  const { stream } = await openStream(
    await tempFolder(),
    async (event) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        most = Math.max(most, waiting.length);
        if (waiting.length === 5) for (const release of waiting.splice(0)) setImmediate(release);
      });
      return echo(event);
    },
    { config },
  );
  stream.start();
  await stream.put(buffers(...Array.from({ length: 20 }, (_, index) => `a:${index}`)), 'client');
  await stream.flush();
  expect(most).toBe(5);
  await stream.close();
});

it('takes an updated destination for what comes after it', async () => {
  const folder = await tempFolder();
  const { stream } = await openStream(folder, echo, { config: plain });
  stream.start();
  await stream.put(buffers('old'), 'client');
  await stream.flush();
  stream.reconfigure({ ...plain, version: 2, prefix: new PrefixExpression('new/'), extension: '.txt' });
  await stream.put(buffers('new'), 'client');
  await stream.flush();
  expect([...(await objectsIn(folder))].sort()).toEqual([
    [expect.stringMatching(/^new\/logs-2-.*\.txt$/), 'new'],
    [expect.stringMatching(/^plain\/logs-1-/), 'old'],
  ]);
  await stream.close();
});

describe('faults', () => {
  it('processes a batch again for a redelivery', async () => {
    const { objects, invocations } = await delivered(testConfig, buffers('a:1'), {
      ...noFaults,
      redeliver: () => true,
    });
    expect(objects.map(([, text]) => text)).toEqual(['a:1a:1']);
    expect(invocations[0]?.records).toEqual(invocations[1]?.records);
    expect(invocations[0]?.invocationId).not.toBe(invocations[1]?.invocationId);
  });

  it.each([
    ['error', 'Lambda.FunctionError'],
    ['timeout', 'Lambda.FunctionTimedOut'],
  ] as const)('lets an invocation end in %s without the function', async (fault, code) => {
    const { objects, invocations } = await delivered(testConfig, buffers('a:1'), {
      ...noFaults,
      invocation: () => fault,
    });
    expect(JSON.parse(String(objects[0]?.[1]))).toMatchObject({ attemptsMade: 4, errorCode: code });
    expect(invocations).toEqual([]);
  });

  it('throttles the last records of a put', async () => {
    const { stream } = await openStream(await tempFolder(), echo, { faults: { ...noFaults, puts: () => 2 } });
    expect(await stream.put(buffers('a:1', 'a:2', 'a:3'), 'client')).toBe(1);
    expect(await stream.put(buffers('a:1', 'a:2'), 'client')).toBe(0);
    await stream.close();
  });
});
