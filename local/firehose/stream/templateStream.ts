import type { Resource } from '../../infra/infra.js';
import { encryptionOf, regionOf } from '../api/encryption.js';
import { listOf, propertiesOf, textOf } from '../destination/properties.js';
import { templateRequest } from '../destination/template.js';
import { readTemplate, streamConfig } from '../destination/templateConfig.js';
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
  const { Tags, DeliveryStreamEncryptionConfigurationInput, DirectPutSourceConfiguration } = templateRequest(
    resource.ref,
    resource.properties,
  );
  const { KeyType, KeyARN } = propertiesOf(DeliveryStreamEncryptionConfigurationInput);
  const { ThroughputHintInMBs } = propertiesOf(DirectPutSourceConfiguration);
  const keyArn = KeyARN === undefined ? undefined : textOf(KeyARN);
  return {
    config,
    state: {
      name: config.name,
      version: config.version,
      createdAt: now,
      updatedAt: undefined,
      destination: config.destination,
      tags: listOf(Tags)
        .map(propertiesOf)
        .map(({ Key, Value }) => [textOf(Key), textOf(Value)] as const),
      encryption:
        KeyType === undefined
          ? { status: 'DISABLED' }
          : readTemplate(resource, () => encryptionOf({ KeyType: textOf(KeyType), KeyARN: keyArn }, regionOf(arn))),
      encryptionCalls: [],
      throughputHint: ThroughputHintInMBs === undefined ? undefined : Number(ThroughputHintInMBs),
    },
  };
}
