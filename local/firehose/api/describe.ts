import { firehose } from '../../../shared/limits.js';
import { AwsError } from '../../aws/awsError.js';
import { propertiesOf } from '../destination/properties.js';
import type { Properties } from '../stream/streamConfig.js';
import type { Encryption } from '../stream/streamState.js';
import type { RegisteredStream } from '../stream/streams.js';
import type { describeDeliveryStream as request } from './requests.js';
import type { Json, ValueOf } from './shapes.js';

/** A stream has one destination, and this is how Firehose calls it. */
export const destinationId = 'destinationId-000000000001';

const MiB = 1024 * 1024;

export function describeDeliveryStream(
  { state, arn, status }: RegisteredStream,
  { ExclusiveStartDestinationId: after }: ValueOf<typeof request>,
): Json {
  if (after !== undefined && after !== destinationId) throw destinationNotFound(after);
  const destination = {
    DestinationId: destinationId,
    S3DestinationDescription: plainDescription(state.destination),
    ExtendedS3DestinationDescription: extendedDescription(state.destination),
  };
  return {
    DeliveryStreamDescription: {
      DeliveryStreamName: state.name,
      DeliveryStreamARN: arn,
      DeliveryStreamStatus: status,
      DeliveryStreamEncryptionConfiguration: encryptionDescription(state.encryption),
      DeliveryStreamType: 'DirectPut',
      VersionId: String(state.version),
      CreateTimestamp: state.createdAt / 1000,
      ...(state.throughputHint === undefined
        ? {}
        : { Source: { DirectPutSourceDescription: { ThroughputHintInMBs: state.throughputHint } } }),
      ...(state.updatedAt === undefined ? {} : { LastUpdateTimestamp: state.updatedAt / 1000 }),
      Destinations: after === undefined ? [destination] : [],
      HasMoreDestinations: false,
    },
  };
}

export function destinationNotFound(id: string): AwsError {
  return new AwsError('InvalidArgumentException', `Destination Id ${id} not found`);
}

/** What the configuration leaves out is told with its default. */
function plainDescription(destination: Properties): Json {
  const { RoleARN, BucketARN, Prefix, ErrorOutputPrefix, BufferingHints, CompressionFormat } = destination;
  const { EncryptionConfiguration, CloudWatchLoggingOptions } = destination;
  return {
    RoleARN,
    BucketARN,
    Prefix,
    ErrorOutputPrefix,
    BufferingHints: BufferingHints ?? {
      SizeInMBs: firehose.defaultBufferBytes / MiB,
      IntervalInSeconds: firehose.defaultBufferInterval / 1000,
    },
    CompressionFormat: CompressionFormat ?? 'UNCOMPRESSED',
    EncryptionConfiguration: EncryptionConfiguration ?? { NoEncryptionConfig: 'NoEncryption' },
    CloudWatchLoggingOptions: CloudWatchLoggingOptions ?? { Enabled: false },
  };
}

function extendedDescription(destination: Properties): Json {
  const { S3BackupConfiguration: backup, DynamicPartitioningConfiguration: partitioning, ...others } = destination;
  return {
    ...others,
    ...plainDescription(destination),
    S3BackupMode: destination.S3BackupMode ?? 'Disabled',
    ...(backup === undefined ? {} : { S3BackupDescription: plainDescription(propertiesOf(backup)) }),
    DataFormatConversionConfiguration: destination.DataFormatConversionConfiguration ?? { Enabled: false },
    ...(partitioning === undefined
      ? {}
      : { DynamicPartitioningConfiguration: partitioningDescription(propertiesOf(partitioning)) }),
  };
}

function partitioningDescription(partitioning: Properties): Json {
  if (partitioning.Enabled !== true) return partitioning;
  const otherwise = { DurationInSeconds: firehose.defaultPartitioningRetry / 1000 };
  return { Enabled: true, RetryOptions: partitioning.RetryOptions ?? otherwise };
}

function encryptionDescription(encryption: Encryption): Json {
  if (encryption.status === 'DISABLED') return { Status: 'DISABLED' };
  const { keyType } = encryption;
  return {
    ...(keyType === 'CUSTOMER_MANAGED_CMK' ? { KeyARN: encryption.keyArn } : {}),
    KeyType: keyType,
    Status: 'ENABLED',
  };
}
