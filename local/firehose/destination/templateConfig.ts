import { firehose } from '../../../shared/limits.js';
import { InfraError } from '../../infra/document.js';
import type { Resource } from '../../infra/infra.js';
import type { StreamConfig } from '../stream/streamConfig.js';
import { destinationConfig } from './destinationConfig.js';
import { InvalidDestination } from './invalidDestination.js';
import { templateDestination } from './template.js';

/**
 * Reads an AWS::KinesisFirehose::DeliveryStream.
 *
 * @param flush when given, milliseconds within which a line is to reach its object: shared by the buffers on its way.
 * @throws InfraError for what Firehose would refuse and for what the local stream can't do.
 */
export function streamConfig(resource: Resource, arn: string, flush?: number): StreamConfig {
  const { properties, ref } = resource;
  const refuse = (problem: string): never => {
    throw new InfraError(resource.at, `${resource.logicalId}: ${problem}`);
  };
  if ((properties.DeliveryStreamType ?? 'DirectPut') !== 'DirectPut')
    refuse('only DirectPut is supported on a laptop.');
  if (!firehose.streamName.test(ref)) refuse(`"${ref}" is no stream name.`);
  try {
    return destinationConfig(ref, arn, 1, templateDestination(properties), flush);
  } catch (error) {
    if (error instanceof InvalidDestination)
      return refuse(error.detail ? `${error.message} (${error.detail})` : error.message);
    throw error;
  }
}
