/**
 * What the processors of Amazon Data Firehose other than Lambda do, seen by an SDK client.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs-decompression.html
 * @see https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html
 */
import { gzipSync } from 'node:zlib';
import type { ExtendedS3DestinationConfiguration, Processor } from '@aws-sdk/client-firehose';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  bucketObjects,
  createStream,
  type Endpoint,
  errorsIn,
  openEndpoint,
  processor,
  putRecords,
  transformArn,
} from '../helpers/firehoseEndpoint.js';
import { returned } from '../helpers/localStream.js';
import { tempFolder } from '../helpers/tempFolder.js';

let data: string;
let endpoint: Endpoint;

beforeEach(async () => {
  data = await tempFolder();
  endpoint = await openEndpoint(data);
});

afterEach(() => endpoint.close());

/** What a stream of this destination makes of records, by key. */
async function delivered(
  records: readonly (string | Buffer)[],
  more: Partial<ExtendedS3DestinationConfiguration>,
): Promise<Map<string, Buffer>> {
  await createStream(endpoint, { ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/', ...more });
  await putRecords(endpoint, records);
  await endpoint.streams.flush();
  return bucketObjects(data, 'made');
}

const processing = (...Processors: Processor[]) => ({ ProcessingConfiguration: { Enabled: true, Processors } });

/** The objects that are no errors, by the first folder of their keys. */
const contents = (objects: Map<string, Buffer>): [folder: string | undefined, text: string][] =>
  [...objects]
    .filter(([key]) => !key.startsWith('errors/'))
    .map(([key, bytes]): [string | undefined, string] => [key.split('/')[0], bytes.toString()])
    .sort();

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

describe('Decompression of CloudWatch Logs', () => {
  const envelope = (messageType: string, ...messages: string[]) =>
    JSON.stringify({
      messageType,
      owner: messageType === 'DATA_MESSAGE' ? '000000000000' : 'CloudwatchLogs',
      logGroup: '/app',
      logStream: 'web',
      subscriptionFilters: ['all'],
      logEvents: messages.map((message, id) => ({ id: String(id), timestamp: 1_795_363_200_000, message })),
    });
  const decompression = processor('Decompression', { CompressionFormat: 'GZIP' });
  const extraction = (DataMessageExtraction: string) => processor('CloudWatchLogProcessing', { DataMessageExtraction });
  const Prefix = 'logs/';

  it('delivers the JSON that CloudWatch Logs compressed', async () => {
    const logs = envelope('DATA_MESSAGE', 'one', 'two');
    const objects = await delivered([gzipSync(logs)], { Prefix, ...processing(decompression) });
    expect(contents(objects)).toEqual([['logs', logs]]);
  });

  it('with DataMessageExtraction delivers nothing but the messages, each on a line of its own', async () => {
    const records = [envelope('DATA_MESSAGE', 'one', 'two'), envelope('DATA_MESSAGE', 'three')].map((each) =>
      gzipSync(each),
    );
    const objects = await delivered(records, { Prefix, ...processing(decompression, extraction('true')) });
    expect(contents(objects)).toEqual([['logs', 'one\ntwo\nthree\n']]);
  });

  it.each(['true', 'false'])(
    'drops a CONTROL_MESSAGE without a trace (DataMessageExtraction %s)',
    async (extracting) => {
      const records = [gzipSync(envelope('CONTROL_MESSAGE', 'CWL CONTROL MESSAGE: Checking health.'))];
      const objects = await delivered(records, { Prefix, ...processing(decompression, extraction(extracting)) });
      expect(objects.size).toBe(0);
    },
  );

  it('comes before the transform, whatever their order in the request', async () => {
    const lambda = processor('Lambda', { LambdaArn: transformArn });
    const records = [gzipSync(envelope('DATA_MESSAGE', 'one', 'two'))];
    await delivered(records, { Prefix, ...processing(lambda, extraction('true'), decompression) });
    expect(endpoint.invocations.map(({ records }) => records.map((each) => each.data))).toEqual([
      [base64('one\ntwo\n')],
    ]);
  });

  it('keeps the compressed original in rawData when the transform fails what was decompressed', async () => {
    endpoint.transform = ({ records }) => returned(records.map((each) => ({ ...each, result: 'ProcessingFailed' })));
    const record = gzipSync(envelope('DATA_MESSAGE', 'one'));
    const lambda = processor('Lambda', { LambdaArn: transformArn });
    const objects = await delivered([record], { Prefix, ...processing(decompression, extraction('true'), lambda) });
    expect(errorsIn(objects)).toEqual([
      expect.objectContaining({ type: 'processing-failed', rawData: base64(record) }),
    ]);
  });

  it('sends what can not be decompressed to decompression-failed as it came, and delivers its neighbours', async () => {
    const damaged = gzipSync(envelope('DATA_MESSAGE', 'lost')).subarray(0, 40);
    const records = ['no gzip', gzipSync(envelope('DATA_MESSAGE', 'kept')), damaged];
    const objects = await delivered(records, { Prefix, ...processing(decompression, extraction('true')) });
    expect(contents(objects)).toEqual([['logs', 'kept\n']]);
    expect(errorsIn(objects).map(({ type, rawData }) => [type, rawData])).toEqual([
      ['decompression-failed', base64('no gzip')],
      ['decompression-failed', base64(damaged)],
    ]);
  });
});

const partitioned = {
  BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
  DynamicPartitioningConfiguration: { Enabled: true },
};

const byQuery = (MetadataExtractionQuery: string) =>
  processor('MetadataExtraction', { MetadataExtractionQuery, JsonParsingEngine: 'JQ-1.6' });

describe('RecordDeAggregation', () => {
  const json = processor('RecordDeAggregation', { SubRecordType: 'JSON' });
  const delimited = (Delimiter: string) =>
    processor('RecordDeAggregation', { SubRecordType: 'DELIMITED', Delimiter: base64(Delimiter) });
  const byK = { ...partitioned, Prefix: '!{partitionKeyFromQuery:k}/' };
  const byType = { ...partitioned, Prefix: '!{partitionKeyFromLambda:type}/' };
  const lambda = processor('Lambda', { LambdaArn: transformArn });

  it.each([
    ['on lines', '{"k":"a"}\n{"k":"b"}\n{"k":"a"}\n'],
    ['end to end', '{"k":"a"}{"k":"b"}{"k":"a"}'],
  ])('of JSON takes objects %s apart into partitions, and strips the line ends', async (_, record) => {
    const objects = await delivered([record], { ...byK, ...processing(json, byQuery('{k:.k}')) });
    expect(contents(objects)).toEqual([
      ['a', '{"k":"a"}{"k":"a"}'],
      ['b', '{"k":"b"}'],
    ]);
  });

  it.each(['####', '\n'])('of DELIMITED takes records apart at base64 of %j', async (delimiter) => {
    const record = ['a:1', 'b:1', 'a:2'].join(delimiter);
    const objects = await delivered([record], { ...byType, ...processing(delimited(delimiter), lambda) });
    expect(endpoint.invocations[0]?.records.map((each) => each.data)).toEqual(['a:1', 'b:1', 'a:2'].map(base64));
    expect(contents(objects)).toEqual([
      ['a', 'a:1a:2'],
      ['b', 'b:1'],
    ]);
  });

  it('gives every sub-record an id of its own', async () => {
    await delivered(['a:1\na:2\na:3', 'a:4\na:5'], { ...byType, ...processing(delimited('\n'), lambda) });
    expect(new Set(endpoint.invocations.flatMap(({ records }) => records.map((each) => each.recordId))).size).toBe(5);
  });

  it('takes 500 sub-records apart; one more, and the put succeeds but the transform gets the record unsplit', async () => {
    const lines = (count: number) => Array.from({ length: count }, (_, index) => `a:${index}`).join('\n');
    await delivered([lines(500), lines(501)], { ...byType, ...processing(delimited('\n'), lambda) });
    const seen = endpoint.invocations.flatMap(({ records }) => records.map((each) => each.data));
    expect(seen).toHaveLength(501);
    expect(seen.at(-1)).toBe(base64(lines(501)));
  });

  it('leaves JSON of more than 500 objects whole, so that a query fails all of it: Non JSON record provided', async () => {
    const record = '{"k":"a"}\n'.repeat(501);
    const objects = await delivered([record], { ...byK, ...processing(json, byQuery('{k:.k}')) });
    expect(contents(objects)).toEqual([]);
    expect(errorsIn(objects)).toEqual([
      expect.objectContaining({
        type: 'metadata-extraction-failed',
        errorMessage: 'Non JSON record provided',
        rawData: base64(record),
      }),
    ]);
  });
});

describe('MetadataExtraction', () => {
  it('takes several keys for one prefix, beside those of the transform', async () => {
    const lambda = processor('Lambda', { LambdaArn: transformArn });
    endpoint.transform = ({ records }) =>
      returned(
        records.map(({ recordId }) => ({
          recordId,
          result: 'Ok',
          data: base64('{"team":"web","level":3}'),
          metadata: { partitionKeys: { type: 'app' } },
        })),
      );
    const Prefix = '!{partitionKeyFromLambda:type}-!{partitionKeyFromQuery:team}-!{partitionKeyFromQuery:level}/';
    const query = byQuery('{team:.team,level:.level}');
    // The query sees what the transform made of the record.
    const objects = await delivered(['no json yet'], { ...partitioned, Prefix, ...processing(query, lambda) });
    expect(contents(objects)).toEqual([['app-web-3', '{"team":"web","level":3}']]);
  });

  it.each([
    ['text', 'plain', 'Non JSON record provided'],
    ['broken JSON', '{"k":', 'Non JSON record provided'],
    ['an object without the key', '{"j":"x"}', 'partitionKeys values must not be null or empty'],
    ['a null key', '{"k":null}', 'partitionKeys values must not be null or empty'],
    ['an empty key', '{"k":""}', 'partitionKeys values must not be null or empty'],
  ])(
    'fails %s alone, in metadata-extraction-failed (seen in practice; an emulator says dynamic-partitioning-failed)',
    async (_, record, errorMessage) => {
      const Prefix = '!{partitionKeyFromQuery:k}/';
      const objects = await delivered(['{"k":"a"}', record], {
        ...partitioned,
        Prefix,
        ...processing(byQuery('{k:.k}')),
      });
      expect(contents(objects)).toEqual([['a', '{"k":"a"}']]);
      expect(errorsIn(objects)).toEqual([
        expect.objectContaining({
          type: 'metadata-extraction-failed',
          errorCode: 'DynamicPartitioning.MetadataExtractionFailed',
          errorMessage,
          rawData: base64(record),
        }),
      ]);
    },
  );
});

describe('AppendDelimiterToRecord', () => {
  it('puts LF between the records of each partition, deaggregated ones as well', async () => {
    const objects = await delivered(['{"k":"a"}{"k":"b"}', '{"k":"a"}'], {
      ...partitioned,
      Prefix: '!{partitionKeyFromQuery:k}/',
      ...processing(
        processor('RecordDeAggregation', { SubRecordType: 'JSON' }),
        byQuery('{k:.k}'),
        processor('AppendDelimiterToRecord'),
      ),
    });
    expect(contents(objects)).toEqual([
      ['a', '{"k":"a"}\n{"k":"a"}'],
      ['b', '{"k":"b"}'],
    ]);
  });

  it('takes no notice of a Delimiter (recorded; the docs show one), and gives blank lines after a line end', async () => {
    const Prefix = 'lines/';
    const objects = await delivered(['a\n', 'b\n'], {
      Prefix,
      ...processing(processor('AppendDelimiterToRecord', { Delimiter: ';' })),
    });
    expect(contents(objects)).toEqual([['lines', 'a\n\nb\n']]);
  });
});
