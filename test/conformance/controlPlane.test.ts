/**
 * What the control plane of Amazon Data Firehose does, seen by an SDK client.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_Operations.html
 */
import {
  CreateDeliveryStreamCommand,
  type CreateDeliveryStreamCommandInput,
  DeleteDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  type ExtendedS3DestinationUpdate,
  ListDeliveryStreamsCommand,
  type ListDeliveryStreamsCommandInput,
  PutRecordCommand,
  StartDeliveryStreamEncryptionCommand,
  TagDeliveryStreamCommand,
  UpdateDestinationCommand,
  type UpdateDestinationCommandInput,
} from '@aws-sdk/client-firehose';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../helpers/fakeClock.js';
import { destination, type Endpoint, lambdaProcessing, openEndpoint, roleArn } from '../helpers/firehoseEndpoint.js';
import { tempFolder } from '../helpers/tempFolder.js';

let endpoint: Endpoint;

beforeAll(async () => {
  endpoint = await openEndpoint(await tempFolder());
});

afterAll(() => endpoint.close());

const create = (DeliveryStreamName: string, more: Partial<CreateDeliveryStreamCommandInput> = {}) =>
  endpoint.client.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName,
      ExtendedS3DestinationConfiguration: destination(),
      ...more,
    }),
  );

async function describeStream(DeliveryStreamName: string) {
  const answer = await endpoint.client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }));
  if (!answer.DeliveryStreamDescription) throw new Error('no description');
  return answer.DeliveryStreamDescription;
}

const DestinationId = 'destinationId-000000000001';

const update = (
  DeliveryStreamName: string,
  CurrentDeliveryStreamVersionId: string,
  ExtendedS3DestinationUpdate: ExtendedS3DestinationUpdate,
  more: Partial<UpdateDestinationCommandInput> = {},
) =>
  endpoint.client.send(
    new UpdateDestinationCommand({
      DeliveryStreamName,
      CurrentDeliveryStreamVersionId,
      DestinationId,
      ExtendedS3DestinationUpdate,
      ...more,
    }),
  );

const bad = (name: string, message: string | RegExp) => ({
  name,
  message: typeof message === 'string' ? message : expect.stringMatching(message),
  $metadata: expect.objectContaining({ httpStatusCode: 400 }),
});

describe('a stream that takes time to come and go', () => {
  const DeliveryStreamName = 'slow';
  const clock = new FakeClock();
  let slow: Endpoint;
  const ExtendedS3DestinationConfiguration = destination();
  const made = () =>
    slow.client.send(new CreateDeliveryStreamCommand({ DeliveryStreamName, ExtendedS3DestinationConfiguration }));
  const deleted = () => slow.client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName }));
  const put = () => slow.client.send(new PutRecordCommand({ DeliveryStreamName, Record: { Data: Buffer.from('a') } }));
  const status = async () =>
    (await slow.client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }))).DeliveryStreamDescription
      ?.DeliveryStreamStatus;
  const listed = async () =>
    (await slow.client.send(new ListDeliveryStreamsCommand({}))).DeliveryStreamNames?.includes(DeliveryStreamName);
  const [inUse, notFound] = [{ name: 'ResourceInUseException' }, { name: 'ResourceNotFoundException' }];

  beforeAll(async () => {
    slow = await openEndpoint(await tempFolder(), { clock, stateTime: 1000 });
  });
  afterAll(() => slow.close());

  it('is CREATING: takes tags, but no records, no change and no deletion; then ACTIVE', async () => {
    await made();
    expect([await status(), await listed()]).toEqual(['CREATING', true]);
    await slow.client.send(new TagDeliveryStreamCommand({ DeliveryStreamName, Tags: [{ Key: 'a', Value: 'b' }] }));
    await expect(put()).rejects.toMatchObject(notFound);
    await expect(deleted()).rejects.toMatchObject(inUse);
    await expect(
      slow.client.send(new StartDeliveryStreamEncryptionCommand({ DeliveryStreamName })),
    ).rejects.toMatchObject(inUse);
    await expect(made()).rejects.toMatchObject(inUse);
    clock.advance(1000);
    expect(await status()).toBe('ACTIVE');
    await put();
  });

  it('is DELETING: takes no records, no change, and its name is not free; then gone', async () => {
    await deleted();
    expect([await status(), await listed()]).toEqual(['DELETING', true]);
    await expect(put()).rejects.toMatchObject(notFound);
    await expect(deleted()).rejects.toMatchObject(inUse);
    await expect(made()).rejects.toMatchObject(inUse);
    await slow.streams.flush();
    clock.advance(1000);
    await expect(status()).rejects.toMatchObject(notFound);
    expect(await listed()).toBe(false);
    await made();
    clock.advance(1000);
    expect(await status()).toBe('ACTIVE');
  });
});

