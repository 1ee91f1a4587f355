import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../../aws/awsError.js';
import { InvalidDestination } from '../destination/invalidDestination.js';
import { propertiesOf } from '../destination/properties.js';
import type { Properties } from '../stream/streamConfig.js';
import type { StreamState } from '../stream/streamState.js';
import type { RegisteredStream, Streams } from '../stream/streams.js';
import { destinationId, destinationNotFound } from './describe.js';
import { encryptionOf, regionOf } from './encryption.js';
import type * as requests from './requests.js';
import type { Json, ValueOf } from './shapes.js';
import { withTags } from './tags.js';

type Request<K extends keyof typeof requests> = ValueOf<(typeof requests)[K]>;

/** Makes a stream. AWS takes a minute over it, CREATING meanwhile; here it is ACTIVE with the answer unless states take time. */
export async function createDeliveryStream(streams: Streams, request: Request<'createDeliveryStream'>): Promise<Json> {
  const { DeliveryStreamName: name, DeliveryStreamEncryptionConfigurationInput: encryption, Tags } = request;
  refuseOtherSources(request);
  const [member, destination] = onlyDestination(request, 'DestinationConfiguration');
  const state: StreamState = {
    name,
    version: 1,
    createdAt: streams.now(),
    updatedAt: undefined,
    destination,
    tags: withTags([], Tags ?? []),
    encryption: encryption ? encryptionOf(encryption, regionOf(streams.arnOf(name))) : { status: 'DISABLED' },
    encryptionCalls: [],
    throughputHint: request.DirectPutSourceConfiguration?.ThroughputHintInMBs,
  };
  await refusedAsByAws(member, async () => {
    refuseOddBucket(destination);
    await streams.create(state);
  });
  return { DeliveryStreamARN: streams.arnOf(name) };
}

export async function deleteDeliveryStream(
  streams: Streams,
  { DeliveryStreamName: name }: Request<'deleteDeliveryStream'>,
): Promise<Json> {
  await streams.delete(name);
  return {};
}

/** A page of the streams' names, in alphabetical order. */
export function listDeliveryStreams(streams: Streams, request: Request<'listDeliveryStreams'>): Json {
  const { Limit = 10, DeliveryStreamType = 'DirectPut', ExclusiveStartDeliveryStreamName: after } = request;
  const names = DeliveryStreamType === 'DirectPut' ? streams.names() : [];
  const rest = names.filter((name) => after === undefined || name > after);
  return { DeliveryStreamNames: rest.slice(0, Limit), HasMoreDeliveryStreams: rest.length > Limit };
}

/** Merges an update into the destination; one that changes nothing leaves the version as it is. */
export async function updateDestination(
  stream: RegisteredStream,
  request: Request<'updateDestination'>,
): Promise<Json> {
  if (request.DestinationId !== destinationId) throw destinationNotFound(request.DestinationId);
  const [member, update] = onlyDestination(request, 'DestinationUpdate');
  await refusedAsByAws(member, () =>
    stream.change((state) => {
      if (request.CurrentDeliveryStreamVersionId !== String(state.version)) {
        throw new AwsError(
          'ConcurrentModificationException',
          `Cannot update firehose: ${state.name} since the current version id: ${state.version} and specified version id: ${request.CurrentDeliveryStreamVersionId} do not match`,
        );
      }
      const destination = merged(state.destination, update);
      if (isDeepStrictEqual(destination, state.destination)) return state;
      refuseIrrevocable(state.destination, destination);
      refuseOddBucket(destination);
      return { ...state, destination, version: state.version + 1, updatedAt: stream.now() };
    }),
  );
  return {};
}

/** The type of a stream that reads from each source, and what the service calls the source's configuration. */
const sources = {
  KinesisStreamSourceConfiguration: ['KinesisStreamAsSource', 'KinesisSourceStreamConfig'],
  MSKSourceConfiguration: ['MSKAsSource', 'MSKSourceConfig'],
  DatabaseSourceConfiguration: ['DatabaseAsSource', 'DatabaseSourceConfig'],
} as const;

/** There are no sources here but direct puts, and a stream of those can't name another. */
function refuseOtherSources(request: Request<'createDeliveryStream'>): void {
  const { DeliveryStreamType: type = 'DirectPut' } = request;
  if (type !== 'DirectPut') throw notHere(`a stream of type ${type}`, 'DirectPut streams');
  for (const [member, [itsType, name]] of Object.entries(sources)) {
    if (request[member as keyof typeof sources] === undefined) continue;
    throw new AwsError('InvalidArgumentException', `${name} is only applicable for ${itsType} stream type`);
  }
}

/** The one destination of a request, as an extended S3 destination: a plain one is that with fewer members. */
function onlyDestination(request: Json, suffix: string): [member: string, destination: Properties] {
  const given = Object.keys(request).filter((member) => member.endsWith(suffix));
  const [member, ...others] = given;
  if (member === undefined || others.length > 0) {
    throw new AwsError('InvalidArgumentException', 'Exactly one destination configuration is supported for a Firehose');
  }
  if (member !== `S3${suffix}` && member !== `ExtendedS3${suffix}`) throw notHere(member, 'streams to S3');
  return [member, request[member] as Properties];
}

function notHere(found: string, possible: string): AwsError {
  return new AwsError('InvalidArgumentException', `The local Firehose has only ${possible}, not ${found}.`);
}

/** Parameters that an update names replace the destination's; those of the backup are merged the same way. */
function merged(destination: Properties, update: Properties): Properties {
  const { S3BackupUpdate: backup, ...others } = withoutNulls(update);
  if (backup === undefined) return { ...destination, ...others };
  const before = propertiesOf(destination.S3BackupConfiguration);
  return { ...destination, ...others, S3BackupConfiguration: { ...before, ...withoutNulls(propertiesOf(backup)) } };
}

/** What can be chosen only once: https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-enable.html */
function refuseIrrevocable(before: Properties, after: Properties): void {
  if (partitioned(before) !== partitioned(after)) {
    throw new AwsError(
      'InvalidArgumentException',
      'Dynamic Partitioning can be enabled only when the Firehose stream is created, and not be disabled afterwards.',
    );
  }
  if (before.S3BackupMode === 'Enabled' && after.S3BackupMode !== 'Enabled') {
    throw new AwsError('InvalidArgumentException', 'S3 backup cannot be disabled once it is enabled.');
  }
}

function partitioned({ DynamicPartitioningConfiguration: configuration }: Properties): boolean {
  return propertiesOf(configuration).Enabled === true;
}

/** The service model takes any word for a bucket; a folder of such a name might be none of ours. */
function refuseOddBucket(destination: Properties): void {
  for (const { BucketARN } of [destination, propertiesOf(destination.S3BackupConfiguration)]) {
    const bucket = typeof BucketARN === 'string' ? BucketARN.slice(BucketARN.lastIndexOf(':') + 1) : undefined;
    if (bucket !== undefined && !bucketName.test(bucket)) {
      throw new AwsError('InvalidArgumentException', `"${bucket}" in ${BucketARN} is no name of an S3 bucket.`);
    }
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const bucketName = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** What the stream's configuration refuses, with the code that the API has for it and the member that was sent. */
async function refusedAsByAws<T>(member: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InvalidDestination)) throw error;
    const sent = `${member.charAt(0).toLowerCase()}${member.slice(1)}`;
    throw new AwsError(error.code, error.message.replaceAll("'extendedS3DestinationConfiguration", `'${sent}`));
  }
}

function withoutNulls(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null && value !== undefined));
}
