import { lambda } from '../../../shared/limits.js';
import { AwsError } from '../../aws/awsError.js';
import { encryptionOf, regionOf } from '../../firehose/api/encryption.js';
import { destinationConfig } from '../../firehose/destination/destinationConfig.js';
import { InvalidDestination } from '../../firehose/destination/invalidDestination.js';
import { templateRequest } from '../../firehose/destination/template.js';
import type { StreamConfig } from '../../firehose/stream/streamConfig.js';
import { lambdaOf } from '../../firehose/stream/streamConfig.js';
import type { Resolved } from '../../infra/resolver.js';
import type { Finding } from '../finding.js';
import { type Checks, fail, listOf, mapOf, numberOf, ofType, type Resource, type Subject, warn } from './subject.js';
import { textOf } from './template.js';

const docs = 'https://docs.aws.amazon.com/firehose/latest/dev';
const way = 'ExtendedS3DestinationConfiguration';

/** What CreateDeliveryStream refuses, by the rules of the local Firehose, in AWS's own words. */
export const streamChecks: Checks = (subject) =>
  ofType(subject, 'AWS::KinesisFirehose::DeliveryStream').flatMap((stream) => {
    const read = readStream(stream);
    if ('problem' in read) {
      return [
        fail(subject, stream.id, way, {
          problem: `Firehose answers: ${read.problem}`,
          remedy: `write it as the message allows, or as ${stream.id} of this version has it`,
          source: read.problem.includes('refix') ? `${docs}/s3-prefixes.html` : `${docs}/create-name.html`,
        }),
      ];
    }
    return [...slowTransformation(subject, stream, read.config), ...earlyStream(subject, stream)];
  });

function readStream({ id, properties }: Resource): { readonly config: StreamConfig } | { readonly problem: string } {
  const name = typeof properties.DeliveryStreamName === 'string' ? properties.DeliveryStreamName : id;
  try {
    const request = templateRequest(name, mapOf(named(properties)));
    const destination = request[way];
    if (destination === undefined) return { problem: `there is no ${way}, and nothing else is stored by type` };
    const { KeyType, KeyARN } = mapOf(request.DeliveryStreamEncryptionConfigurationInput);
    const keyArn = KeyARN === undefined ? undefined : textOf(KeyARN);
    // That the key is in the region is checked with the parameters.
    if (KeyType !== undefined) encryptionOf({ KeyType: textOf(KeyType), KeyARN: keyArn }, regionOf(keyArn ?? ''));
    return { config: destinationConfig(name, '', 1, mapOf(destination)) };
  } catch (error) {
    if (error instanceof InvalidDestination) {
      return { problem: `${error.message}${error.detail ? ` (${error.detail})` : ''}` };
    }
    if (error instanceof AwsError) return { problem: error.message };
    throw error;
  }
}

/** Firehose hangs up after five minutes, whatever the function's timeout, and asks again: lines twice. */
function slowTransformation(subject: Subject, stream: Resource, config: StreamConfig): Finding[] {
  const arn = lambdaOf(config)?.arn;
  const target = ofType(subject, 'AWS::Lambda::Function').find(({ id }) => {
    const own = subject.evaluation.identity(id)?.attributes.Arn;
    return own !== undefined && (arn === own || arn?.startsWith(`${own}:`));
  });
  if (target === undefined) return [];
  const timeout = numberOf(target.properties.Timeout) ?? 3;
  const most = lambda.maxTransformTimeout / 1000;
  if (timeout <= most) return [];
  return [
    fail(subject, target.id, 'Timeout', {
      problem: `${timeout} s, and ${stream.id} waits ${most} s for a transformation before it starts another one`,
      remedy: `write at most ${most}`,
      source: `${docs}/data-transformation.html`,
    }),
  ];
}

/** Firehose tries its role on the bucket while the stream is made: a policy that comes later fails the first deployment. */
function earlyStream(subject: Subject, { id, properties }: Resource): Finding[] {
  const waitsFor = [subject.template.Resources[id]?.DependsOn ?? []].flat();
  const role = mapOf(properties[way]).RoleARN;
  return ofType(subject, 'AWS::IAM::Policy')
    .filter((policy) => listOf(policy.properties.Roles).some((name) => textOf(role).endsWith(`:role/${textOf(name)}`)))
    .filter((policy) => !waitsFor.includes(policy.id))
    .map((policy) =>
      warn(subject, id, 'DependsOn', {
        problem: `the stream may be made before ${policy.id}, and Firehose then refuses its role`,
        remedy: `write DependsOn: ${policy.id}`,
        source: `${docs}/controlling-access.html`,
      }),
    );
}

/** With names in the place of those that CloudFormation makes up: ARNs have a shape. */
function named(value: Resolved): Resolved {
  if (typeof value === 'string') return value.replace(/\$\{([\w.]+)\}/g, '$1');
  if (Array.isArray(value)) return (value as readonly Resolved[]).map(named);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, named(inner)]));
}