describe('CreateDeliveryStream', () => {
  it("answers with the stream's ARN, arn:aws:firehose:<region>:<account>:deliverystream/<name>", async () => {
    expect((await create('arn')).DeliveryStreamARN).toBe('arn:aws:firehose:us-east-1:000000000000:deliverystream/arn');
  });

  it('refuses a name that exists: Firehose <name> under accountId <account> already exists', async () => {
    await create('taken');
    await expect(create('taken')).rejects.toMatchObject(
      bad('ResourceInUseException', 'Firehose taken under accountId 000000000000 already exists'),
    );
  });

  it.each([
    ['none', { ExtendedS3DestinationConfiguration: undefined }],
    ['two', { S3DestinationConfiguration: destination() }],
  ])('wants exactly one destination, so refuses %s', async (_, more) => {
    await expect(create('one', more)).rejects.toMatchObject(
      bad('InvalidArgumentException', 'Exactly one destination configuration is supported for a Firehose'),
    );
  });

  it('refuses, other than AWS, destinations that a laptop has not', async () => {
    const HttpEndpointDestinationConfiguration = {
      EndpointConfiguration: { Url: 'https://localhost' },
      S3Configuration: destination(),
    };
    await expect(
      create('http', { ExtendedS3DestinationConfiguration: undefined, HttpEndpointDestinationConfiguration }),
    ).rejects.toMatchObject(
      bad(
        'InvalidArgumentException',
        'The local Firehose has only streams to S3, not HttpEndpointDestinationConfiguration.',
      ),
    );
  });

  it('refuses, other than AWS, sources that a laptop has not', async () => {
    await expect(create('kinesis', { DeliveryStreamType: 'KinesisStreamAsSource' })).rejects.toMatchObject(
      bad('InvalidArgumentException', /only DirectPut streams/),
    );
  });

  it('refuses a source of its own for a stream of direct puts', async () => {
    const KinesisStreamSourceConfiguration = {
      KinesisStreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/source',
      RoleARN: roleArn,
    };
    const message = 'KinesisSourceStreamConfig is only applicable for KinesisStreamAsSource stream type';
    const refused = bad('InvalidArgumentException', message);
    await expect(create('direct', { KinesisStreamSourceConfiguration })).rejects.toMatchObject(refused);
    await expect(
      create('direct', { DeliveryStreamType: 'DirectPut', KinesisStreamSourceConfiguration }),
    ).rejects.toMatchObject(refused);
  });

  it('names all broken constraints at once, those of the destination as well', async () => {
    const RoleARN = 'arn:aws:iam::12:role/firehose';
    const SizeInMBs = 129;
    const answer = create('a b', {
      ExtendedS3DestinationConfiguration: destination({
        RoleARN,
        BufferingHints: { SizeInMBs, IntervalInSeconds: 60 },
      }),
      Tags: [{ Key: 'aws:own', Value: 'x' }],
    });
    await expect(answer).rejects.toMatchObject(
      bad(
        'ValidationException',
        [
          "4 validation errors detected: Value 'a b' at 'deliveryStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
          `Value '${RoleARN}' at 'extendedS3DestinationConfiguration.roleARN' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:.*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+`,
          "Value '129' at 'extendedS3DestinationConfiguration.bufferingHints.sizeInMBs' failed to satisfy constraint: Member must have value less than or equal to 128",
          "Value 'aws:own' at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!aws:)[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*",
        ].join('; '),
      ),
    );
  });

  it.each([
    'arn:aws:iam::000000000000:user/firehose',
    'arn:aws:iam::00000000000:role/firehose',
    'arn:aws:s3:::role',
    'firehose',
  ])('refuses the role %s', async (RoleARN) => {
    await expect(
      create('role', { ExtendedS3DestinationConfiguration: destination({ RoleARN }) }),
    ).rejects.toMatchObject(
      bad('ValidationException', /^1 validation error detected: .*roleARN' .*pattern: arn:\.\*:iam/),
    );
  });

  it.each([
    ['arn:aws:kms:us-east-1:000000000000:key/mine', true],
    ['arn:aws:kms:us-east-1:000000000000:alias/mine', true],
    ['arn:aws:s3:us-east-1:000000000000:key/mine', false],
    ['arn:aws:kms:us-east-1:000000000000:secret/mine', false],
    ['mine', false],
  ])('takes the key %s of the bucket: %s', async (AWSKMSKeyARN, taken) => {
    const EncryptionConfiguration = { KMSEncryptionConfig: { AWSKMSKeyARN } };
    const made = create('key', { ExtendedS3DestinationConfiguration: destination({ EncryptionConfiguration }) });
    if (!taken) return expect(made).rejects.toMatchObject(bad('ValidationException', /aWSKMSKeyARN'/));
    await made;
    await endpoint.client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: 'key' }));
  });

  it('describes its ThroughputHintInMBs as the source, and none otherwise', async () => {
    await create('hinted', { DirectPutSourceConfiguration: { ThroughputHintInMBs: 7 } });
    expect((await describeStream('hinted')).Source).toEqual({ DirectPutSourceDescription: { ThroughputHintInMBs: 7 } });
    await create('unhinted');
    expect((await describeStream('unhinted')).Source).toBeUndefined();
  });

  it.each([
    ['a b', /^1 validation error detected: Value 'a b' at 'deliveryStreamName' .* pattern: \[a-zA-Z0-9_\.-\]\+$/],
    [
      'x'.repeat(65),
      /'deliveryStreamName' failed to satisfy constraint: Member must have length less than or equal to 64$/,
    ],
  ])('refuses the name %j', async (name, message) => {
    await expect(create(name)).rejects.toMatchObject(bad('ValidationException', message));
  });

  it('takes names of 1 to 64 letters, digits, dots, dashes and underscores', async () => {
    for (const name of ['a', 'A.b-c_9', 'x'.repeat(64)]) {
      await create(name);
      await endpoint.client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: name }));
    }
  });

  it('takes a ThroughputHintInMBs of 1 to 100', async () => {
    await create('hint', { DirectPutSourceConfiguration: { ThroughputHintInMBs: 100 } });
    await expect(create('hints', { DirectPutSourceConfiguration: { ThroughputHintInMBs: 101 } })).rejects.toMatchObject(
      bad('ValidationException', /'directPutSourceConfiguration\.throughputHintInMBs' .* less than or equal to 100$/),
    );
  });

  it('names an enum violation with the member that was sent and what it allows', async () => {
    const CompressionFormat = 'BROTLI' as 'GZIP';
    const allowed = 'Member must satisfy enum value set: \\[ZIP, HADOOP_SNAPPY, Snappy, GZIP, UNCOMPRESSED\\]$';
    await expect(
      create('enum', { ExtendedS3DestinationConfiguration: destination({ CompressionFormat }) }),
    ).rejects.toMatchObject(
      bad(
        'ValidationException',
        new RegExp(
          `at 'extendedS3DestinationConfiguration.compressionFormat' failed to satisfy constraint: ${allowed}`,
        ),
      ),
    );
    await expect(
      create('enum', {
        ExtendedS3DestinationConfiguration: undefined,
        S3DestinationConfiguration: destination({ CompressionFormat }),
      }),
    ).rejects.toMatchObject(
      bad(
        'ValidationException',
        new RegExp(`at 's3DestinationConfiguration.compressionFormat' failed to satisfy constraint: ${allowed}`),
      ),
    );
  });
});

