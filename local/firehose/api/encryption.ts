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
  const encryption = encryptionOf(input ?? { KeyType: 'AWS_OWNED_CMK', KeyARN: undefined }, regionOf(stream.arn));
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

/**
 * @param region of the stream
 * @throws AwsError for a key that is missing, has no place or is elsewhere, in the words that were seen:
 * https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/firehose
 */
export function encryptionOf({ KeyType, KeyARN }: EncryptionInput, region: string): Encryption {
  if (KeyType === 'AWS_OWNED_CMK') {
    if (KeyARN === undefined) return { status: 'ENABLED', keyType: 'AWS_OWNED_CMK' };
    throw new AwsError('InvalidArgumentException', 'KeyARN cannot be specified when KeyType is AWS_OWNED_CMK');
  }
  if (KeyARN === undefined) {
    throw new AwsError('InvalidArgumentException', 'KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK');
  }
  if (regionOf(KeyARN) !== region) {
    throw new AwsError(
      'InvalidArgumentException',
      'Cross-region keys are not allowed for SSE. Please provide CMKs in the same region as firehose',
    );
  }
  return { status: 'ENABLED', keyType: 'CUSTOMER_MANAGED_CMK', keyArn: KeyARN };
}

/** `arn:aws:service:region:…` */
export function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
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
