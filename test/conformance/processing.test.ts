/**
 * What Amazon Data Firehose does with records between a put and the bucket.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 */
import { gunzipSync } from 'node:zlib';
import type { ExtendedS3DestinationConfiguration, ProcessorParameterName } from '@aws-sdk/client-firehose';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  bucketObjects,
  createStream,
  destination,
  type Endpoint,
  errorsIn,
  lambdaProcessing,
  openEndpoint,
  putRecords,
} from '../helpers/firehoseEndpoint.js';
import { type EventRecord, returned, type TransformEvent, threw } from '../helpers/localStream.js';
import { tempFolder } from '../helpers/tempFolder.js';

let data: string;
let endpoint: Endpoint;

beforeEach(async () => {
  data = await tempFolder();
  endpoint = await openEndpoint(data);
});

afterEach(() => endpoint.close());

/** What a stream of this destination makes of lines, by key. */
async function delivered(
  lines: readonly string[],
  more: Partial<ExtendedS3DestinationConfiguration>,
): Promise<Map<string, Buffer>> {
  await createStream(endpoint, more);
  await putRecords(endpoint, lines);
  await endpoint.streams.flush();
  return bucketObjects(data, 'made');
}

const only = (objects: Map<string, Buffer>): [key: string, bytes: Buffer] => {
  const [first, ...others] = objects;
  if (!first || others.length > 0) throw new Error(`one object was expected, found ${[...objects.keys()].join(', ')}`);
  return first;
};

const withLambda = (parameters: Partial<Record<ProcessorParameterName, string>> = {}) => ({
  ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
  Prefix: 'good/',
  ProcessingConfiguration: lambdaProcessing(parameters),
});

const partitioned = {
  ...withLambda(),
  Prefix: 'k=!{partitionKeyFromLambda:type}/',
  BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
  DynamicPartitioningConfiguration: { Enabled: true },
};

const ok = ({ recordId, data }: EventRecord) => ({ recordId, result: 'Ok', data });

describe('objects', () => {
  it('are named <prefix><stream>-<version>-<yyyy-MM-dd-HH-mm-ss>-<uuid>, below yyyy/MM/dd/HH/ without a Prefix', async () => {
    const [key] = only(await delivered(['x'], {}));
    expect(key).toMatch(
      /^\d{4}\/\d\d\/\d\d\/\d\d\/stream-1-\d{4}(-\d\d){5}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    );
  });

  it('hold the records joined verbatim, without a delimiter', async () => {
    const [, bytes] = only(await delivered(['abc', 'abc', 'abc'], {}));
    expect(bytes.toString()).toBe('abcabcabc');
  });

  it('have the date right behind a Prefix without expressions, with no slash between', async () => {
    const [key] = only(await delivered(['x'], { Prefix: 'legacy' }));
    expect(key).toMatch(/^legacy\d{4}\/\d\d\/\d\d\/\d\d\/stream-1-/);
  });

  it('have nothing behind a Prefix with any expression (recorded; the docs say only a timestamp expression counts)', async () => {
    const Prefix = 'r/!{firehose:random-string}/';
    const [key] = only(await delivered(['x'], { Prefix, ErrorOutputPrefix: 'e/!{firehose:error-output-type}/' }));
    expect(key).toMatch(/^r\/[A-Za-z0-9]{11}\/stream-1-/);
  });

  it('end in .gz with GZIP, unless FileExtension replaces it', async () => {
    const [key, bytes] = only(
      await delivered(['one\n', 'two\n'], { CompressionFormat: 'GZIP', FileExtension: '.json.gz' }),
    );
    expect(key).toMatch(/[0-9a-f]{12}\.json\.gz$/);
    expect(gunzipSync(bytes).toString()).toBe('one\ntwo\n');
  });

  it.each([
    ['GZIP', '.gz'],
    ['ZIP', '.zip'],
    ['Snappy', '.snappy'],
    ['HADOOP_SNAPPY', '.snappy'],
  ] as const)(
    'of %s end in %s (for Hadoop Snappy the docs say .hsnappy, the service delivers .snappy)',
    async (CompressionFormat, extension) => {
      const [key] = only(await delivered(['x'], { CompressionFormat }));
      expect(key.endsWith(extension) && !key.endsWith('.hsnappy')).toBe(true);
    },
  );

  it('have LF between their records with AppendDelimiterToRecord, but not after the last (recorded; the docs show it as a parameter)', async () => {
    const Processors = [{ Type: 'AppendDelimiterToRecord' as const }];
    const [, bytes] = only(await delivered(['a', 'b'], { ProcessingConfiguration: { Enabled: true, Processors } }));
    expect(bytes.toString()).toBe('a\nb');
  });
});