describe('DescribeDeliveryStream', () => {
  it('echoes the defaults of what was left out, in an extended and a plain description', async () => {
    await create('plain');
    const description = await describeStream('plain');
    expect(description).toMatchObject({
      DeliveryStreamName: 'plain',
      DeliveryStreamARN: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/plain',
      DeliveryStreamStatus: 'ACTIVE',
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' },
      VersionId: '1',
      CreateTimestamp: expect.any(Date),
      HasMoreDestinations: false,
    });
    expect(description.LastUpdateTimestamp).toBeUndefined();
    const defaults = {
      BucketARN: 'arn:aws:s3:::made',
      RoleARN: roleArn,
      BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
      CloudWatchLoggingOptions: { Enabled: false },
      CompressionFormat: 'UNCOMPRESSED',
      EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
    };
    expect(description.Destinations).toEqual([
      {
        DestinationId,
        S3DestinationDescription: defaults,
        ExtendedS3DestinationDescription: {
          ...defaults,
          DataFormatConversionConfiguration: { Enabled: false },
          S3BackupMode: 'Disabled',
        },
      },
    ]);
  });

  it('tells processing, partitioning (with its 300 s of retries) and backup in the extended description only', async () => {
    await create('full', {
      ExtendedS3DestinationConfiguration: destination({
        Prefix: 'a/!{partitionKeyFromLambda:k}/',
        ErrorOutputPrefix: 'e/!{firehose:error-output-type}/',
        BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
        DynamicPartitioningConfiguration: { Enabled: true },
        ProcessingConfiguration: lambdaProcessing(),
        S3BackupMode: 'Enabled',
        S3BackupConfiguration: { BucketARN: 'arn:aws:s3:::backup', RoleARN: roleArn },
      }),
    });
    const [only] = (await describeStream('full')).Destinations ?? [];
    expect(only?.ExtendedS3DestinationDescription).toMatchObject({
      DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 300 } },
      ProcessingConfiguration: lambdaProcessing(),
      S3BackupMode: 'Enabled',
      S3BackupDescription: { BucketARN: 'arn:aws:s3:::backup', CompressionFormat: 'UNCOMPRESSED' },
    });
    expect(Object.keys(only?.S3DestinationDescription ?? {}).sort()).toEqual([
      'BucketARN',
      'BufferingHints',
      'CloudWatchLoggingOptions',
      'CompressionFormat',
      'EncryptionConfiguration',
      'ErrorOutputPrefix',
      'Prefix',
      'RoleARN',
    ]);
  });

  it('tells an explicit NumberOfRetries of 3 (recordings of the service keep it; one Terraform author saw it left out)', async () => {
    await create('retries', {
      ExtendedS3DestinationConfiguration: destination({
        ProcessingConfiguration: lambdaProcessing({ NumberOfRetries: '3' }),
      }),
    });
    const [only] = (await describeStream('retries')).Destinations ?? [];
    expect(only?.ExtendedS3DestinationDescription?.ProcessingConfiguration?.Processors?.[0]?.Parameters).toContainEqual(
      {
        ParameterName: 'NumberOfRetries',
        ParameterValue: '3',
      },
    );
  });

  it('knows a stream that was made with the plain S3 destination', async () => {
    await create('old', { ExtendedS3DestinationConfiguration: undefined, S3DestinationConfiguration: destination() });
    expect((await describeStream('old')).Destinations?.[0]?.S3DestinationDescription?.BucketARN).toBe(
      'arn:aws:s3:::made',
    );
  });

  it('tells of a missing stream: Firehose <name> under account <account> not found.', async () => {
    await expect(describeStream('nope')).rejects.toMatchObject(
      bad('ResourceNotFoundException', 'Firehose nope under account 000000000000 not found.'),
    );
  });

  it('starts after ExclusiveStartDestinationId, of which there is one', async () => {
    const input = { DeliveryStreamName: 'logs', ExclusiveStartDestinationId: DestinationId, Limit: 1 };
    const { DeliveryStreamDescription: after } = await endpoint.client.send(new DescribeDeliveryStreamCommand(input));
    expect(after).toMatchObject({ Destinations: [], HasMoreDestinations: false });
  });
});

