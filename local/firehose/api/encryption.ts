import { firehose } from '../../../shared/limits.js';
import { AwsError } from '../../aws/awsError.js';
import type { Encryption, StreamState } from '../stream/streamState.js';
import type { RegisteredStream } from '../stream/streams.js';
import type { startDeliveryStreamEncryption, stopDeliveryStreamEncryption } from './requests.js';
import type { Json, ValueOf } from './shapes.js';

interface EncryptionInput {
  readonly KeyType: string;
  readonly KeyARN: string | undefined;
}

/** Turns encryption on, with the service's own key unless another is named; on a laptop it is a flag only. */
export async function startEncryption(
  stream: RegisteredStream,
  { DeliveryStreamEncryptionConfigurationInput: input }: ValueOf<typeof startDeliveryStreamEncryption>,
): Promise<Json> {
  const encryption = encryptionOf(input ?? { KeyType: 'AWS_OWNED_CMK', KeyARN: undefined });
  await stream.change((state) => switched(state, encryption, stream.now()));
  return {};
}

export async function stopEncryption(
  stream: RegisteredStream,
  _: ValueOf<typeof stopDeliveryStreamEncryption>,
): Promise<Json> {
  await stream.change((state) => switched(state, { status: 'DISABLED' }, stream.now()));
  return {};
}

/** @throws AwsError for a key that is missing or has no place. */
export function encryptionOf({ KeyType, KeyARN }: EncryptionInput): Encryption {
  if (KeyType === 'AWS_OWNED_CMK') {
    if (KeyARN === undefined) return { status: 'ENABLED', keyType: 'AWS_OWNED_CMK' };
    throw new AwsError('InvalidArgumentException', 'KeyARN must not be specified when KeyType is AWS_OWNED_CMK.');
  }
  if (KeyARN !== undefined) return { status: 'ENABLED', keyType: 'CUSTOMER_MANAGED_CMK', keyArn: KeyARN };
  throw new AwsError('InvalidArgumentException', 'KeyARN is required when KeyType is CUSTOMER_MANAGED_CMK.');
}

function switched(state: StreamState, encryption: Encryption, now: number): StreamState {
  const recent = state.encryptionCalls.filter((at) => at > now - firehose.encryptionCallsWindow);
  if (recent.length >= firehose.maxEncryptionCalls) {
    throw new AwsError(
      'LimitExceededException',
      `StartDeliveryStreamEncryption and StopDeliveryStreamEncryption can be called ${firehose.maxEncryptionCalls} times for a Firehose stream in 24 hours.`,
    );
  }
  return { ...state, encryption, encryptionCalls: [...recent, now] };
}
