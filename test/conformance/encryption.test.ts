/**
 * Server-side encryption of Firehose streams, seen by an SDK client. On a laptop it is a flag only.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_StartDeliveryStreamEncryption.html
 */
import {
  CreateDeliveryStreamCommand,
  type DeliveryStreamEncryptionConfigurationInput,
  DescribeDeliveryStreamCommand,
  StartDeliveryStreamEncryptionCommand,
  StopDeliveryStreamEncryptionCommand,
} from '@aws-sdk/client-firehose';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { FakeClock } from '../helpers/fakeClock.js';
import { destination, type Endpoint, openEndpoint } from '../helpers/firehoseEndpoint.js';
import { tempFolder } from '../helpers/tempFolder.js';

const KeyARN = 'arn:aws:kms:us-east-1:000000000000:key/mine';

let clock: FakeClock;
let endpoint: Endpoint;

beforeEach(async () => {
  clock = new FakeClock();
  endpoint = await openEndpoint(await tempFolder(), { clock });
});

afterEach(() => endpoint.close());

const customer = (keyArn: string) => ({ KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: keyArn }) as const;

const DeliveryStreamName = 'logs';
const start = (input?: DeliveryStreamEncryptionConfigurationInput) =>
  endpoint.client.send(
    new StartDeliveryStreamEncryptionCommand({
      DeliveryStreamName,
      DeliveryStreamEncryptionConfigurationInput: input,
    }),
  );
const stop = () => endpoint.client.send(new StopDeliveryStreamEncryptionCommand({ DeliveryStreamName }));
const told = async (name = DeliveryStreamName) =>
  (await endpoint.client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: name })))
    .DeliveryStreamDescription?.DeliveryStreamEncryptionConfiguration;

it("is off at first, then on with the service's own key unless another is named, then off again", async () => {
  expect(await told()).toEqual({ Status: 'DISABLED' });
  await start();
  expect(await told()).toEqual({ Status: 'ENABLED', KeyType: 'AWS_OWNED_CMK' });
  await start({ KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN });
  expect(await told()).toEqual({ Status: 'ENABLED', KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN });
  await stop();
  expect(await told()).toEqual({ Status: 'DISABLED' });
});

it('can be on from the creation', async () => {
  await endpoint.client.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'secret',
      ExtendedS3DestinationConfiguration: destination(),
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
    }),
  );
  expect(await told('secret')).toEqual({ Status: 'ENABLED', KeyType: 'AWS_OWNED_CMK' });
});

it.each([
  ['a customer key without its ARN', { KeyType: 'CUSTOMER_MANAGED_CMK' }, 'InvalidArgumentException'],
  ["an ARN for the service's own key", { KeyType: 'AWS_OWNED_CMK', KeyARN }, 'InvalidArgumentException'],
  ['an ARN that is none', { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: 'mine' }, 'ValidationException'],
  ['an alias', customer('arn:aws:kms:us-east-1:000000000000:alias/mine'), 'ValidationException'],
  ["another service's ARN", customer('arn:aws:s3:us-east-1:000000000000:key/mine'), 'ValidationException'],
  ['a key of another region', customer('arn:aws:kms:eu-west-1:000000000000:key/mine'), 'InvalidArgumentException'],
] as const)('refuses %s', async (_, input, name) => {
  await expect(start(input)).rejects.toMatchObject({ name });
});

it('is started and stopped at most 25 times in 24 hours', async () => {
  for (let call = 0; call < 25; call++) await (call % 2 === 0 ? start() : stop());
  await expect(stop()).rejects.toMatchObject({ name: 'LimitExceededException' });
  clock.advance(24 * 3600_000);
  await stop();
});
