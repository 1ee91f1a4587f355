import { describe, expect, it } from '@jest/globals';
import { destinationConfig } from '../../../../local/firehose/destination/destinationConfig.js';
import type { Resolved } from '../../../../local/infra/resolver.js';

const MiB = 1024 * 1024;
const arn = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/logs';
const lambdaArn = 'arn:aws:lambda:us-east-1:000000000000:function:transform';

type Given = { readonly [property: string]: Resolved };

const least: Given = { BucketARN: 'arn:aws:s3:::bucket', RoleARN: 'arn:aws:iam::000000000000:role/firehose' };

function processor(Type: string, parameters: { readonly [name: string]: string } = {}): Resolved {
  return {
    Type,
    Parameters: Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({
      ParameterName,
      ParameterValue,
    })),
  };
}

const processing = (...Processors: Resolved[]): Given => ({ ProcessingConfiguration: { Enabled: true, Processors } });

const lambda = (parameters: { readonly [name: string]: string } = {}) =>
  processor('Lambda', { LambdaArn: lambdaArn, ...parameters });

const jq = (query: string) =>
  processor('MetadataExtraction', { MetadataExtractionQuery: query, JsonParsingEngine: 'JQ-1.6' });

const split = (parameters: { readonly [name: string]: string }) =>
  processing(lambda(), processor('RecordDeAggregation', parameters));

const hints = (SizeInMBs: number, IntervalInSeconds: number) => ({ BufferingHints: { SizeInMBs, IntervalInSeconds } });

/** Dynamic partitioning by keys of a Lambda. */
const partitioned: Given = {
  Prefix: 'a/!{partitionKeyFromLambda:k}/',
  ErrorOutputPrefix: 'e/!{firehose:error-output-type}/',
  ...hints(64, 60),
  DynamicPartitioningConfiguration: { Enabled: true },
  ...processing(lambda()),
};

const byQuery: Given = { ...partitioned, Prefix: 'a/!{partitionKeyFromQuery:k}/' };

const configOf = (given: Given, flush?: number) => destinationConfig('logs', arn, 3, { ...least, ...given }, flush);

const date = '!{timestamp:yyyy/MM/dd/HH/}';
const errorType = '!{firehose:error-output-type}';

