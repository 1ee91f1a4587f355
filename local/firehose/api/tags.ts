import { firehose } from '../../../shared/limits.js';
import { AwsError } from '../../aws/awsError.js';
import type { StreamState } from '../stream/streamState.js';
import type { RegisteredStream } from '../stream/streams.js';
import type { listTagsForDeliveryStream, tagDeliveryStream, untagDeliveryStream } from './requests.js';
import type { Json, ValueOf } from './shapes.js';

type Tags = StreamState['tags'];

interface GivenTag {
  readonly Key: string;
  readonly Value: string | undefined;
}

/** Adds tags; a key that is there gets the new value. */
export async function tag(stream: RegisteredStream, { Tags }: ValueOf<typeof tagDeliveryStream>): Promise<Json> {
  await stream.change((state) => ({ ...state, tags: withTags(state.tags, Tags) }));
  return {};
}

/** Removes tags; a key that isn't there is no error. */
export async function untag(stream: RegisteredStream, { TagKeys }: ValueOf<typeof untagDeliveryStream>): Promise<Json> {
  await stream.change((state) => ({ ...state, tags: state.tags.filter(([key]) => !TagKeys.includes(key)) }));
  return {};
}

/** A page of the tags, by key. */
export function listTags(
  { state }: RegisteredStream,
  { ExclusiveStartTagKey: after, Limit = firehose.maxTags }: ValueOf<typeof listTagsForDeliveryStream>,
): Json {
  const rest = state.tags.filter(([key]) => after === undefined || key > after);
  const page = rest.slice(0, Limit);
  return { Tags: page.map(([Key, Value]) => ({ Key, Value })), HasMoreTags: rest.length > page.length };
}

/**
 * Tags with further ones, in the order of their keys.
 *
 * @throws AwsError when they would be too many.
 */
export function withTags(tags: Tags, given: readonly GivenTag[]): Tags {
  const values = new Map(tags);
  for (const { Key, Value } of given) values.set(Key, Value ?? '');
  if (values.size > firehose.maxTags) {
    throw new AwsError('LimitExceededException', `A Firehose stream can have at most ${firehose.maxTags} tags.`);
  }
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1));
}
