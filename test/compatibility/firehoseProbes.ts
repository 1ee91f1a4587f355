import * as sdk from '@aws-sdk/client-firehose';
import { expect } from '@jest/globals';
import { destination, lambdaProcessing, processor, roleArn } from '../helpers/firehoseEndpoint.js';
import type { Probe } from './probe.js';

type Firehose = sdk.FirehoseClient;

/** The stream of the template. */
const logs = { DeliveryStreamName: 'logs' };

const create = (
  firehose: Firehose,
  DeliveryStreamName: string,
  more: Partial<sdk.CreateDeliveryStreamCommandInput> = { ExtendedS3DestinationConfiguration: destination() },
) => firehose.send(new sdk.CreateDeliveryStreamCommand({ DeliveryStreamName, ...more }));
const describeStream = async (firehose: Firehose, DeliveryStreamName: string) =>
  (await firehose.send(new sdk.DescribeDeliveryStreamCommand({ DeliveryStreamName }))).DeliveryStreamDescription;
const putBatch = (firehose: Firehose, sizes: readonly number[]) => {
  const Records = sizes.map((bytes) => ({ Data: Buffer.alloc(bytes, 'x') }));
  return firehose.send(new sdk.PutRecordBatchCommand({ ...logs, Records }));
};
async function update(firehose: Firehose, name: string, more: Partial<sdk.UpdateDestinationCommandInput>) {
  const { VersionId, Destinations } = (await describeStream(firehose, name)) ?? {};
  return firehose.send(
    new sdk.UpdateDestinationCommand({
      DeliveryStreamName: name,
      CurrentDeliveryStreamVersionId: VersionId,
      DestinationId: Destinations?.[0]?.DestinationId,
      ...more,
    }),
  );
}

const puts: readonly Probe<Firehose>[] = [
  {
    operation: 'PutRecord',
    what: 'up to 1,000 KiB',
    async run(firehose) {
      const put = (bytes: number) =>
        firehose.send(new sdk.PutRecordCommand({ ...logs, Record: { Data: Buffer.alloc(bytes, 'x') } }));
      expect(await put(1_024_000)).toMatchObject({ RecordId: expect.any(String), Encrypted: false });
      await expect(put(1_024_001)).rejects.toMatchObject({ name: 'ValidationException' });
    },
  },
  {
    operation: 'PutRecordBatch',
    what: 'up to 500 records and 4 MiB',
    async run(firehose) {
      const { FailedPutCount, RequestResponses } = await putBatch(firehose, new Array<number>(500).fill(1));
      expect([FailedPutCount, RequestResponses?.length]).toEqual([0, 500]);
      await expect(putBatch(firehose, new Array<number>(501).fill(1))).rejects.toMatchObject({
        name: 'ValidationException',
      });
      const tooLarge = putBatch(firehose, [...new Array<number>(4).fill(1_024_000), 98_305]);
      await expect(tooLarge).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    },
  },
];

