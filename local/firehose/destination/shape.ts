import type { StructureShape } from '../api/shapes.js';

/*
 * The constraints of the service model:
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html
 */

const boolean = { kind: 'boolean' } as const;
const prefix = { kind: 'string', min: 0, max: 1024 } as const;

const bucketDestination = {
  RoleARN: { kind: 'string', required: true, min: 1, max: 512, pattern: 'arn:.*' },
  BucketARN: { kind: 'string', required: true, min: 1, max: 2048, pattern: 'arn:.*:s3:::[\\w\\.\\-]{1,255}' },
  Prefix: prefix,
  ErrorOutputPrefix: prefix,
  BufferingHints: {
    kind: 'structure',
    members: {
      SizeInMBs: { kind: 'integer', min: 1, max: 128 },
      IntervalInSeconds: { kind: 'integer', min: 0, max: 900 },
    },
  },
  // Listed in the order of the service's answer.
  CompressionFormat: { kind: 'string', values: ['ZIP', 'HADOOP_SNAPPY', 'Snappy', 'GZIP', 'UNCOMPRESSED'] },
  EncryptionConfiguration: {
    kind: 'structure',
    members: {
      NoEncryptionConfig: { kind: 'string', values: ['NoEncryption'] },
      KMSEncryptionConfig: {
        kind: 'structure',
        members: { AWSKMSKeyARN: { kind: 'string', required: true, min: 1, max: 512, pattern: 'arn:.*:kms:.*' } },
      },
    },
  },
  CloudWatchLoggingOptions: {
    kind: 'structure',
    members: {
      Enabled: boolean,
      LogGroupName: { kind: 'string', min: 0, max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]*' },
      LogStreamName: { kind: 'string', min: 0, max: 512, pattern: '[^:*]*' },
    },
  },
} as const;

const processor = {
  kind: 'structure',
  members: {
    Type: {
      kind: 'string',
      required: true,
      values: [
        'RecordDeAggregation',
        'Decompression',
        'CloudWatchLogProcessing',
        'Lambda',
        'MetadataExtraction',
        'AppendDelimiterToRecord',
      ],
    },
    Parameters: {
      kind: 'list',
      of: {
        kind: 'structure',
        members: {
          ParameterName: {
            kind: 'string',
            required: true,
            values: [
              'LambdaArn',
              'NumberOfRetries',
              'MetadataExtractionQuery',
              'JsonParsingEngine',
              'RoleArn',
              'BufferSizeInMBs',
              'BufferIntervalInSeconds',
              'SubRecordType',
              'Delimiter',
              'CompressionFormat',
              'DataMessageExtraction',
            ],
          },
          ParameterValue: { kind: 'string', required: true, min: 1, max: 5120, pattern: '(?!\\s*$).+' },
        },
      },
    },
  },
} as const;

/** An ExtendedS3DestinationConfiguration under its name, which begins the paths in the service's messages. */
export const extendedS3Destination = {
  kind: 'structure',
  members: {
    ExtendedS3DestinationConfiguration: {
      kind: 'structure',
      required: true,
      members: {
        ...bucketDestination,
        ProcessingConfiguration: {
          kind: 'structure',
          members: { Enabled: boolean, Processors: { kind: 'list', of: processor } },
        },
        S3BackupMode: { kind: 'string', values: ['Disabled', 'Enabled'] },
        S3BackupConfiguration: { kind: 'structure', members: bucketDestination },
        DataFormatConversionConfiguration: { kind: 'structure', members: { Enabled: boolean } },
        DynamicPartitioningConfiguration: {
          kind: 'structure',
          members: {
            Enabled: boolean,
            RetryOptions: {
              kind: 'structure',
              members: { DurationInSeconds: { kind: 'integer', min: 0, max: 7200 } },
            },
          },
        },
        FileExtension: { kind: 'string', min: 0, max: 128, pattern: "^$|\\.[0-9a-z!\\-_.*'()]+" },
        CustomTimeZone: { kind: 'string', min: 0, max: 50, pattern: '^$|[a-zA-Z/_]+' },
      },
    },
  },
} as const satisfies StructureShape;
