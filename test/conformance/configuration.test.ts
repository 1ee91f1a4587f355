/**
 * What Amazon Data Firehose refuses when a stream is made, seen by an SDK client.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html
 */
import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  type ExtendedS3DestinationConfiguration,
  type Processor,
} from '@aws-sdk/client-firehose';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { destination, type Endpoint, lambdaProcessing, openEndpoint, processor } from '../helpers/firehoseEndpoint.js';
import { tempFolder } from '../helpers/tempFolder.js';

let endpoint: Endpoint;

beforeAll(async () => {
  endpoint = await openEndpoint(await tempFolder());
});

afterAll(() => endpoint.close());

type Destination = Partial<ExtendedS3DestinationConfiguration>;

async function create(more: Destination): Promise<void> {
  const name = { DeliveryStreamName: 'new' };
  const ExtendedS3DestinationConfiguration = destination(more);
  await endpoint.client.send(new CreateDeliveryStreamCommand({ ...name, ExtendedS3DestinationConfiguration }));
  await endpoint.client.send(new DeleteDeliveryStreamCommand(name));
}

const processing = (...Processors: Processor[]) => ({ ProcessingConfiguration: { Enabled: true, Processors } });

const [lambda = processor('Lambda')] = lambdaProcessing().Processors ?? [];

/** Dynamic partitioning by a key of the transform, as it has to be. */
const partitioned: Destination = {
  Prefix: 'a/!{partitionKeyFromLambda:k}/',
  ErrorOutputPrefix: 'e/!{firehose:error-output-type}/',
  BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
  DynamicPartitioningConfiguration: { Enabled: true },
  ...processing(lambda),
};

const query = processor('MetadataExtraction', { MetadataExtractionQuery: '{k:.k}', JsonParsingEngine: 'JQ-1.6' });

it.each<[string, Destination]>([
  ['nothing but bucket and role', {}],
  ['dynamic partitioning by a key of the transform', partitioned],
  [
    'dynamic partitioning by a query',
    { ...partitioned, Prefix: 'a/!{partitionKeyFromQuery:k}/', ...processing(query) },
  ],
  ['zero buffering', { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 } }],
  ['a time zone', { CustomTimeZone: 'Europe/Berlin' }],
  [
    'a prefix with a date and its error prefix',
    {
      Prefix: "y=!{timestamp:yyyy}/!{timestamp:'week-'w}/!{firehose:random-string}/",
      ErrorOutputPrefix: 'e/!{firehose:error-output-type}/',
    },
  ],
  ['a FileExtension', { FileExtension: '.json.gz', CompressionFormat: 'GZIP' }],
])('%s is accepted', async (_, more) => {
  await create(more);
});

it.each<[string, Destination, string]>([
  [
    'dynamic partitioning without a namespace in the prefix',
    { ...partitioned, Prefix: 'a/' },
    'S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled',
  ],
  [
    'a namespace in the prefix without dynamic partitioning',
    { ...partitioned, DynamicPartitioningConfiguration: { Enabled: false } },
    'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled',
  ],
  [
    'dynamic partitioning without processing',
    { ...partitioned, ProcessingConfiguration: { Enabled: false } },
    'Processing Configuration is not enabled when DataPartitioning is enabled',
  ],
  [
    'keys of a Lambda that there is none of',
    { ...partitioned, ...processing(query) },
    'Lambda should be present when S3 Prefix contains keys from partitionKeyFromLambda namespace',
  ],
  [
    'keys of a query that there is none of',
    { ...partitioned, Prefix: 'a/!{partitionKeyFromQuery:k}/' },
    'MetadataExtraction processor should be present when S3 Prefix has partitionKeyFromQuery namespace',
  ],
  [
    'dynamic partitioning with less than 64 MB',
    { ...partitioned, BufferingHints: { SizeInMBs: 63, IntervalInSeconds: 60 } },
    'BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.',
  ],
  [
    'dynamic partitioning with less than 60 s',
    { ...partitioned, BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 59 } },
    'BufferingHints.IntervalInSeconds must be at least 60 seconds when Dynamic Partitioning is enabled.',
  ],
])("%s is refused in the service's own words", async (_, more, message) => {
  await expect(create(more)).rejects.toMatchObject({ name: 'InvalidArgumentException', message });
});

