import { firehose } from '../../shared/limits.js';
import { InfraError } from '../infra/document.js';
import type { Resource } from '../infra/infra.js';
import type { Resolved } from '../infra/resolver.js';
import { PrefixExpression } from './prefix.js';

const MiB = 1024 * 1024;

/** When a buffer is handed on: at whichever comes first. */
export interface BufferHints {
  readonly bytes: number;
  /** Milliseconds since the buffer's first record. */
  readonly interval: number;
}

/** The stream as infra/resources/firehose.yml describes it. */
export interface StreamConfig {
  readonly name: string;
  readonly arn: string;
  readonly prefix: PrefixExpression;
  readonly errorPrefix: PrefixExpression;
  /** Appended to the names of delivered objects; error objects have none. */
  readonly extension: string;
  readonly hints: BufferHints;
  readonly lambda: {
    readonly arn: string;
    readonly hints: BufferHints;
    /** Further attempts after a failed first one. */
    readonly retries: number;
  };
  /** ExtendedS3DestinationConfiguration as resolved, for DescribeDeliveryStream. */
  readonly destination: Properties;
}

type Properties = { readonly [key: string]: Resolved };

/**
 * Reads an AWS::KinesisFirehose::DeliveryStream.
 *
 * @param flush when given, milliseconds within which a line is to reach its object: half for each of the two buffers.
 * @throws InfraError for what Firehose would refuse and for what the local stream can't do.
 */
export function streamConfig(resource: Resource, arn: string, flush?: number): StreamConfig {
  const refuse = (problem: string): never => {
    throw new InfraError(resource.at, `${resource.logicalId}: ${problem}`);
  };
  const destination = asProperties(resource.properties.ExtendedS3DestinationConfiguration);
  const hints = asProperties(destination.BufferingHints);
  const lambda = lambdaParameters(destination, refuse);
  const interval = (own: number) => (flush === undefined ? own : flush / 2);
  const number = (property: string, value: Resolved | undefined, otherwise: number): number => {
    const given = value === undefined || value === null ? otherwise : Number(value);
    return given >= 0 ? given : refuse(`${property} must be a number, found ${JSON.stringify(value)}.`);
  };
  if (text(resource.properties.DeliveryStreamType, 'DirectPut') !== 'DirectPut') refuse('only DirectPut is supported.');
  if (text(destination.CompressionFormat, 'UNCOMPRESSED') !== 'UNCOMPRESSED') {
    refuse('CompressionFormat must be UNCOMPRESSED: the transform returns gzip members.');
  }
  if (!firehose.streamName.test(resource.ref)) refuse(`"${resource.ref}" is no stream name.`);
  return {
    name: resource.ref,
    arn,
    ...prefixes(destination, refuse),
    extension: text(destination.FileExtension, ''),
    hints: {
      bytes: number('SizeInMBs', hints.SizeInMBs, firehose.defaultBufferBytes / MiB) * MiB,
      interval: interval(
        number('IntervalInSeconds', hints.IntervalInSeconds, firehose.defaultBufferInterval / 1000) * 1000,
      ),
    },
    lambda: {
      arn: lambda.LambdaArn ?? refuse('the Lambda processor has no LambdaArn.'),
      hints: {
        bytes: number('BufferSizeInMBs', lambda.BufferSizeInMBs, firehose.defaultLambdaBufferBytes / MiB) * MiB,
        interval: interval(
          number(
            'BufferIntervalInSeconds',
            lambda.BufferIntervalInSeconds,
            firehose.defaultLambdaBufferInterval / 1000,
          ) * 1000,
        ),
      },
      retries: number('NumberOfRetries', lambda.NumberOfRetries, firehose.defaultLambdaRetries),
    },
    destination,
  };
}

/** The checks that CreateDeliveryStream makes, with its messages. */
function prefixes(destination: Properties, refuse: (problem: string) => never) {
  const compile = (property: string): PrefixExpression => {
    try {
      return new PrefixExpression(text(destination[property], ''));
    } catch (error) {
      return refuse(`${property}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const [prefix, errorPrefix] = [compile('Prefix'), compile('ErrorOutputPrefix')];
  const partitioned = asProperties(destination.DynamicPartitioningConfiguration).Enabled === true;
  if (!prefix.usesLambdaKeys) {
    refuse('S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled');
  }
  if (!partitioned) refuse('the local stream needs DynamicPartitioningConfiguration with Enabled: true.');
  if (prefix.usesErrorType) refuse('Prefix must not use !{firehose:error-output-type}.');
  if (errorPrefix.usesLambdaKeys) refuse('ErrorOutputPrefix must not use !{partitionKeyFromLambda:…}.');
  if (!errorPrefix.usesErrorType) {
    refuse('ErrorOutputPrefix must use !{firehose:error-output-type} when Prefix has expressions.');
  }
  return { prefix, errorPrefix };
}

/** ParameterName → ParameterValue of the one enabled processor, which must be a Lambda. */
function lambdaParameters(destination: Properties, refuse: (problem: string) => never): { [name: string]: string } {
  const processing = asProperties(destination.ProcessingConfiguration);
  const processors = processing.Enabled === true && Array.isArray(processing.Processors) ? processing.Processors : [];
  const [only, ...others] = processors.map(asProperties);
  if (only?.Type !== 'Lambda' || others.length > 0) {
    return refuse('the local stream needs exactly one enabled processor, of type Lambda.');
  }
  const parameters = Array.isArray(only.Parameters) ? only.Parameters.map(asProperties) : [];
  return Object.fromEntries(parameters.map((each) => [text(each.ParameterName, ''), text(each.ParameterValue, '')]));
}

function asProperties(value: Resolved | undefined): Properties {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Properties) : {};
}

function text(value: Resolved | undefined, otherwise: string): string {
  return value === undefined || value === null ? otherwise : String(value);
}
