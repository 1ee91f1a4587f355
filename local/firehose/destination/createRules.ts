import { firehose } from '../../../shared/limits.js';
import type { Properties, StreamConfig } from '../stream/streamConfig.js';
import { refuse } from './invalidDestination.js';
import { queryKeys } from './metadataQuery.js';
import { propertiesOf, textOf } from './properties.js';
import { isSupportedTimeZone } from './timeZones.js';

const MiB = 1024 * 1024;

/**
 * The rules that CreateDeliveryStream has beyond its service model, with its messages as they were seen:
 * https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/firehose
 *
 * @throws InvalidDestination for the first that is broken.
 */
export function checkCreateRules(destination: Properties, config: StreamConfig): void {
  checkBucketDestination(destination);
  checkTimeZone(textOf(destination.CustomTimeZone));
  checkFormatConversion(destination);
  checkBackup(destination);
  if (config.partitioning) checkPartitioned(config);
  else checkUnpartitioned(config);
}

function checkBucketDestination(destination: Properties): void {
  const { SizeInMBs, IntervalInSeconds } = propertiesOf(destination.BufferingHints);
  if ((SizeInMBs === undefined) !== (IntervalInSeconds === undefined)) {
    refuse('Both SizeInMBs and IntervalInSeconds are required to configure BufferingHints.');
  }
  const { Enabled, LogGroupName, LogStreamName } = propertiesOf(destination.CloudWatchLoggingOptions);
  if (Enabled === true && !textOf(LogGroupName)) {
    refuse('CloudWatch Log Group Name is required if CloudWatch Logging is enabled');
  }
  if (Enabled === true && !textOf(LogStreamName)) {
    refuse('CloudWatch Log Stream Name is required if CloudWatch Logging is enabled');
  }
  const encryption = destination.EncryptionConfiguration;
  const { NoEncryptionConfig, KMSEncryptionConfig } = propertiesOf(encryption);
  if (encryption && (NoEncryptionConfig === undefined) === (KMSEncryptionConfig === undefined)) {
    refuse('Exactly one of NoEncryptionConfig or KMSEncryptionConfig must be specified');
  }
}

function checkTimeZone(timeZone: string): void {
  if (timeZone === '' || isSupportedTimeZone(timeZone)) return;
  refuse(
    'Provided custom time zone is not supported. Custom time zones are limited to UTC and non-3-letter IANA time zones.',
  );
}

function checkFormatConversion({ DataFormatConversionConfiguration: conversion, CompressionFormat }: Properties): void {
  // It is enabled unless it says otherwise.
  if (!conversion || propertiesOf(conversion).Enabled === false) return;
  if ((textOf(CompressionFormat) || 'UNCOMPRESSED') !== 'UNCOMPRESSED') {
    refuse(
      "The S3 destination's compression format must be set to UNCOMPRESSED when data format conversion is enabled. To enable compression within the converted output format, set the appropriate serialization option in the output format configuration.",
    );
  }
  refuse('DataFormatConversionConfiguration is not supported on a laptop: set Enabled to false.');
}

function checkBackup({ S3BackupMode, S3BackupConfiguration }: Properties): void {
  if (S3BackupMode !== 'Enabled') return;
  if (!S3BackupConfiguration) refuse('S3 backup destination configuration is required when enabling S3 backup.');
  checkBucketDestination(propertiesOf(S3BackupConfiguration));
}

function checkPartitioned({ prefix, processors, destination }: StreamConfig): void {
  const { SizeInMBs, IntervalInSeconds } = propertiesOf(destination.BufferingHints);
  const bytes = SizeInMBs === undefined ? firehose.defaultBufferBytes : Number(SizeInMBs) * MiB;
  const interval = IntervalInSeconds === undefined ? firehose.defaultBufferInterval : Number(IntervalInSeconds) * 1000;
  if (bytes < firehose.minPartitionedBufferBytes) {
    refuse('BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.');
  }
  if (interval < firehose.minPartitionedBufferInterval) {
    refuse('BufferingHints.IntervalInSeconds must be at least 60 seconds when Dynamic Partitioning is enabled.');
  }
  if (processors.length === 0) refuse('Processing Configuration is not enabled when DataPartitioning is enabled');
  if (!prefix.usesPartitionKeys) {
    refuse('S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled');
  }
  if (prefix.usesLambdaKeys && !processors.some(({ kind }) => kind === 'lambda')) {
    refuse('Lambda should be present when S3 Prefix contains keys from partitionKeyFromLambda namespace');
  }
  const metadata = processors.find((processor) => processor.kind === 'metadata');
  if (prefix.usesQueryKeys && !metadata) {
    refuse('MetadataExtraction processor should be present when S3 Prefix has partitionKeyFromQuery namespace');
  }
  const keys = metadata ? queryKeys(metadata.query) : [];
  if (keys.length > firehose.maxQueryKeys) {
    refuse(`MetaDataExtraction JQ Query can't contain more than ${firehose.maxQueryKeys} keys`);
  }
  if (keys.some((key) => !prefix.queryKeys.has(key))) {
    refuse("MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression");
  }
}

function checkUnpartitioned({ prefix, processors }: StreamConfig): void {
  if (prefix.usesPartitionKeys) {
    refuse(
      'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled',
    );
  }
  for (const [kind, name] of [
    ['deaggregation', 'RecordDeAggregationProcessor'],
    ['metadata', 'MetadataExtractionProcessor'],
  ] as const) {
    if (!processors.some((processor) => processor.kind === kind)) continue;
    refuse(
      `class com.amazonaws.services.firehose.internal.model.${name} can only be present when Dynamic Partitioning is enabled.`,
    );
  }
}