it.each<[string, Destination, RegExp]>([
  [
    'an error prefix that is left out beside a prefix with expressions',
    { Prefix: '!{timestamp:yyyy}/' },
    /ErrorOutputPrefix/,
  ],
  [
    'an error prefix with expressions but without error-output-type',
    { ErrorOutputPrefix: 'e/!{timestamp:yyyy}/' },
    /error-output-type/,
  ],
  [
    'error-output-type in the prefix',
    { ...partitioned, Prefix: '!{firehose:error-output-type}/' },
    /error-output-type/,
  ],
  [
    'partition keys in the error prefix',
    { ...partitioned, ErrorOutputPrefix: '!{partitionKeyFromLambda:k}/!{firehose:error-output-type}/' },
    /error prefix expression/,
  ],
  [
    'an unknown namespace',
    { Prefix: '!{date:yyyy}/', ErrorOutputPrefix: '!{firehose:error-output-type}/' },
    /invalid keyword/,
  ],
  ['a second Lambda', processing(lambda, lambda), /Lambda/],
  ['an ARN of no function', processing(processor('Lambda', { LambdaArn: 'arn:aws:sqs:us-east-1:1:q' })), /LambdaArn/],
  ['a Lambda processor without LambdaArn', processing(processor('Lambda')), /LambdaArn/],
  [
    "one of the Lambda's two hints alone",
    { ProcessingConfiguration: lambdaProcessing({ BufferSizeInMBs: '1' }) },
    /Both BufferSizeInMBs and BufferIntervalInSeconds are required/,
  ],
  [
    'a Lambda buffer of more than 3 MB',
    { ProcessingConfiguration: lambdaProcessing({ BufferSizeInMBs: '4', BufferIntervalInSeconds: '60' }) },
    /BufferSizeInMBs/,
  ],
  [
    'NumberOfRetries over 300 (one project saw 0..300 enforced, another saw no check; the strict one shows a slip early)',
    { ProcessingConfiguration: lambdaProcessing({ NumberOfRetries: '301' }) },
    /retries/,
  ],
  [
    'CloudWatchLogProcessing without Decompression',
    processing(processor('CloudWatchLogProcessing', { DataMessageExtraction: 'true' })),
    /CloudWatchLogProcessing/,
  ],
  [
    'RecordDeAggregation without dynamic partitioning',
    processing(processor('RecordDeAggregation', { SubRecordType: 'JSON' })),
    /Dynamic Partitioning/i,
  ],
  [
    'DELIMITED without its Delimiter',
    { ...partitioned, ...processing(processor('RecordDeAggregation', { SubRecordType: 'DELIMITED' }), lambda) },
    /Delimiter/,
  ],
  ['one of the two buffering hints alone', { BufferingHints: { SizeInMBs: 5 } }, /BufferingHints|bufferingHints/],
  ['a buffer of 129 MB', { BufferingHints: { SizeInMBs: 129, IntervalInSeconds: 60 } }, /sizeInMBs/],
  ['an interval of 901 s', { BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 901 } }, /intervalInSeconds/],
  ['a FileExtension with a capital', { FileExtension: '.JSON' }, /fileExtension/],
  ['a time zone that there is none of', { CustomTimeZone: 'Mars/Olympus' }, /Mars\/Olympus|[Tt]ime ?[Zz]one/],
  ['a bucket that is none', { BucketARN: 'arn:aws:s3:::..' }, /\.\./],
])('%s is refused', async (_, more, message) => {
  const error: unknown = await create(more).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    name: expect.stringMatching(/^(InvalidArgument|Validation)Exception$/),
    message: expect.stringMatching(message),
    $metadata: expect.objectContaining({ httpStatusCode: 400 }),
  });
});