describe('destinationConfig', () => {
  it('has the defaults of the service', () => {
    expect(configOf({})).toMatchObject({
      name: 'logs',
      arn,
      version: 3,
      prefix: { source: date },
      errorPrefix: { source: `${errorType}/${date}` },
      timeZone: 'UTC',
      compression: 'UNCOMPRESSED',
      extension: '',
      hints: { bytes: 5 * MiB, interval: 300_000 },
      processors: [],
      partitioning: undefined,
      backup: undefined,
      destination: least,
    });
  });

  it('gives a Lambda processor the defaults of the service', () => {
    expect(configOf(processing(lambda())).processors).toEqual([
      { kind: 'lambda', arn: lambdaArn, hints: { bytes: MiB, interval: 60_000 }, retries: 3 },
    ]);
  });

  it.each([
    ['logs/', '', `logs/${date}`, `logs/${errorType}/${date}`],
    ['legacy', 'bad/', `legacy${date}`, `bad/${errorType}/${date}`],
    ['!{firehose:random-string}/', `bad/${errorType}/`, '!{firehose:random-string}/', `bad/${errorType}/`],
  ])('completes the prefixes %j and %j', (Prefix, ErrorOutputPrefix, prefix, errorPrefix) => {
    const config = configOf({ Prefix, ErrorOutputPrefix });
    expect([config.prefix.source, config.errorPrefix.source]).toEqual([prefix, errorPrefix]);
  });

  it.each([
    ['GZIP', '', '.gz'],
    ['ZIP', '', '.zip'],
    ['Snappy', '', '.snappy'],
    ['HADOOP_SNAPPY', '', '.snappy'],
    ['UNCOMPRESSED', '', ''],
    ['GZIP', '.json.gz', '.json.gz'],
  ])('names objects of %s with FileExtension %j as %j', (CompressionFormat, FileExtension, extension) => {
    expect(configOf({ CompressionFormat, FileExtension })).toMatchObject({ compression: CompressionFormat, extension });
  });

  it('puts processors into the order in which Firehose applies them', () => {
    const { processors } = configOf({
      ...byQuery,
      ...processing(
        processor('AppendDelimiterToRecord', { Delimiter: '\\n' }),
        jq('{k: .k}'),
        lambda({ BufferSizeInMBs: '0.2', BufferIntervalInSeconds: '0', NumberOfRetries: '0' }),
        processor('RecordDeAggregation', { SubRecordType: 'DELIMITED', Delimiter: 'IyMjIw==' }),
        processor('Decompression', { CompressionFormat: 'GZIP' }),
      ),
    });
    expect(processors).toEqual([
      { kind: 'decompression' },
      { kind: 'deaggregation', subRecords: 'DELIMITED', delimiter: Buffer.from('####') },
      { kind: 'lambda', arn: lambdaArn, hints: { bytes: Math.floor(0.2 * MiB), interval: 0 }, retries: 0 },
      { kind: 'metadata', query: '{k: .k}' },
      { kind: 'appendDelimiter' },
    ]);
  });

  it('reads log processing', () => {
    const logs = processor('CloudWatchLogProcessing', { DataMessageExtraction: 'true' });
    expect(configOf(processing(logs, processor('Decompression'))).processors).toEqual([
      { kind: 'decompression' },
      { kind: 'cloudWatchLogs', extractMessages: true },
    ]);
  });

  it('passes over processors that are not enabled', () => {
    expect(configOf({ ProcessingConfiguration: { Enabled: false, Processors: [lambda()] } }).processors).toEqual([]);
  });

  it('reads partitioning, the zone and the backup', () => {
    const config = configOf({
      ...partitioned,
      DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 10 } },
      CustomTimeZone: 'Asia/Calcutta',
      S3BackupMode: 'Enabled',
      S3BackupConfiguration: { ...least, Prefix: 'raw/', CompressionFormat: 'GZIP' },
    });
    expect(config).toMatchObject({
      partitioning: { retrySeconds: 10 },
      timeZone: 'Asia/Calcutta',
      backup: {
        prefix: { source: `raw/${date}` },
        errorPrefix: { source: `raw/${errorType}/${date}` },
        compression: 'GZIP',
        extension: '.gz',
        hints: { bytes: 5 * MiB, interval: 300_000 },
      },
    });
    expect(configOf(partitioned).partitioning).toEqual({ retrySeconds: 300 });
  });

  it('shares a flush time among the buffers on the way', () => {
    expect(configOf({}, 3000).hints.interval).toBe(3000);
    const config = configOf(partitioned, 3000);
    expect([config.hints, config.processors[0]]).toMatchObject([{ interval: 1500 }, { hints: { interval: 1500 } }]);
  });
});

const needsPartitioning = (name: string) =>
  `class com.amazonaws.services.firehose.internal.model.${name} can only be present when Dynamic Partitioning is enabled.`;

const wrongCount = 'A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is enabled.';
const wrongSize = 'BufferSizeInMBs for lambda processor must be between 0.2 and 3.';
const wrongZone =
  'Provided custom time zone is not supported. Custom time zones are limited to UTC and non-3-letter IANA time zones.';

describe('a prefix that CreateDeliveryStream refuses', () => {
  const dated = { Prefix: 'a/!{timestamp:yyyy}/' };
  it.each<[Given, string]>([
    [{ Prefix: 'my!{a/' }, 'Invalid expression usage: my!{a/.Must be of the form !{<namespace>:<value>}'],
    [{ Prefix: 'a/!{bogus:yyyy}/' }, 'Namespace to the left of colon (bogus) is an invalid keyword!'],
    [{ Prefix: 'a/!{firehose:bogus}/' }, 'Invalid conversion character used in the value of the expression in Prefix'],
    [
      { ErrorOutputPrefix: '!{timestamp:yyyy/bbb}/' },
      'Invalid conversion character used in the value of the expression in ErrorOutputPrefix',
    ],
    [{ Prefix: `a/${errorType}/` }, `Prefix must not contain any occurrence of ${errorType}`],
    [dated, 'ErrorOutputPrefix cannot be null or empty when Prefix contains expressions'],
    [
      { ErrorOutputPrefix: 'e/!{timestamp:yyyy}/' },
      `ErrorOutputPrefix must contain at least one occurrence of ${errorType}`,
    ],
    [{ Prefix: 'a'.repeat(601) }, 'Length of evaluated prefix cannot be greater than 512'],
    [
      { S3BackupMode: 'Enabled', S3BackupConfiguration: { ...least, ...dated } },
      'ErrorOutputPrefix cannot be null or empty when Prefix contains expressions',
    ],
  ])('%j', (given, constraint) => {
    const message = `The supplied prefix(es) do not satisfy the following constraint: ${constraint}`;
    expect(() => configOf(given)).toThrow(expect.objectContaining({ code: 'InvalidArgumentException', message }));
  });
});