describe('ListDeliveryStreams', () => {
  const list = (input: ListDeliveryStreamsCommandInput) => endpoint.client.send(new ListDeliveryStreamsCommand(input));

  it('lists in alphabetical order, 10 at a time unless Limit says otherwise, after a name', async () => {
    const own = await openEndpoint(await tempFolder(), { template: undefined });
    const all = Array.from({ length: 12 }, (_, index) => `s${String(index).padStart(2, '0')}`);
    for (const DeliveryStreamName of [...all].reverse()) {
      await own.client.send(
        new CreateDeliveryStreamCommand({ DeliveryStreamName, ExtendedS3DestinationConfiguration: destination() }),
      );
    }
    const page = (input: ListDeliveryStreamsCommandInput) => own.client.send(new ListDeliveryStreamsCommand(input));
    expect(await page({})).toMatchObject({ DeliveryStreamNames: all.slice(0, 10), HasMoreDeliveryStreams: true });
    expect(await page({ ExclusiveStartDeliveryStreamName: 's09' })).toMatchObject({
      DeliveryStreamNames: ['s10', 's11'],
      HasMoreDeliveryStreams: false,
    });
    expect(await page({ Limit: 12 })).toMatchObject({ DeliveryStreamNames: all, HasMoreDeliveryStreams: false });
    await own.close();
  });

  it('filters by type', async () => {
    expect((await list({ DeliveryStreamType: 'KinesisStreamAsSource' })).DeliveryStreamNames).toEqual([]);
    expect((await list({ DeliveryStreamType: 'DirectPut' })).DeliveryStreamNames).toContain('logs');
  });

  it('takes a Limit of 1 to 10000', async () => {
    await expect(list({ Limit: 10_001 })).rejects.toMatchObject(
      bad(
        'ValidationException',
        /at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000$/,
      ),
    );
    await expect(list({ Limit: 0 })).rejects.toMatchObject(
      bad(
        'ValidationException',
        /at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1$/,
      ),
    );
  });
});

