import { firehose } from '../../../shared/limits.js';
import type { Processor, Properties } from '../streamConfig.js';
import { InvalidDestination } from './invalidDestination.js';
import { listOf, propertiesOf, textOf } from './properties.js';

const MiB = 1024 * 1024;

/** The order in which Firehose applies them: https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning.html */
const order: readonly Processor['kind'][] = [
  'decompression',
  'cloudWatchLogs',
  'deaggregation',
  'lambda',
  'metadata',
  'appendDelimiter',
];

/** The enabled processors of a ProcessingConfiguration, in the order in which Firehose applies them. */
export function processorsOf(processing: Properties): readonly Processor[] {
  if (processing.Enabled !== true) return [];
  return listOf(processing.Processors)
    .map((declared) => processorOf(propertiesOf(declared)))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function processorOf({ Type, Parameters }: Properties): Processor {
  const parameters: { readonly [name: string]: string | undefined } = Object.fromEntries(
    listOf(Parameters)
      .map(propertiesOf)
      .map(({ ParameterName, ParameterValue }) => [textOf(ParameterName), textOf(ParameterValue)]),
  );
  switch (Type) {
    case 'Decompression':
      return { kind: 'decompression' };
    case 'CloudWatchLogProcessing':
      return { kind: 'cloudWatchLogs', extractMessages: parameters.DataMessageExtraction === 'true' };
    case 'RecordDeAggregation':
      return parameters.SubRecordType === 'DELIMITED'
        ? {
            kind: 'deaggregation',
            subRecords: 'DELIMITED',
            delimiter: Buffer.from(parameters.Delimiter ?? '', 'base64'),
          }
        : { kind: 'deaggregation', subRecords: 'JSON' };
    case 'Lambda':
      return {
        kind: 'lambda',
        arn: parameters.LambdaArn ?? '',
        hints: {
          bytes: Number(parameters.BufferSizeInMBs ?? firehose.defaultLambdaBufferBytes / MiB) * MiB,
          interval: Number(parameters.BufferIntervalInSeconds ?? firehose.defaultLambdaBufferInterval / 1000) * 1000,
        },
        retries: Number(parameters.NumberOfRetries ?? firehose.defaultLambdaRetries),
      };
    case 'MetadataExtraction':
      return { kind: 'metadata', query: parameters.MetadataExtractionQuery ?? '' };
    case 'AppendDelimiterToRecord':
      return { kind: 'appendDelimiter' };
    default:
      throw new InvalidDestination(`Processor type ${textOf(Type)} is not supported.`);
  }
}
