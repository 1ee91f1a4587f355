import type { StructureShape } from '../api/shapes.js';

/*
 * The constraints of the service model:
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html
 */

const boolean = { kind: 'boolean' } as const;
const document = { kind: 'document' } as const;
const prefix = { kind: 'string', min: 0, max: 1024 } as const;

/** A role that Firehose takes on. */
export const roleArn = {
  kind: 'string',
  required: true,
  min: 1,
  max: 512,
  pattern: 'arn:.*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+',
} as const;

const bucketDestination = {
  RoleARN: roleArn,
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
        members: {
          AWSKMSKeyARN: {
            kind: 'string',
            required: true,
            min: 1,
            max: 512,
            pattern: 'arn:.*:kms:[a-zA-Z0-9\\-]+:\\d{12}:(key|alias)/[a-zA-Z_0-9+=,.@\\-_/]+',
          },
        },
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

const extendedMembers = {
  ...bucketDestination,
  ProcessingConfiguration: {
    kind: 'structure',
    members: { Enabled: boolean, Processors: { kind: 'list', of: processor } },
  },
  S3BackupMode: { kind: 'string', values: ['Disabled', 'Enabled'] },
  DataFormatConversionConfiguration: {
    kind: 'structure',
    members: {
      Enabled: boolean,
      SchemaConfiguration: document,
      InputFormatConfiguration: document,
      OutputFormatConfiguration: document,
    },
  },
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
} as const;

/** An S3DestinationConfiguration. */
export const s3Destination = { kind: 'structure', members: bucketDestination } as const satisfies StructureShape;

/** An ExtendedS3DestinationConfiguration. */
export const extendedS3Destination = {
  kind: 'structure',
  members: { ...extendedMembers, S3BackupConfiguration: s3Destination },
} as const satisfies StructureShape;

/** An S3DestinationUpdate: what it leaves out stays as it is. */
export const s3Update = optional(s3Destination);

/** An ExtendedS3DestinationUpdate. */
export const extendedS3Update = optional({
  kind: 'structure',
  members: { ...extendedMembers, S3BackupUpdate: s3Update },
});

/** The same structure, of which each member may be left out. */
function optional({ members }: StructureShape): StructureShape {
  const entries = Object.entries(members).map(([name, { required: _, ...shape }]) => [name, shape] as const);
  return { kind: 'structure', members: Object.fromEntries(entries) };
}
