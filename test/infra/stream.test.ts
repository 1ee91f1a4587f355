import { beforeAll, describe, expect, it } from '@jest/globals';
import { firehose, lambda } from '../../shared/limits.js';
import { partitionColumns } from '../../shared/schema/index.js';
import { packageService, properties, type Template } from './package.js';

interface Stream {
  DeliveryStreamName: string;
  DeliveryStreamType: string;
  ExtendedS3DestinationConfiguration: {
    Prefix: string;
    ErrorOutputPrefix: string;
    FileExtension: string;
    CompressionFormat: string;
    BufferingHints: { SizeInMBs: number; IntervalInSeconds: number };
    DynamicPartitioningConfiguration: { Enabled: boolean; RetryOptions: { DurationInSeconds: number } };
    ProcessingConfiguration: {
      Enabled: boolean;
      Processors: { Type: string; Parameters: { ParameterName: string; ParameterValue: unknown }[] }[];
    };
    CloudWatchLoggingOptions: { Enabled: boolean; LogGroupName: unknown; LogStreamName: unknown };
  };
}

const MiB = 1024 * 1024;
let template: Template;
let stream: Stream;
let destination: Stream['ExtendedS3DestinationConfiguration'];

beforeAll(async () => {
  ({ template } = await packageService([]));
  stream = properties(template, 'LogStream');
  destination = stream.ExtendedS3DestinationConfiguration;
}, 60_000);

/** What Firehose itself checks when a stream is created, and CloudFormation therefore only finds out while deploying. */
describe('the stream', () => {
  it('takes puts under a valid name', () => {
    expect(stream.DeliveryStreamName).toMatch(firehose.streamName);
    expect(stream.DeliveryStreamType).toBe('DirectPut');
  });

  it('has the buffering hints that dynamic partitioning allows', () => {
    const { SizeInMBs, IntervalInSeconds } = destination.BufferingHints;
    expect(SizeInMBs).toBeGreaterThanOrEqual(64);
    expect(SizeInMBs).toBeLessThanOrEqual(128);
    expect(IntervalInSeconds).toBeGreaterThanOrEqual(60);
    expect(IntervalInSeconds).toBeLessThanOrEqual(900);
  });

  it('partitions by exactly the columns of the schema, in their order', () => {
    expect(destination.DynamicPartitioningConfiguration.Enabled).toBe(true);
    expect(destination.DynamicPartitioningConfiguration.RetryOptions.DurationInSeconds).toBeLessThanOrEqual(7200);
    expect(destination.Prefix).toBe(
      `logs/${partitionColumns.map((column) => `${column}=!{partitionKeyFromLambda:${column}}/`).join('')}`,
    );
  });

  it('keeps failures outside the tables, under an error prefix that Firehose accepts', () => {
    const expressions = expressionsOf(destination.ErrorOutputPrefix);
    expect(destination.ErrorOutputPrefix).toMatch(/^failed\//);
    expect(expressions).toContain('firehose:error-output-type');
    expect(expressions.filter((expression) => expression.startsWith('partitionKeyFrom'))).toEqual([]);
    expect(destination.ErrorOutputPrefix.length).toBeLessThanOrEqual(firehose.maxPrefixLength);
    for (const [, pattern] of expressions.map((expression) => /^timestamp:(.+)$/.exec(expression) ?? [])) {
      // Letters that Firehose refuses unless quoted.
      expect(pattern?.replaceAll(/'[^']*'/g, '') ?? '').not.toMatch(/[CIJPRTUVbfijloprt]/);
    }
  });

  it('adds nothing to the gzip members that the transform returns', () => {
    expect(destination.CompressionFormat).toBe('UNCOMPRESSED');
    expect(destination.FileExtension).toBe('.json.gz');
    expect(destination.ProcessingConfiguration.Processors.map(({ Type }) => Type)).toEqual(['Lambda']);
  });

  it('gives the transform what one invocation can carry', () => {
    const [processor] = destination.ProcessingConfiguration.Processors;
    const parameters = Object.fromEntries(
      (processor?.Parameters ?? []).map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue]),
    );
    expect(destination.ProcessingConfiguration.Enabled).toBe(true);
    expect(parameters.LambdaArn).toEqual({ 'Fn::GetAtt': ['TransformLambdaFunction', 'Arn'] });
    // Firehose wants strings, and the two hints together.
    expect(parameters.BufferSizeInMBs).toMatch(/^[\d.]+$/);
    expect(parameters.BufferIntervalInSeconds).toMatch(/^\d+$/);
    expect(Number(parameters.BufferSizeInMBs)).toBeGreaterThanOrEqual(0.2);
    expect(Number(parameters.BufferSizeInMBs)).toBeLessThanOrEqual(3);
    expect(Number(parameters.BufferIntervalInSeconds)).toBeLessThanOrEqual(900);
    expect(Number(parameters.NumberOfRetries)).toBeLessThanOrEqual(300);
    expect((Number(parameters.BufferSizeInMBs) * MiB * 4) / 3).toBeLessThan(lambda.maxPayloadBytes);
    const { Timeout } = properties<{ Timeout: number }>(template, 'TransformLambdaFunction');
    expect(Timeout * 1000).toBeLessThanOrEqual(lambda.maxTransformTimeout);
  });

  it('waits for its permissions, and logs where Firehose may write', () => {
    expect([template.Resources.LogStream?.DependsOn].flat()).toContain('FirehosePolicy');
    expect(destination.CloudWatchLoggingOptions).toEqual({
      Enabled: true,
      LogGroupName: { Ref: 'DeliveryLogGroup' },
      LogStreamName: { Ref: 'DeliveryLogStream' },
    });
    expect(properties(template, 'DeliveryLogStream')).toMatchObject({
      LogGroupName: { Ref: 'DeliveryLogGroup' },
    });
  });
});

function expressionsOf(prefix: string): string[] {
  return [...prefix.matchAll(/!\{([^}]*)\}/g)].map(([, expression]) => expression ?? '');
}