describe('a configuration that CreateDeliveryStream refuses', () => {
  it.each<[string, Given, string]>([
    [
      'partitioning without keys in Prefix',
      { ...partitioned, Prefix: 'logs/' },
      'S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled',
    ],
    [
      'keys in Prefix without partitioning',
      { ...partitioned, DynamicPartitioningConfiguration: { Enabled: false } },
      'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled',
    ],
    [
      'keys in ErrorOutputPrefix',
      { ...partitioned, ErrorOutputPrefix: `!{partitionKeyFromQuery:a}/${errorType}/` },
      "Dynamic Partitioning Namespaces can't be part of an error prefix expression",
    ],
    [
      'partitioning without processing',
      { ...partitioned, ProcessingConfiguration: { Enabled: false } },
      'Processing Configuration is not enabled when DataPartitioning is enabled',
    ],
    [
      'keys of a Lambda without one',
      { ...partitioned, ...processing(processor('AppendDelimiterToRecord')) },
      'Lambda should be present when S3 Prefix contains keys from partitionKeyFromLambda namespace',
    ],
    [
      'keys of a query without one',
      byQuery,
      'MetadataExtraction processor should be present when S3 Prefix has partitionKeyFromQuery namespace',
    ],
    [
      '63 MB with partitioning',
      { ...partitioned, ...hints(63, 60) },
      'BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.',
    ],
    [
      '59 s with partitioning',
      { ...partitioned, ...hints(64, 59) },
      'BufferingHints.IntervalInSeconds must be at least 60 seconds when Dynamic Partitioning is enabled.',
    ],
    [
      'a key of the query that is not in Prefix',
      { ...byQuery, ...processing(jq('{k: (.a, .b), "a": {b: 1}}')) },
      "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression",
    ],
    [
      'over 50 keys',
      { ...byQuery, ...processing(jq(`{${Array.from({ length: 51 }, (_, index) => `k${index}: .k`)}}`)) },
      "MetaDataExtraction JQ Query can't contain more than 50 keys",
    ],
    ['no processor', processing(), wrongCount],
    ['six processors', processing(...Array.from({ length: 6 }, () => lambda())), wrongCount],
    [
      'a second Lambda',
      processing(lambda(), lambda({ NumberOfRetries: '1' })),
      'Cannot have more than 1 Lambda processor.',
    ],
    [
      'a Lambda without ARN',
      processing(processor('Lambda', { NumberOfRetries: '1' })),
      'LambdaArn is required when Lambda processor is used.',
    ],
    [
      'one of two hints of a Lambda',
      processing(lambda({ BufferSizeInMBs: '1' })),
      'Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for lambda processor.',
    ],
    ['3.01 MB', processing(lambda({ BufferSizeInMBs: '3.01', BufferIntervalInSeconds: '60' })), wrongSize],
    ['0.199 MB', processing(lambda({ BufferSizeInMBs: '0.199', BufferIntervalInSeconds: '60' })), wrongSize],
    [
      '901 s',
      processing(lambda({ BufferSizeInMBs: '1', BufferIntervalInSeconds: '901' })),
      'BufferIntervalInSeconds for lambda processor must be between 0 and 900.',
    ],
    [
      '301 retries',
      processing(lambda({ NumberOfRetries: '301' })),
      'Number of retries for lambda must be between 0 and 300.',
    ],
    [
      'log processing without decompression',
      processing(processor('CloudWatchLogProcessing', { DataMessageExtraction: 'true' })),
      'CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor',
    ],
    [
      'log processing without its parameter',
      processing(processor('CloudWatchLogProcessing'), processor('Decompression')),
      'Invalid parameter value for DataMessageExtraction. Allowed values are True and False.',
    ],
    [
      'deaggregation without partitioning',
      processing(processor('RecordDeAggregation', { SubRecordType: 'JSON' })),
      needsPartitioning('RecordDeAggregationProcessor'),
    ],
    ['extraction without partitioning', processing(jq('{k: .k}')), needsPartitioning('MetadataExtractionProcessor')],
    [
      'sub-records of CSV',
      { ...partitioned, ...split({ SubRecordType: 'CSV' }) },
      'SubRecordType has to be one of JSON, DELIMITED',
    ],
    [
      'DELIMITED without Delimiter',
      { ...partitioned, ...split({ SubRecordType: 'DELIMITED' }) },
      'Delimiter should be present for DELIMITED',
    ],
    [
      'a Delimiter that is not base64',
      { ...partitioned, ...split({ SubRecordType: 'DELIMITED', Delimiter: '#' }) },
      'Delimiter should be base64 encoded',
    ],
    [
      'JQ-1.7',
      {
        ...byQuery,
        ...processing(
          processor('MetadataExtraction', { MetadataExtractionQuery: '{k: .k}', JsonParsingEngine: 'JQ-1.7' }),
        ),
      },
      'MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6',
    ],
    [
      'one of two hints',
      { BufferingHints: { SizeInMBs: 5 } },
      'Both SizeInMBs and IntervalInSeconds are required to configure BufferingHints.',
    ],
    ['a zone on Mars', { CustomTimeZone: 'Mars/Phobos' }, wrongZone],
    ['a zone of three letters', { CustomTimeZone: 'EST' }, wrongZone],
    ["a zone's new name", { CustomTimeZone: 'Asia/Kolkata' }, wrongZone],
    [
      'logging without a group',
      { CloudWatchLoggingOptions: { Enabled: true } },
      'CloudWatch Log Group Name is required if CloudWatch Logging is enabled',
    ],
    [
      'an encryption that is none',
      { EncryptionConfiguration: {} },
      'Exactly one of NoEncryptionConfig or KMSEncryptionConfig must be specified',
    ],
    [
      'backup without a bucket',
      { S3BackupMode: 'Enabled' },
      'S3 backup destination configuration is required when enabling S3 backup.',
    ],
    [
      'format conversion',
      { DataFormatConversionConfiguration: {} },
      'DataFormatConversionConfiguration is not supported on a laptop: set Enabled to false.',
    ],
  ])('%s', (_, given, message) => {
    expect(() => configOf(given)).toThrow(
      expect.objectContaining({ name: 'InvalidDestination', code: 'InvalidArgumentException', message }),
    );
  });
});