describe('the transform', () => {
  it('gets invocationId, deliveryStreamArn, region and records with recordId, arrival in ms and base64 data', async () => {
    await delivered(['one', ''], withLambda());
    expect(endpoint.invocations).toEqual([
      {
        invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        deliveryStreamArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/stream',
        region: 'us-east-1',
        records: ['b25l', ''].map((data) => ({
          recordId: expect.stringMatching(/^\d+$/),
          approximateArrivalTimestamp: expect.any(Number),
          data,
        })),
      },
    ]);
  });

  it('is asked again as often as NumberOfRetries says, with a new invocationId and the same records', async () => {
    endpoint.transform = () => threw;
    const objects = await delivered(['one'], withLambda({ NumberOfRetries: '2' }));
    const [first, ...others] = endpoint.invocations;
    expect(others).toHaveLength(2);
    expect(new Set(endpoint.invocations.map(({ invocationId }) => invocationId)).size).toBe(3);
    for (const other of others) expect(other.records).toEqual(first?.records);
    expect(errorsIn(objects)).toEqual([
      expect.objectContaining({
        type: 'processing-failed',
        attemptsMade: 3,
        errorCode: 'Lambda.FunctionError',
        errorMessage: 'The Lambda function was successfully invoked but it returned an error result.',
        rawData: Buffer.from('one').toString('base64'),
        arrivalTimestamp: expect.any(Number),
        attemptEndingTimestamp: expect.any(Number),
      }),
    ]);
  });

  it('that does not exist fails its records with Lambda.ResourceNotFound; the put is accepted all the same', async () => {
    const LambdaArn = 'arn:aws:lambda:us-east-1:000000000000:function:missing';
    const objects = await delivered(['one'], withLambda({ LambdaArn, NumberOfRetries: '0' }));
    expect(errorsIn(objects)).toEqual([expect.objectContaining({ errorCode: 'Lambda.ResourceNotFound' })]);
  });

  it('drops without a trace, and fails single records while the others are delivered', async () => {
    const results = ['Ok', 'Dropped', 'ProcessingFailed'];
    endpoint.transform = ({ records }) =>
      returned(records.map((record, index) => ({ ...ok(record), result: results[index] })));
    const objects = await delivered(['a', 'b', 'c'], withLambda());
    expect([...objects].filter(([key]) => key.startsWith('good')).map(([, bytes]) => bytes.toString())).toEqual(['a']);
    expect(errorsIn(objects)).toEqual([
      expect.objectContaining({
        errorCode: 'Lambda.ProcessingFailedStatus',
        errorMessage: 'ProcessingFailed status set for record',
        rawData: Buffer.from('c').toString('base64'),
        attemptsMade: 1,
      }),
    ]);
  });

  it.each<[string, (event: TransformEvent) => unknown[], string, readonly string[]]>([
    [
      'leaves an id out: the missing records fail',
      ({ records }) => records.slice(1).map(ok),
      'Lambda.MissingRecordId',
      ['a'],
    ],
    [
      'invents an id: it is passed over, and the one that it stands for is missing',
      ({ records }) => records.map((record, index) => (index === 0 ? { ...ok(record), recordId: 'x' } : ok(record))),
      'Lambda.MissingRecordId',
      ['a'],
    ],
    [
      'returns an id twice: that record fails (one recording has the whole batch fail; we lose fewer lines)',
      ({ records }) => [...records.map(ok), ...records.slice(0, 1).map(ok)],
      'Lambda.DuplicatedRecordId',
      ['a'],
    ],
    [
      'returns an unknown result: the batch fails',
      ({ records }) => records.map((record) => ({ ...ok(record), result: 'Fine' })),
      'Lambda.FunctionError',
      ['a', 'b'],
    ],
  ])('that %s, and is not asked again', async (_, answer, errorCode, failed) => {
    endpoint.transform = (event) => returned(answer(event) as object[]);
    const errors = errorsIn(await delivered(['a', 'b'], withLambda()));
    expect(endpoint.invocations).toHaveLength(1);
    expect(errors.map((error) => [error.errorCode, error.attemptsMade, error.rawData])).toEqual(
      failed.map((line) => [errorCode, 1, Buffer.from(line).toString('base64')]),
    );
  });
});

