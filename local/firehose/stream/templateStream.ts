import type { Resource } from '../../infra/infra.js';
import { encryptionOf } from '../api/encryption.js';
import { propertiesOf } from '../destination/properties.js';
import { streamConfig } from '../destination/templateConfig.js';
import type { StreamConfig } from './streamConfig.js';
import type { StreamState } from './streamState.js';

/**
 * The stream of an AWS::KinesisFirehose::DeliveryStream, as it is right after its deployment.
 *
 * @throws InfraError for what Firehose would refuse and for what the local stream can't do.
 */
export function templateStream(
  resource: Resource,
  arn: string,
  now: number,
  flush: number | undefined,
): { readonly config: StreamConfig; readonly state: StreamState } {
  const config = streamConfig(resource, arn, flush);
  const { Tags, DeliveryStreamEncryptionConfigurationInput: encryption } = resource.properties;
  const { KeyType, KeyARN } = propertiesOf(encryption);
  const tags = (Array.isArray(Tags) ? Tags : []).map(propertiesOf);
  return {
    config,
    state: {
      name: config.name,
      version: config.version,
      createdAt: now,
      updatedAt: undefined,
      destination: config.destination,
      tags: tags.map(({ Key, Value }) => [String(Key), String(Value ?? '')] as const),
      encryption:
        KeyType === undefined
          ? { status: 'DISABLED' }
          : encryptionOf({ KeyType: String(KeyType), KeyARN: KeyARN === undefined ? undefined : String(KeyARN) }),
      encryptionCalls: [],
    },
  };
}