const streams: readonly Probe<Firehose>[] = [
  {
    operation: 'CreateDeliveryStream',
    what: 'direct puts to S3: buffering, prefixes, compression, processors, dynamic partitioning, backup, tags',
    async run(firehose) {
      await create(firehose, 'plain', {
        S3DestinationConfiguration: { BucketARN: 'arn:aws:s3:::plain', RoleARN: roleArn, CompressionFormat: 'GZIP' },
      });
      await create(firehose, 'extended', {
        DeliveryStreamType: 'DirectPut',
        DirectPutSourceConfiguration: { ThroughputHintInMBs: 10 },
        ExtendedS3DestinationConfiguration: destination({
          BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
          Prefix: 'a/!{partitionKeyFromLambda:kind}/!{timestamp:yyyy}/',
          ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
          CustomTimeZone: 'Europe/Berlin',
          FileExtension: '.log',
          DynamicPartitioningConfiguration: { Enabled: true },
          ProcessingConfiguration: lambdaProcessing(),
          S3BackupMode: 'Enabled',
          S3BackupConfiguration: { BucketARN: 'arn:aws:s3:::backup', RoleARN: roleArn },
        }),
        Tags: [{ Key: 'team', Value: 'shop' }],
      });
      const { Destinations } = (await describeStream(firehose, 'extended')) ?? {};
      expect(Destinations?.[0]?.ExtendedS3DestinationDescription).toMatchObject({ S3BackupMode: 'Enabled' });
    },
  },
  {
    operation: 'CreateDeliveryStream',
    what: 'what Firehose refuses, in its words',
    async run(firehose) {
      await expect(create(firehose, 'logs')).rejects.toMatchObject({ name: 'ResourceInUseException' });
      const hints = { BufferingHints: { SizeInMBs: 129, IntervalInSeconds: 60 } };
      const odd = create(firehose, 'odd', { ExtendedS3DestinationConfiguration: destination(hints) });
      await expect(odd).rejects.toMatchObject({ name: 'ValidationException' });
      const none = create(firehose, 'odd', {});
      await expect(none).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    },
  },
  {
    operation: 'CreateDeliveryStream',
    what: 'its states',
    differs: 'It is ACTIVE with the answer; with `--as-aws` CREATING for five seconds instead of a minute.',
    async run(firehose) {
      await create(firehose, 'new');
      expect(await describeStream(firehose, 'new')).toMatchObject({ DeliveryStreamStatus: 'ACTIVE' });
    },
  },
  {
    operation: 'CreateDeliveryStream',
    what: 'DeliveryStreamEncryptionConfigurationInput',
    differs: 'It is told, and nothing is encrypted.',
    async run(firehose) {
      await create(firehose, 'encrypted', {
        ExtendedS3DestinationConfiguration: destination(),
        DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
      });
      const stream = await describeStream(firehose, 'encrypted');
      expect(stream?.DeliveryStreamEncryptionConfiguration).toMatchObject({ Status: 'ENABLED' });
    },
  },
  {
    operation: 'CreateDeliveryStream',
    what: 'streams that read from Kinesis, MSK or a database',
    run: (firehose) =>
      Promise.any(
        (['KinesisStreamAsSource', 'MSKAsSource', 'DatabaseAsSource'] as const).map((DeliveryStreamType) =>
          create(firehose, 'other', { DeliveryStreamType, ExtendedS3DestinationConfiguration: destination() }),
        ),
      ),
  },
  {
    operation: 'CreateDeliveryStream',
    what: 'destinations other than S3',
    run: (firehose) =>
      Promise.any(otherDestinations.map((name) => create(firehose, 'other', { [`${name}Configuration`]: {} }))),
  },
  {
    operation: 'CreateDeliveryStream',
    what: 'conversion to Parquet or ORC',
    run: (firehose) => {
      const DataFormatConversionConfiguration = { Enabled: true };
      const ExtendedS3DestinationConfiguration = destination({ DataFormatConversionConfiguration });
      return create(firehose, 'other', { ExtendedS3DestinationConfiguration });
    },
  },
  {
    operation: 'DescribeDeliveryStream',
    what: 'every setting, defaults included',
    async run(firehose) {
      expect(await describeStream(firehose, 'plain')).toMatchObject({
        DeliveryStreamStatus: 'ACTIVE',
        VersionId: '1',
        Destinations: [
          {
            S3DestinationDescription: {
              BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
              CompressionFormat: 'GZIP',
            },
          },
        ],
      });
      await expect(describeStream(firehose, 'none')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    },
  },
  {
    operation: 'ListDeliveryStreams',
    what: 'in pages, by type',
    async run(firehose) {
      const list = (input: sdk.ListDeliveryStreamsCommandInput) =>
        firehose.send(new sdk.ListDeliveryStreamsCommand(input));
      const page = { DeliveryStreamNames: ['extended'], HasMoreDeliveryStreams: true };
      expect(await list({ Limit: 1, ExclusiveStartDeliveryStreamName: 'encrypted' })).toMatchObject(page);
      const { DeliveryStreamNames } = await list({ DeliveryStreamType: 'MSKAsSource' });
      expect(DeliveryStreamNames).toEqual([]);
    },
  },
  {
    operation: 'UpdateDestination',
    what: 'by version; what is not named stays',
    async run(firehose) {
      const ExtendedS3DestinationUpdate: sdk.ExtendedS3DestinationUpdate = {
        Prefix: 'new/',
        ProcessingConfiguration: { Enabled: true, Processors: [processor('AppendDelimiterToRecord')] },
      };
      await update(firehose, 'plain', { ExtendedS3DestinationUpdate });
      const { VersionId, Destinations } = (await describeStream(firehose, 'plain')) ?? {};
      const told = { Prefix: 'new/', CompressionFormat: 'GZIP' };
      expect([VersionId, Destinations?.[0]?.ExtendedS3DestinationDescription]).toMatchObject(['2', told]);
      const late = update(firehose, 'plain', { ExtendedS3DestinationUpdate, CurrentDeliveryStreamVersionId: '1' });
      await expect(late).rejects.toMatchObject({ name: 'ConcurrentModificationException' });
    },
  },
  {
    operation: 'UpdateDestination',
    what: 'destinations other than S3',
    run: (firehose) =>
      Promise.any(otherDestinations.map((name) => update(firehose, 'plain', { [`${name}Update`]: {} }))),
  },
  {
    operation: 'TagDeliveryStream',
    what: 'up to 50 tags',
    async run(firehose) {
      const tag = (count: number) => {
        const Tags = Array.from({ length: count }, (_, index) => ({ Key: `key${index}`, Value: 'value' }));
        return firehose.send(new sdk.TagDeliveryStreamCommand({ ...logs, Tags }));
      };
      await tag(50);
      await expect(tag(51)).rejects.toMatchObject({ name: 'ValidationException' });
    },
  },
  {
    operation: 'ListTagsForDeliveryStream',
    what: 'in pages',
    async run(firehose) {
      const input = { ...logs, Limit: 1, ExclusiveStartTagKey: 'key0' };
      const page = await firehose.send(new sdk.ListTagsForDeliveryStreamCommand(input));
      expect(page).toMatchObject({ Tags: [{ Key: 'key1', Value: 'value' }], HasMoreTags: true });
    },
  },
  {
    operation: 'UntagDeliveryStream',
    what: 'whether they are there or not',
    async run(firehose) {
      await firehose.send(new sdk.UntagDeliveryStreamCommand({ ...logs, TagKeys: ['key0', 'none'] }));
      const { Tags } = await firehose.send(new sdk.ListTagsForDeliveryStreamCommand(logs));
      expect(Tags).not.toContainEqual(expect.objectContaining({ Key: 'key0' }));
    },
  },
  {
    operation: 'StartDeliveryStreamEncryption',
    what: 'with a key of Firehose or of your own',
    differs: 'It is told, and nothing is encrypted.',
    async run(firehose) {
      const KeyARN = 'arn:aws:kms:us-east-1:000000000000:key/any';
      for (const told of [{ KeyType: 'AWS_OWNED_CMK' }, { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN }] as const) {
        const input = { DeliveryStreamName: 'new', DeliveryStreamEncryptionConfigurationInput: told };
        await firehose.send(new sdk.StartDeliveryStreamEncryptionCommand(input));
        const { DeliveryStreamEncryptionConfiguration } = (await describeStream(firehose, 'new')) ?? {};
        expect(DeliveryStreamEncryptionConfiguration).toEqual({ ...told, Status: 'ENABLED' });
      }
    },
  },
  {
    operation: 'StopDeliveryStreamEncryption',
    what: 'of an encrypted stream',
    async run(firehose) {
      await firehose.send(new sdk.StopDeliveryStreamEncryptionCommand({ DeliveryStreamName: 'new' }));
      const { DeliveryStreamEncryptionConfiguration } = (await describeStream(firehose, 'new')) ?? {};
      expect(DeliveryStreamEncryptionConfiguration).toEqual({ Status: 'DISABLED' });
    },
  },
  {
    operation: 'DeleteDeliveryStream',
    what: 'its states',
    differs: 'It is gone with the answer; with `--as-aws` DELETING for five seconds instead of a minute.',
    async run(firehose) {
      await firehose.send(new sdk.DeleteDeliveryStreamCommand({ DeliveryStreamName: 'new', AllowForceDelete: true }));
      await expect(describeStream(firehose, 'new')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    },
  },
];

const otherDestinations = [
  'RedshiftDestination',
  'ElasticsearchDestination',
  'AmazonopensearchserviceDestination',
  'AmazonOpenSearchServerlessDestination',
  'SplunkDestination',
  'HttpEndpointDestination',
  'SnowflakeDestination',
  'IcebergDestination',
];

export const firehoseProbes: readonly Probe<Firehose>[] = [...puts, ...streams];