describe('an answer of the transform', () => {
  it.each([
    ['is not JSON: Lambda.JsonProcessingException', 'not json', 'Lambda.JsonProcessingException'],
    [
      'has no array of records: all are missing (one recording has Lambda.FunctionError; this one is in more sources)',
      '{"statusCode":200}',
      'Lambda.MissingRecordId',
    ],
    ['is null: all are missing', 'null', 'Lambda.MissingRecordId'],
  ])('that %s, for the whole batch, and is not asked for again', async (_, payload, errorCode) => {
    endpoint.transform = () => ({ outcome: 'returned', payload });
    const errors = errorsIn(await delivered(['a', 'b'], withLambda()));
    expect(endpoint.invocations).toHaveLength(1);
    expect(errors.map((error) => [error.type, error.errorCode, error.attemptsMade])).toEqual(
      Array(2).fill(['processing-failed', errorCode, 1]),
    );
  });

  it.each([
    ['bad base64 fails the batch', { data: '*' }, ['a', 'b']],
    ['Ok without data fails that record: The data field cannot be null', { data: null }, ['a']],
  ])('with %s', async (_, change, failed) => {
    endpoint.transform = ({ records }) =>
      returned(records.map((record, index) => ({ ...ok(record), ...(index === 0 ? change : {}) })));
    const errors = errorsIn(await delivered(['a', 'b'], withLambda()));
    expect(errors.map((error) => [error.errorCode, error.rawData])).toEqual(
      failed.map((line) => ['Lambda.FunctionError', Buffer.from(line).toString('base64')]),
    );
    if (failed.length === 1) expect(errors[0]?.errorMessage).toMatch(/^The data field cannot be null /);
  });
});

describe('dynamic partitioning', () => {
  it('delivers one object for each evaluated prefix', async () => {
    const objects = await delivered(['a:1\n', 'b:1\n', 'a:2\n'], partitioned);
    expect([...objects].map(([key, bytes]) => [key.split('/')[0], bytes.toString()]).sort()).toEqual([
      ['k=a', 'a:1\na:2\n'],
      ['k=b', 'b:1\n'],
    ]);
  });

  it.each([
    ['missing', {}],
    ['null', { type: null }],
    ['empty', { type: '' }],
  ])('fails a record whose key is %s: partitionKeys values must not be null or empty', async (_, partitionKeys) => {
    endpoint.transform = ({ records }) =>
      returned(records.map((record) => ({ ...ok(record), metadata: { partitionKeys } })));
    expect(errorsIn(await delivered(['a'], partitioned))).toEqual([
      expect.objectContaining({
        errorCode: 'DynamicPartitioning.MetadataExtractionFailed',
        errorMessage: 'partitionKeys values must not be null or empty',
        rawData: Buffer.from('a').toString('base64'),
      }),
    ]);
  });

  it('takes keys from a query on JSON, and fails what is none: Non JSON record provided', async () => {
    const Parameters = [
      { ParameterName: 'MetadataExtractionQuery' as const, ParameterValue: '{k:.k}' },
      { ParameterName: 'JsonParsingEngine' as const, ParameterValue: 'JQ-1.6' },
    ];
    const objects = await delivered(['{"k":"x"}', 'no json'], {
      ...partitioned,
      Prefix: 'k=!{partitionKeyFromQuery:k}/',
      ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'MetadataExtraction', Parameters }] },
    });
    expect([...objects.keys()].filter((key) => key.startsWith('k=x/'))).toHaveLength(1);
    expect(errorsIn(objects)).toEqual([expect.objectContaining({ errorMessage: 'Non JSON record provided' })]);
  });
});

describe('S3 backup', () => {
  it('keeps the source records as they came, below its own prefix', async () => {
    endpoint.transform = ({ records }) => returned(records.map((record) => ({ ...ok(record), result: 'Dropped' })));
    const S3BackupConfiguration = { ...destination(), Prefix: 'source/' };
    const [key, bytes] = only(
      await delivered(['one', 'two'], { ...withLambda(), S3BackupMode: 'Enabled', S3BackupConfiguration }),
    );
    expect([key.startsWith('source/'), bytes.toString()]).toEqual([true, 'onetwo']);
  });

  it('has a bucket and a compression of its own, and keeps what the transform failed as well', async () => {
    endpoint.transform = () => threw;
    const BucketARN = 'arn:aws:s3:::kept';
    const S3BackupConfiguration = { ...destination({ BucketARN }), CompressionFormat: 'GZIP' as const };
    const more = { ...withLambda({ NumberOfRetries: '0' }), S3BackupMode: 'Enabled' as const, S3BackupConfiguration };
    expect(errorsIn(await delivered(['one', 'two'], more))).toHaveLength(2);
    const [key, bytes] = only(await bucketObjects(data, 'kept'));
    expect(key).toMatch(/^\d{4}\/\d\d\/\d\d\/\d\d\/stream-1-.*\.gz$/);
    expect(gunzipSync(bytes).toString()).toBe('onetwo');
  });
});
