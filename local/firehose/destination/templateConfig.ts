import { AwsError } from '../../aws/awsError.js';
import { InfraError } from '../../infra/document.js';
import type { Resource } from '../../infra/infra.js';
import type { StreamConfig } from '../stream/streamConfig.js';
import { destinationConfig } from './destinationConfig.js';
import { InvalidDestination, refuse } from './invalidDestination.js';
import { propertiesOf } from './properties.js';
import { templateRequest } from './template.js';

/**
 * Reads an AWS::KinesisFirehose::DeliveryStream.
 *
 * @param flush when given, milliseconds within which a line is to reach its object: shared by the buffers on its way.
 * @throws InfraError for what Firehose would refuse and for what the local stream can't do.
 */
export function streamConfig(resource: Resource, arn: string, flush?: number): StreamConfig {
  const { ref, properties } = resource;
  return readTemplate(resource, () => {
    const { ExtendedS3DestinationConfiguration: destination } = templateRequest(ref, properties);
    if ((properties.DeliveryStreamType ?? 'DirectPut') !== 'DirectPut') {
      refuse('only DirectPut is supported on a laptop.');
    }
    if (!destination) refuse('the local stream needs an ExtendedS3DestinationConfiguration.');
    return destinationConfig(ref, arn, 1, propertiesOf(destination), flush);
  });
}

/**
 * Reads something of a resource.
 *
 * @throws InfraError with the resource's place for what the reading refuses.
 */
export function readTemplate<T>(resource: Resource, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidDestination) && !(error instanceof AwsError)) throw error;
    const detail = error instanceof InvalidDestination && error.detail ? ` (${error.detail})` : '';
    throw new InfraError(resource.at, `${resource.logicalId}: ${error.message}${detail}`);
  }
}