describe('what the service model refuses', () => {
  const parameter = 'processingConfiguration.processors.1.member.parameters.2.member.parameterName';
  it.each<[Given, string, string]>([
    [
      { CompressionFormat: 'LZ4' },
      'compressionFormat',
      'satisfy enum value set: [ZIP, HADOOP_SNAPPY, Snappy, GZIP, UNCOMPRESSED]',
    ],
    [{ BucketARN: 'bucket' }, 'bucketARN', 'satisfy regular expression pattern: arn:.*:s3:::[\\w\\.\\-]{1,255}'],
    [{ RoleARN: null }, 'roleARN', 'not be null'],
    [{ Prefix: 'a'.repeat(1025) }, 'prefix', 'have length less than or equal to 1024'],
    [{ FileExtension: 'gz' }, 'fileExtension', "satisfy regular expression pattern: ^$|\\.[0-9a-z!\\-_.*'()]+"],
    [{ CustomTimeZone: 'GMT+2' }, 'customTimeZone', 'satisfy regular expression pattern: ^$|[a-zA-Z/_]+'],
    [hints(129, 60), 'bufferingHints.sizeInMBs', 'have value less than or equal to 128'],
    [hints(1, 901), 'bufferingHints.intervalInSeconds', 'have value less than or equal to 900'],
    [
      { DynamicPartitioningConfiguration: { RetryOptions: { DurationInSeconds: 7201 } } },
      'dynamicPartitioningConfiguration.retryOptions.durationInSeconds',
      'have value less than or equal to 7200',
    ],
    [
      processing(processor('Grok')),
      'processingConfiguration.processors.1.member.type',
      'satisfy enum value set: [RecordDeAggregation, ',
    ],
    [processing(lambda({ Timeout: '1' })), parameter, 'satisfy enum value set: [LambdaArn, '],
  ])('%j', (given, at, constraint) => {
    const broken = `'extendedS3DestinationConfiguration.${at}' failed to satisfy constraint: Member must ${constraint}`;
    expect(() => configOf(given)).toThrow(broken);
    expect(() => configOf(given)).toThrow(expect.objectContaining({ code: 'ValidationException' }));
  });
});
