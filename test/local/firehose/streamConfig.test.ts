import { describe, expect, it } from '@jest/globals';
import { streamConfig } from '../../../local/firehose/streamConfig.js';
import { Infra } from '../../../local/infra/infra.js';
import { projectRoot } from '../../../local/infra/project.js';
import type { Resolved } from '../../../local/infra/resolver.js';

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
  it('reads the stream that is deployed', () => {
    const config = streamConfig(deployed, arn);
    expect(config).toMatchObject({
      name: 'logs',
      arn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/logs',
      extension: '.json.gz',
      hints: { bytes: 128 * 1024 * 1024, interval: 60_000 },
      lambda: {
        arn: 'arn:aws:lambda:us-east-1:000000000000:function:firesplit-local-transform',
        hints: { bytes: 3 * 1024 * 1024, interval: 20_000 },
        retries: 3,
      },
    });
    expect(config.prefix.partitionFor({ type: 'app', dt: '2026-11-22', hour: '16' })).toEqual({
      found: true,
      prefix: 'logs/type=app/dt=2026-11-22/hour=16/',
    });
  });

  it('shares a flush time between the two buffers', () => {
    const { hints, lambda } = streamConfig(deployed, arn, 3000);
    expect([hints.interval, lambda.hints.interval]).toEqual([1500, 1500]);
  });

  it.each([
    [{ Prefix: 'logs/' }, 'S3 Prefix should contain Dynamic Partitioning namespaces'],
    [{ Prefix: 'logs/!{partitionKeyFromLambda:type}/!{timestamp:DDD}/' }, 'Prefix: "DDD" in the timestamp pattern'],
    [{ ErrorOutputPrefix: 'failed/' }, 'ErrorOutputPrefix must use !{firehose:error-output-type}'],
    [{ CompressionFormat: 'GZIP' }, 'CompressionFormat must be UNCOMPRESSED'],
    [{ ProcessingConfiguration: { Enabled: true, Processors: [] } }, 'exactly one enabled processor'],
    [{ BufferingHints: { SizeInMBs: 'many' } }, 'SizeInMBs must be a number, found "many"'],
    [{ DynamicPartitioningConfiguration: { Enabled: false } }, 'DynamicPartitioningConfiguration'],
  ])('refuses %j, naming the place', (properties, message) => {
    expect(() => streamConfig(changed(properties), arn)).toThrow(message);
    expect(() => streamConfig(changed(properties), arn)).toThrow(/^infra\/resources\/firehose\.yml:\d+: LogStream: /);
  });
});