describe('UpdateDestination', () => {
  it('merges the parameters it names into the destination, and raises VersionId', async () => {
    await create('merge', { ExtendedS3DestinationConfiguration: destination({ Prefix: 'before/' }) });
    await update('merge', '1', { CompressionFormat: 'GZIP' });
    const description = await describeStream('merge');
    expect(description).toMatchObject({ VersionId: '2', LastUpdateTimestamp: expect.any(Date) });
    expect(description.Destinations?.[0]?.ExtendedS3DestinationDescription).toMatchObject({
      Prefix: 'before/',
      CompressionFormat: 'GZIP',
    });
  });

  it('leaves VersionId when it is empty or says what is so already', async () => {
    await create('same', { ExtendedS3DestinationConfiguration: destination({ Prefix: 'p/' }) });
    await update('same', '1', {});
    await update('same', '1', { Prefix: 'p/' });
    expect((await describeStream('same')).VersionId).toBe('1');
  });

  it('refuses a version that is not the current one, so that of two updates at once one fails', async () => {
    await create('race');
    const both = await Promise.allSettled([
      update('race', '1', { Prefix: 'a/' }),
      update('race', '1', { Prefix: 'b/' }),
    ]);
    const refused = both.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused).toEqual([
      expect.objectContaining(
        bad('ConcurrentModificationException', /current version id: 2 and specified version id: 1/),
      ),
    ]);
  });

  it('holds the merged destination to the rules of its creation, and changes nothing when it breaks one', async () => {
    await create('rules');
    const broken = { Prefix: 'a/!{timestamp:yyyy}/' };
    await expect(update('rules', '1', broken)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    expect((await describeStream('rules')).VersionId).toBe('1');
  });

  it.each([
    ['an unknown destination', { DestinationId: 'destinationId-000000000002' }, 'InvalidArgumentException'],
    ['a version that is no number', { CurrentDeliveryStreamVersionId: 'one' }, 'ValidationException'],
    ['no update', { ExtendedS3DestinationUpdate: undefined }, 'InvalidArgumentException'],
    ['an unknown stream', { DeliveryStreamName: 'nope' }, 'ResourceNotFoundException'],
  ])('refuses %s', async (_, more, name) => {
    await expect(update('logs', '1', {}, more)).rejects.toMatchObject(bad(name, /./));
  });

  it('neither starts nor ends dynamic partitioning, nor ends a backup', async () => {
    await create('fixed');
    await expect(
      update('fixed', '1', {
        Prefix: 'a/!{partitionKeyFromLambda:k}/',
        ErrorOutputPrefix: 'e/!{firehose:error-output-type}/',
        BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
        DynamicPartitioningConfiguration: { Enabled: true },
        ProcessingConfiguration: lambdaProcessing(),
      }),
    ).rejects.toMatchObject(bad('InvalidArgumentException', /^Dynamic Partitioning can be enabled only when/));
    const S3BackupUpdate = { BucketARN: 'arn:aws:s3:::backup', RoleARN: roleArn };
    await update('fixed', '1', { S3BackupMode: 'Enabled', S3BackupUpdate });
    await update('fixed', '2', { S3BackupUpdate: { Prefix: 'source/' } });
    const [only] = (await describeStream('fixed')).Destinations ?? [];
    expect(only?.ExtendedS3DestinationDescription?.S3BackupDescription).toMatchObject({
      BucketARN: 'arn:aws:s3:::backup',
      Prefix: 'source/',
    });
    await expect(update('fixed', '3', { S3BackupMode: 'Disabled' })).rejects.toMatchObject(
      bad('InvalidArgumentException', 'S3 backup cannot be disabled once it is enabled.'),
    );
  });
});

describe('DeleteDeliveryStream', () => {
  it('deletes, after which the stream is not found, neither for puts nor for a second deletion', async () => {
    await create('gone');
    const remove = () => endpoint.client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: 'gone' }));
    await remove();
    await expect(remove()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(describeStream('gone')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
