import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  ListDeliveryStreamsCommand,
  ListTagsForDeliveryStreamCommand,
  PutRecordCommand,
  UpdateDestinationCommand,
} from '@aws-sdk/client-firehose';
import { expect, it } from '@jest/globals';
import { bucketObjects, destination, type Endpoint, openEndpoint } from '../../../helpers/firehoseEndpoint.js';
import { tempFolder } from '../../../helpers/tempFolder.js';

const create = ({ client }: Endpoint, DeliveryStreamName: string, bucket = 'made') =>
  client.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName,
      ExtendedS3DestinationConfiguration: destination({ BucketARN: `arn:aws:s3:::${bucket}` }),
      Tags: [{ Key: 'team', Value: 'web' }],
    }),
  );

const put = ({ client }: Endpoint, DeliveryStreamName: string, line: string) =>
  client.send(new PutRecordCommand({ DeliveryStreamName, Record: { Data: Buffer.from(line) } }));

const names = async ({ client }: Endpoint) =>
  (await client.send(new ListDeliveryStreamsCommand({}))).DeliveryStreamNames;

it('keeps a stream over a restart, with its version, tags and what it had not delivered', async () => {
  const data = await tempFolder();
  const first = await openEndpoint(data);
  await create(first, '..');
  await put(first, '..', 'one\n');
  await first.client.send(
    new UpdateDestinationCommand({
      DeliveryStreamName: '..',
      CurrentDeliveryStreamVersionId: '1',
      DestinationId: 'destinationId-000000000001',
      ExtendedS3DestinationUpdate: { Prefix: 'after/' },
    }),
  );
  await first.close();

  const second = await openEndpoint(data);
  const { DeliveryStreamDescription: description } = await second.client.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: '..' }),
  );
  expect(description).toMatchObject({ VersionId: '2', DeliveryStreamStatus: 'ACTIVE' });
  expect(description?.Destinations?.[0]?.ExtendedS3DestinationDescription).toMatchObject({ Prefix: 'after/' });
  const { Tags } = await second.client.send(new ListTagsForDeliveryStreamCommand({ DeliveryStreamName: '..' }));
  expect(Tags).toEqual([{ Key: 'team', Value: 'web' }]);
  await put(second, '..', 'two\n');
  await second.streams.flush();
  const lines = [...(await bucketObjects(data, 'made')).values()].map(String).join('').split('\n').sort();
  expect(lines).toEqual(['', 'one', 'two']);
  await second.close();
});

it('bounds what all streams buffer together, and gets the room back from a flush and from a deletion', async () => {
  const endpoint = await openEndpoint(await tempFolder(), { maxBufferedBytes: 6000 });
  const kilobyte = `app:${'x'.repeat(1000)}`;
  const fill = async () => {
    for (let time = 0; time < 3; time++) await put(endpoint, 'logs', kilobyte);
  };
  await create(endpoint, 'other');
  await fill();
  const refused = { name: 'ServiceUnavailableException' };
  await expect(put(endpoint, 'other', kilobyte)).rejects.toMatchObject(refused);
  await endpoint.streams.flush();
  await fill();
  await expect(put(endpoint, 'other', kilobyte)).rejects.toMatchObject(refused);
  await endpoint.client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: 'logs' }));
  await put(endpoint, 'other', kilobyte);
  await endpoint.close();
});

it('lets several streams work side by side, each into its bucket', async () => {
  const data = await tempFolder();
  const endpoint = await openEndpoint(data);
  await Promise.all([create(endpoint, 'a', 'bucket-a'), create(endpoint, 'b', 'bucket-b')]);
  await Promise.all([put(endpoint, 'a', 'to a'), put(endpoint, 'b', 'to b'), put(endpoint, 'logs', 'app:1')]);
  await endpoint.streams.flush();
  expect([...(await bucketObjects(data, 'bucket-a')).values()].map(String)).toEqual(['to a']);
  expect([...(await bucketObjects(data, 'bucket-b')).values()].map(String)).toEqual(['to b']);
  expect([...(await bucketObjects(data, 'bucket')).keys()]).toEqual([expect.stringMatching(/^logs\/type=app\//)]);
  await endpoint.close();
});

it('makes one stream of a name that is asked for twice at once', async () => {
  const endpoint = await openEndpoint(await tempFolder());
  const outcomes = await Promise.allSettled([create(endpoint, 'twice'), create(endpoint, 'twice')]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await endpoint.close();
});

it('forgets a deleted stream with its folder, and makes a new one of the same name', async () => {
  const data = await tempFolder();
  const endpoint = await openEndpoint(data);
  await create(endpoint, 'gone');
  await put(endpoint, 'gone', 'never delivered');
  await endpoint.client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: 'gone' }));
  expect(await readdir(join(data, 'streams'))).toEqual([]);
  await create(endpoint, 'gone');
  await endpoint.streams.flush();
  expect(await bucketObjects(data, 'made')).toEqual(new Map());
  await endpoint.close();
});

it("has the template's stream again after its deletion and a restart, as the template describes it", async () => {
  const data = await tempFolder();
  const first = await openEndpoint(data);
  await put(first, 'logs', 'app:1');
  await first.client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: 'logs' }));
  expect(await names(first)).toEqual([]);
  await first.close();
  const second = await openEndpoint(data);
  expect(await names(second)).toEqual(['logs']);
  await second.streams.flush();
  expect(second.invocations).toEqual([]);
  await second.close();
});

it('refuses more streams than the account may have', async () => {
  const endpoint = await openEndpoint(await tempFolder(), { limit: 2 });
  await create(endpoint, 'second');
  await expect(create(endpoint, 'third')).rejects.toMatchObject({ name: 'LimitExceededException' });
  await endpoint.close();
});

it('leaves a kept stream aside when the template has one of its name', async () => {
  const data = await tempFolder();
  const without = await openEndpoint(data, { template: undefined });
  await create(without, 'logs');
  await without.close();
  const problems: string[] = [];
  const withTemplate = await openEndpoint(data, {}, (problem) => problems.push(problem));
  expect(await names(withTemplate)).toEqual(['logs']);
  expect(problems).toEqual([expect.stringContaining('is left aside: the template has a stream logs now')]);
  await withTemplate.close();
});
