import { firehose } from '../../../shared/limits.js';
import { extendedS3Destination, extendedS3Update, roleArn, s3Destination, s3Update } from '../destination/shape.js';
import type { StructureShape } from './shapes.js';

/*
 * The requests with the constraints of the service model:
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_Operations.html
 */

const name = { kind: 'string', required: true, min: 1, max: 64, pattern: '[a-zA-Z0-9_.-]+' } as const;

const startName = { kind: 'string', min: 1, max: 64, pattern: '[a-zA-Z0-9_.-]+' } as const;

const type = {
  kind: 'string',
  values: ['DirectPut', 'KinesisStreamAsSource', 'MSKAsSource', 'DatabaseAsSource'],
} as const;

const tagKey = {
  kind: 'string',
  required: true,
  min: 1,
  max: 128,
  pattern: '(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*',
} as const;

const tags = {
  kind: 'list',
  min: 1,
  max: firehose.maxTags,
  of: {
    kind: 'structure',
    members: {
      Key: tagKey,
      Value: { kind: 'string', min: 0, max: 256, pattern: '[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*' },
    },
  },
} as const;

const encryption = {
  kind: 'structure',
  members: {
    KeyARN: {
      kind: 'string',
      min: 1,
      max: 512,
      pattern: 'arn:.*:kms:[a-zA-Z0-9\\-]+:\\d{12}:key/[a-zA-Z_0-9+=,.@\\-_/]+',
    },
    KeyType: { kind: 'string', required: true, values: ['AWS_OWNED_CMK', 'CUSTOMER_MANAGED_CMK'] },
  },
} as const;

const document = { kind: 'document' } as const;

/** What the two puts have in common; their records are read by hand. */
export const streamOfPut = {
  kind: 'structure',
  members: { DeliveryStreamName: name },
} as const satisfies StructureShape;

export const createDeliveryStream = {
  kind: 'structure',
  members: {
    DeliveryStreamName: name,
    DeliveryStreamType: type,
    DirectPutSourceConfiguration: {
      kind: 'structure',
      members: { ThroughputHintInMBs: { kind: 'integer', required: true, min: 1, max: 100 } },
    },
    KinesisStreamSourceConfiguration: {
      kind: 'structure',
      members: {
        KinesisStreamARN: {
          kind: 'string',
          required: true,
          min: 1,
          max: 512,
          pattern: 'arn:.*:kinesis:[a-zA-Z0-9\\-]+:\\d{12}:stream/[a-zA-Z0-9_.-]+',
        },
        RoleARN: roleArn,
      },
    },
    MSKSourceConfiguration: document,
    DatabaseSourceConfiguration: document,
    DeliveryStreamEncryptionConfigurationInput: encryption,
    S3DestinationConfiguration: s3Destination,
    ExtendedS3DestinationConfiguration: extendedS3Destination,
    RedshiftDestinationConfiguration: document,
    ElasticsearchDestinationConfiguration: document,
    AmazonopensearchserviceDestinationConfiguration: document,
    AmazonOpenSearchServerlessDestinationConfiguration: document,
    SplunkDestinationConfiguration: document,
    HttpEndpointDestinationConfiguration: document,
    SnowflakeDestinationConfiguration: document,
    IcebergDestinationConfiguration: document,
    Tags: tags,
  },
} as const satisfies StructureShape;

export const deleteDeliveryStream = {
  kind: 'structure',
  members: { DeliveryStreamName: name, AllowForceDelete: { kind: 'boolean' } },
} as const satisfies StructureShape;

export const describeDeliveryStream = {
  kind: 'structure',
  members: {
    DeliveryStreamName: name,
    Limit: { kind: 'integer', min: 1, max: 10_000 },
    ExclusiveStartDestinationId: { kind: 'string', min: 1, max: 100, pattern: '[a-zA-Z0-9-]+' },
  },
} as const satisfies StructureShape;

export const listDeliveryStreams = {
  kind: 'structure',
  members: {
    Limit: { kind: 'integer', min: 1, max: 10_000 },
    DeliveryStreamType: type,
    ExclusiveStartDeliveryStreamName: startName,
  },
} as const satisfies StructureShape;

export const updateDestination = {
  kind: 'structure',
  members: {
    DeliveryStreamName: name,
    CurrentDeliveryStreamVersionId: { kind: 'string', required: true, min: 1, max: 50, pattern: '[0-9]+' },
    DestinationId: { kind: 'string', required: true, min: 1, max: 100, pattern: '[a-zA-Z0-9-]+' },
    S3DestinationUpdate: s3Update,
    ExtendedS3DestinationUpdate: extendedS3Update,
    RedshiftDestinationUpdate: document,
    ElasticsearchDestinationUpdate: document,
    AmazonopensearchserviceDestinationUpdate: document,
    AmazonOpenSearchServerlessDestinationUpdate: document,
    SplunkDestinationUpdate: document,
    HttpEndpointDestinationUpdate: document,
    SnowflakeDestinationUpdate: document,
    IcebergDestinationUpdate: document,
  },
} as const satisfies StructureShape;

export const tagDeliveryStream = {
  kind: 'structure',
  members: { DeliveryStreamName: name, Tags: { ...tags, required: true } },
} as const satisfies StructureShape;

export const untagDeliveryStream = {
  kind: 'structure',
  members: {
    DeliveryStreamName: name,
    TagKeys: { kind: 'list', required: true, min: 1, max: firehose.maxTags, of: tagKey },
  },
} as const satisfies StructureShape;

export const listTagsForDeliveryStream = {
  kind: 'structure',
  members: {
    DeliveryStreamName: name,
    ExclusiveStartTagKey: { kind: 'string', min: 1, max: 128 },
    Limit: { kind: 'integer', min: 1, max: 50 },
  },
} as const satisfies StructureShape;

export const startDeliveryStreamEncryption = {
  kind: 'structure',
  members: { DeliveryStreamName: name, DeliveryStreamEncryptionConfigurationInput: encryption },
} as const satisfies StructureShape;

export const stopDeliveryStreamEncryption = {
  kind: 'structure',
  members: { DeliveryStreamName: name },
} as const satisfies StructureShape;
