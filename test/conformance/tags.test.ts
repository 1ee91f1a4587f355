/**
 * Tags of Firehose streams, seen by an SDK client.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_TagDeliveryStream.html
 */
import {
  ListTagsForDeliveryStreamCommand,
  type ListTagsForDeliveryStreamCommandInput,
  type Tag,
  TagDeliveryStreamCommand,
  UntagDeliveryStreamCommand,
} from '@aws-sdk/client-firehose';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type Endpoint, openEndpoint } from '../helpers/firehoseEndpoint.js';
import { tempFolder } from '../helpers/tempFolder.js';

let endpoint: Endpoint;

beforeEach(async () => {
  endpoint = await openEndpoint(await tempFolder());
});

afterEach(() => endpoint.close());

const DeliveryStreamName = 'logs';
const tag = (...Tags: Tag[]) => endpoint.client.send(new TagDeliveryStreamCommand({ DeliveryStreamName, Tags }));
const untag = (...TagKeys: string[]) =>
  endpoint.client.send(new UntagDeliveryStreamCommand({ DeliveryStreamName, TagKeys }));
const list = (more: Partial<ListTagsForDeliveryStreamCommandInput> = {}) =>
  endpoint.client.send(new ListTagsForDeliveryStreamCommand({ DeliveryStreamName, ...more }));
const many = (count: number, first = 0): Tag[] =>
  Array.from({ length: count }, (_, index) => ({ Key: `k${String(first + index).padStart(3, '0')}`, Value: 'v' }));

it('are added, overwritten by key and removed; a key that is not there is no error', async () => {
  await tag({ Key: 'team', Value: 'web' }, { Key: 'env' });
  await tag({ Key: 'team', Value: 'ops' });
  expect(await list()).toMatchObject({
    Tags: [
      { Key: 'env', Value: '' },
      { Key: 'team', Value: 'ops' },
    ],
    HasMoreTags: false,
  });
  await untag('env', 'nope');
  expect((await list()).Tags).toEqual([{ Key: 'team', Value: 'ops' }]);
});

it('are listed by pages, after a key', async () => {
  await tag(...many(5));
  expect(await list({ Limit: 2 })).toMatchObject({ Tags: many(2), HasMoreTags: true });
  expect(await list({ ExclusiveStartTagKey: 'k001' })).toMatchObject({ Tags: many(3, 2), HasMoreTags: false });
  await expect(list({ Limit: 51 })).rejects.toMatchObject({ name: 'ValidationException' });
});

it('are at most 50 for a stream, and at most 50 in a request', async () => {
  await tag(...many(50));
  await expect(tag({ Key: 'one-more' })).rejects.toMatchObject({ name: 'LimitExceededException' });
  await tag({ Key: 'k000', Value: 'changed' });
  await expect(tag(...many(51))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(
      /at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50$/,
    ),
  });
});

it.each([
  ['starts with aws:', { Key: 'aws:mine' }, /'tags\.1\.member\.key' .* regular expression pattern/],
  ['is empty', { Key: '' }, /'tags\.1\.member\.key' .* length greater than or equal to 1$/],
  ['has 129 characters', { Key: 'x'.repeat(129) }, /'tags\.1\.member\.key' .* length less than or equal to 128$/],
  [
    'has a value of 257',
    { Key: 'a', Value: 'x'.repeat(257) },
    /'tags\.1\.member\.value' .* less than or equal to 256$/,
  ],
])('are refused when a key %s', async (_, refused, message) => {
  await expect(tag(refused)).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(message),
  });
});

it('take letters of any language, spaces and _.:/=+-@%', async () => {
  await tag({ Key: 'Größe der Ü 1_.:/=+-@%', Value: '日本 _.:/=+-@%' });
  expect((await list()).Tags).toHaveLength(1);
});
