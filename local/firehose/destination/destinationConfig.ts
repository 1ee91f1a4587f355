import { firehose } from '../../../shared/limits.js';
import { AwsError } from '../../aws/awsError.js';
import { readRequest, type StructureShape } from '../api/shapes.js';
import type { BackupConfig, BufferHints, Compression, Properties, StreamConfig } from '../stream/streamConfig.js';
import { checkCreateRules } from './createRules.js';
import { InvalidDestination } from './invalidDestination.js';
import { prefixesOf } from './prefixes.js';
import { processorsOf } from './processors.js';
import { propertiesOf, textOf } from './properties.js';
import { extendedS3Destination } from './shape.js';

const MiB = 1024 * 1024;

/**
 * Reads an ExtendedS3DestinationConfiguration as the API and CloudFormation give it.
 *
 * @param flush when given, milliseconds within which a line is to reach its object: shared by the buffers on its way.
 * @throws InvalidDestination for what CreateDeliveryStream would refuse and for what the local stream can't do.
 */
export function destinationConfig(
  name: string,
  arn: string,
  version: number,
  destination: Properties,
  flush?: number,
): StreamConfig {
  checkShape(destination);
  const declared = processorsOf(propertiesOf(destination.ProcessingConfiguration));
  const buffers = declared.some(({ kind }) => kind === 'lambda') ? 2 : 1;
  const hurried = (hints: BufferHints): BufferHints =>
    flush === undefined ? hints : { ...hints, interval: flush / buffers };
  const compression = compressionOf(destination);
  const config: StreamConfig = {
    name,
    arn,
    version,
    ...prefixesOf(destination),
    timeZone: textOf(destination.CustomTimeZone) || 'UTC',
    compression,
    extension: textOf(destination.FileExtension) || extensions[compression],
    hints: hurried(hintsOf(destination)),
    processors: declared.map((each) => (each.kind === 'lambda' ? { ...each, hints: hurried(each.hints) } : each)),
    partitioning: partitioningOf(propertiesOf(destination.DynamicPartitioningConfiguration)),
    backup: backupOf(destination, hurried),
    destination,
  };
  checkCreateRules(destination, config);
  return config;
}

/** Under its name, which begins the paths in the service's messages. */
const configuration = {
  kind: 'structure',
  members: { ExtendedS3DestinationConfiguration: { ...extendedS3Destination, required: true } },
} as const satisfies StructureShape;

/** The constraints of the service model. */
function checkShape(destination: Properties): void {
  try {
    readRequest(configuration, { ExtendedS3DestinationConfiguration: destination });
  } catch (error) {
    throw error instanceof AwsError ? new InvalidDestination(error.message, error.code) : error;
  }
}

function compressionOf({ CompressionFormat: format }: Properties): Compression {
  return (textOf(format) || 'UNCOMPRESSED') as Compression;
}

/** Firehose gives both Snappy formats the same extension. */
const extensions: { readonly [compression in Compression]: string } = {
  UNCOMPRESSED: '',
  GZIP: '.gz',
  ZIP: '.zip',
  Snappy: '.snappy',
  HADOOP_SNAPPY: '.snappy',
};

function hintsOf({ BufferingHints: given }: Properties): BufferHints {
  const { SizeInMBs, IntervalInSeconds } = propertiesOf(given);
  return {
    bytes: SizeInMBs === undefined ? firehose.defaultBufferBytes : Number(SizeInMBs) * MiB,
    interval: IntervalInSeconds === undefined ? firehose.defaultBufferInterval : Number(IntervalInSeconds) * 1000,
  };
}

function partitioningOf({ Enabled, RetryOptions }: Properties): StreamConfig['partitioning'] {
  if (Enabled !== true) return undefined;
  const { DurationInSeconds } = propertiesOf(RetryOptions);
  return {
    retrySeconds:
      DurationInSeconds === undefined ? firehose.defaultPartitioningRetry / 1000 : Number(DurationInSeconds),
  };
}

function backupOf(destination: Properties, hurried: (hints: BufferHints) => BufferHints): BackupConfig | undefined {
  if (destination.S3BackupMode !== 'Enabled') return undefined;
  const backup = propertiesOf(destination.S3BackupConfiguration);
  const compression = compressionOf(backup);
  return { ...prefixesOf(backup), compression, extension: extensions[compression], hints: hurried(hintsOf(backup)) };
}
