import { firehose } from '../../../shared/limits.js';
import type { Processor, Properties } from '../stream/streamConfig.js';
import { refuse } from './invalidDestination.js';
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

/**
 * The enabled processors of a ProcessingConfiguration, in the order in which Firehose applies them.
 *
 * @throws InvalidDestination for parameters that are missing or out of range.
 */
export function processorsOf(processing: Properties): readonly Processor[] {
  if (processing.Enabled !== true) return [];
  const declared = listOf(processing.Processors).map(propertiesOf);
  if (declared.length < 1 || declared.length > 5) {
    refuse('A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is enabled.');
  }
  const types = declared.map(({ Type }) => textOf(Type));
  const repeated = types.find((type, index) => types.indexOf(type) < index);
  if (repeated !== undefined) refuse(`Cannot have more than 1 ${repeated} processor.`);
  if (types.includes('CloudWatchLogProcessing') && !types.includes('Decompression')) {
    refuse('CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor');
  }
  return declared.map(processorOf).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

type Parameters = { readonly [name: string]: string | undefined };

function processorOf({ Type, Parameters: given }: Properties): Processor {
  const parameters: Parameters = Object.fromEntries(
    listOf(given)
      .map(propertiesOf)
      .map(({ ParameterName, ParameterValue }) => [textOf(ParameterName), textOf(ParameterValue)]),
  );
  switch (Type) {
    case 'Decompression':
      return decompression(parameters);
    case 'CloudWatchLogProcessing':
      return cloudWatchLogs(parameters);
    case 'RecordDeAggregation':
      return deaggregation(parameters);
    case 'Lambda':
      return lambda(parameters);
    case 'MetadataExtraction':
      return metadata(parameters);
    case 'AppendDelimiterToRecord':
      // AWS drops whatever parameters come with it.
      return { kind: 'appendDelimiter' };
    default:
      return refuse(`Processor type ${textOf(Type)} is not supported.`);
  }
}

function decompression({ CompressionFormat = 'GZIP' }: Parameters): Processor {
  if (CompressionFormat !== 'GZIP') {
    refuse('Invalid parameter value for CompressionFormat. Allowed value is GZIP.');
  }
  return { kind: 'decompression' };
}

function cloudWatchLogs({ DataMessageExtraction = '' }: Parameters): Processor {
  const value = DataMessageExtraction.toLowerCase();
  if (value !== 'true' && value !== 'false') {
    refuse('Invalid parameter value for DataMessageExtraction. Allowed values are True and False.');
  }
  return { kind: 'cloudWatchLogs', extractMessages: value === 'true' };
}

function deaggregation({ SubRecordType, Delimiter }: Parameters): Processor {
  if (SubRecordType === 'JSON') return { kind: 'deaggregation', subRecords: 'JSON' };
  if (SubRecordType !== 'DELIMITED') return refuse('SubRecordType has to be one of JSON, DELIMITED');
  if (Delimiter === undefined) return refuse('Delimiter should be present for DELIMITED');
  const delimiter = Buffer.from(Delimiter, 'base64');
  if (delimiter.length === 0 || delimiter.toString('base64').replace(/=+$/, '') !== Delimiter.replace(/=+$/, '')) {
    refuse('Delimiter should be base64 encoded');
  }
  return { kind: 'deaggregation', subRecords: 'DELIMITED', delimiter };
}

function lambda(parameters: Parameters): Processor {
  const { LambdaArn, BufferSizeInMBs, BufferIntervalInSeconds, NumberOfRetries } = parameters;
  if (LambdaArn === undefined) return refuse('LambdaArn is required when Lambda processor is used.');
  if (!/^arn:[\w-]+:lambda:/.test(LambdaArn)) refuse('LambdaArn is not the ARN of a Lambda function.');
  if ((BufferSizeInMBs === undefined) !== (BufferIntervalInSeconds === undefined)) {
    refuse(
      'Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for lambda processor.',
    );
  }
  const size = Number(BufferSizeInMBs ?? firehose.defaultLambdaBufferBytes / MiB);
  const seconds = Number(BufferIntervalInSeconds ?? firehose.defaultLambdaBufferInterval / 1000);
  const retries = Number(NumberOfRetries ?? firehose.defaultLambdaRetries);
  if (!(size >= 0.2 && size <= 3)) refuse('BufferSizeInMBs for lambda processor must be between 0.2 and 3.');
  if (!(Number.isInteger(seconds) && seconds >= 0 && seconds <= 900)) {
    refuse('BufferIntervalInSeconds for lambda processor must be between 0 and 900.');
  }
  if (!(Number.isInteger(retries) && retries >= 0 && retries <= 300)) {
    refuse('Number of retries for lambda must be between 0 and 300.');
  }
  return {
    kind: 'lambda',
    arn: LambdaArn,
    hints: { bytes: Math.floor(size * MiB), interval: seconds * 1000 },
    retries,
  };
}

function metadata({ MetadataExtractionQuery: query, JsonParsingEngine }: Parameters): Processor {
  if (JsonParsingEngine !== 'JQ-1.6') refuse('MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6');
  if (query === undefined) return refuse('MetaDataExtraction Query should be present');
  return { kind: 'metadata', query };
}
