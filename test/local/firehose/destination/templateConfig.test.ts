import { describe, expect, it } from '@jest/globals';
import { streamConfig } from '../../../../local/firehose/destination/templateConfig.js';
import { lambdaOf } from '../../../../local/firehose/stream/streamConfig.js';
import { templateStream } from '../../../../local/firehose/stream/templateStream.js';
import { Infra } from '../../../../local/infra/infra.js';
import { projectRoot } from '../../../../local/infra/project.js';
import type { Resolved } from '../../../../local/infra/resolver.js';

const infra = await Infra.load(projectRoot(), {
  region: 'us-east-1',
  id: '000000000000',
  stage: 'local',
  queueUrl: (name) => name,
});
const deployed = infra.resource('LogStream');
const arn = infra.attribute('LogStream', 'Arn');

/** The deployed stream with some of its destination's properties replaced. */
function changed(properties: { readonly [name: string]: Resolved }) {
  const destination = deployed.properties.ExtendedS3DestinationConfiguration as { readonly [name: string]: Resolved };
  const ExtendedS3DestinationConfiguration = { ...destination, ...properties };
  return { ...deployed, properties: { ...deployed.properties, ExtendedS3DestinationConfiguration } };
}

describe('streamConfig', () => {
  it('refuses properties that CloudFormation does not know, with the place of the template', () => {
    const misspelt = changed({ BufferingHint: { SizeInMBs: 64 } });
    expect(() => streamConfig(misspelt, arn)).toThrow(
      /firehose\.yml:\d+.*LogStream: ExtendedS3DestinationConfiguration: extraneous key \[BufferingHint\] is not permitted/,
    );
    const wrong = { ...deployed, properties: { ...deployed.properties, DeliveryStreamNames: 'logs' } };
    expect(() => streamConfig(wrong, arn)).toThrow('the stream: extraneous key [DeliveryStreamNames] is not permitted');
  });

  it.each([
    [{ KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: 'arn:aws:kms:us-east-1:000000000000:alias/mine' }, 'pattern: arn:'],
    [{ KeyType: 'CUSTOMER_MANAGED_CMK' }, 'KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK'],
    [{ KeyType: 'MINE' }, 'enum value set: [AWS_OWNED_CMK, CUSTOMER_MANAGED_CMK]'],
  ])('refuses the encryption %j that Firehose would refuse', (DeliveryStreamEncryptionConfigurationInput, problem) => {
    const properties = { ...deployed.properties, DeliveryStreamEncryptionConfigurationInput };
    expect(() => templateStream({ ...deployed, properties }, arn, 0, undefined)).toThrow(problem);
  });

  it('reads the stream that is deployed', () => {
    const config = streamConfig(deployed, arn);
    expect(config).toMatchObject({
      name: 'logs',
      arn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/logs',
      extension: '.json.gz',
      hints: { bytes: 128 * 1024 * 1024, interval: 60_000 },
      version: 1,
      processors: [
        {
          kind: 'lambda',
          arn: 'arn:aws:lambda:us-east-1:000000000000:function:firesplit-local-transform',
          hints: { bytes: 3 * 1024 * 1024, interval: 20_000 },
          retries: 3,
        },
      ],
      partitioning: { retrySeconds: 300 },
    });
    expect(config.prefix.partitionFor({ lambda: { type: 'app' }, query: {} })).toEqual({
      found: true,
      prefix: 'logs/type=app/arrived=!{timestamp:yyyy-MM-dd-HH}/',
    });
  });

  it('shares a flush time between the two buffers', () => {
    const config = streamConfig(deployed, arn, 3000);
    expect([config.hints.interval, lambdaOf(config)?.hints.interval]).toEqual([1500, 1500]);
  });

  it('takes text for numbers as CloudFormation does', () => {
    const { hints, partitioning } = streamConfig(
      changed({
        BufferingHints: { SizeInMBs: '64', IntervalInSeconds: '90' },
        DynamicPartitioningConfiguration: { Enabled: 'true' },
      }),
      arn,
    );
    expect([hints, partitioning]).toEqual([{ bytes: 64 * 1024 * 1024, interval: 90_000 }, { retrySeconds: 300 }]);
  });

  it.each([
    [{ Prefix: 'logs/' }, 'S3 Prefix should contain Dynamic Partitioning namespaces'],
    [{ Prefix: 'logs/!{partitionKeyFromLambda:type}/!{timestamp:TT}/' }, '(!{timestamp:TT}: the letter "T"'],
    [{ ErrorOutputPrefix: '' }, 'ErrorOutputPrefix cannot be null or empty when Prefix contains expressions'],
    [{ ProcessingConfiguration: { Enabled: true, Processors: [] } }, 'a minimum of 1 processor'],
    [{ BufferingHints: { SizeInMBs: 'many' } }, 'SizeInMBs must be an integer, found "many"'],
    [{ CompressionFormat: 'LZ4' }, 'Member must satisfy enum value set'],
  ])('refuses %j, naming the place', (properties, message) => {
    expect(() => streamConfig(changed(properties), arn)).toThrow(message);
    expect(() => streamConfig(changed(properties), arn)).toThrow(/^infra\/resources\/firehose\.yml:\d+: LogStream: /);
  });
});
