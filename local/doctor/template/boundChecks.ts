import { athena, cloudWatch, dynamodb, firehose, iam, lambda, sns, sqs } from '../../../shared/limits.js';
import type { Finding } from '../finding.js';
import { type Checks, fail, numberOf, ofType, type Resource, type Subject, toldText, valueAt } from './subject.js';

/** Least and greatest value of a property; both may be taken. */
interface Bound {
  readonly way: string;
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
}

interface NameRule {
  readonly way: string;
  readonly pattern: RegExp;
  readonly allowed: string;
}

interface Bounds {
  readonly bounds?: readonly Bound[];
  /** The name that AWS knows it by: no two of a type have the same. */
  readonly name?: NameRule;
  /** Properties without which it is refused. */
  readonly required?: readonly string[];
  readonly source: string;
}

const docs = 'https://docs.aws.amazon.com';
const reference = `${docs}/AWSCloudFormation/latest/TemplateReference`;
const seconds = (ms: number) => ms / 1000;

/** What the services' models say of single properties. */
const byType: Readonly<Record<string, Bounds>> = {
  'AWS::Lambda::Function': {
    bounds: [
      { way: 'MemorySize', ...lambda.memory, unit: 'MB' },
      { way: 'Timeout', min: 1, max: seconds(lambda.maxDuration), unit: 's' },
      { way: 'EphemeralStorage.Size', ...lambda.ephemeralStorage, unit: 'MB' },
      { way: 'ReservedConcurrentExecutions', min: 0, max: Number.MAX_SAFE_INTEGER },
    ],
    name: { way: 'FunctionName', pattern: lambda.functionName, allowed: 'at most 64 letters, digits, - and _' },
    required: ['Code', 'Role'],
    source: `${docs}/lambda/latest/api/API_CreateFunction.html`,
  },
  'AWS::Lambda::EventSourceMapping': {
    bounds: [
      { way: 'BatchSize', ...lambda.batchSize },
      { way: 'MaximumBatchingWindowInSeconds', ...lambda.batchingWindowSeconds, unit: 's' },
      { way: 'ScalingConfig.MaximumConcurrency', ...lambda.sourceConcurrency },
    ],
    required: ['FunctionName'],
    source: `${docs}/lambda/latest/api/API_CreateEventSourceMapping.html`,
  },
  'AWS::Lambda::EventInvokeConfig': {
    bounds: [
      { way: 'MaximumEventAgeInSeconds', ...lambda.eventAgeSeconds, unit: 's' },
      { way: 'MaximumRetryAttempts', ...lambda.asyncRetries },
    ],
    source: `${docs}/lambda/latest/api/API_PutFunctionEventInvokeConfig.html`,
  },
  'AWS::SQS::Queue': {
    bounds: [
      { way: 'VisibilityTimeout', min: 0, max: seconds(sqs.maxVisibility), unit: 's' },
      { way: 'MessageRetentionPeriod', min: seconds(sqs.minRetention), max: seconds(sqs.maxRetention), unit: 's' },
      { way: 'DelaySeconds', min: 0, max: seconds(sqs.maxDelay), unit: 's' },
      { way: 'ReceiveMessageWaitTimeSeconds', min: 0, max: seconds(sqs.maxWait), unit: 's' },
      { way: 'MaximumMessageSize', min: sqs.leastMessageBytes, max: sqs.maxMessageBytes, unit: 'bytes' },
      { way: 'RedrivePolicy.maxReceiveCount', ...sqs.receiveCount },
    ],
    name: {
      way: 'QueueName',
      pattern: sqs.queueName,
      allowed: 'at most 80 letters, digits, - and _',
    },
    source: `${docs}/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html`,
  },
  'AWS::DynamoDB::Table': {
    name: { way: 'TableName', pattern: dynamodb.tableName, allowed: '3 to 255 letters, digits, -, _ and .' },
    required: ['KeySchema'],
    source: `${docs}/amazondynamodb/latest/APIReference/API_CreateTable.html`,
  },
  'AWS::IAM::Role': {
    name: { way: 'RoleName', pattern: iam.roleName, allowed: 'at most 64 letters, digits and +=,.@_-' },
    required: ['AssumeRolePolicyDocument'],
    source: `${docs}/IAM/latest/APIReference/API_CreateRole.html`,
  },
  'AWS::Athena::WorkGroup': {
    bounds: [
      {
        way: 'WorkGroupConfiguration.BytesScannedCutoffPerQuery',
        min: athena.minScanCutoffBytes,
        max: Number.MAX_SAFE_INTEGER,
        unit: 'bytes',
      },
    ],
    name: { way: 'Name', pattern: athena.workGroupName, allowed: 'at most 128 letters, digits, ., _ and -' },
    required: ['Name'],
    source: `${docs}/athena/latest/APIReference/API_CreateWorkGroup.html`,
  },
  'AWS::CloudWatch::Alarm': {
    bounds: [
      { way: 'EvaluationPeriods', min: 1, max: Number.MAX_SAFE_INTEGER },
      { way: 'DatapointsToAlarm', min: 1, max: Number.MAX_SAFE_INTEGER },
    ],
    name: { way: 'AlarmName', pattern: cloudWatch.alarmName, allowed: 'at most 255 characters' },
    required: ['ComparisonOperator', 'EvaluationPeriods'],
    source: `${docs}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`,
  },
  'AWS::Logs::LogGroup': {
    name: {
      way: 'LogGroupName',
      pattern: cloudWatch.logGroupName,
      allowed: 'at most 512 letters, digits and ./-_#',
    },
    source: `${docs}/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html`,
  },
  'AWS::SNS::Topic': {
    name: {
      way: 'TopicName',
      pattern: sns.topicName,
      allowed: 'at most 256 letters, digits, - and _',
    },
    source: `${docs}/sns/latest/api/API_CreateTopic.html`,
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    name: {
      way: 'DeliveryStreamName',
      pattern: firehose.streamName,
      allowed: 'at most 64 letters, digits, _, . and -',
    },
    source: `${docs}/firehose/latest/APIReference/API_CreateDeliveryStream.html`,
  },
  'AWS::S3::BucketPolicy': {
    required: ['Bucket', 'PolicyDocument'],
    source: `${reference}/aws-resource-s3-bucketpolicy.html`,
  },
};

/** Numbers, names and missing properties. */
export const boundChecks: Checks = (subject) =>
  Object.entries(byType).flatMap(([type, { bounds = [], name, required = [], source }]) => {
    const resources = ofType(subject, type);
    return [
      ...resources.flatMap((resource) => [
        ...bounds.flatMap((bound) => outOfBounds(subject, resource, bound, source)),
        ...(name === undefined ? [] : misnamed(subject, resource, name, source)),
        ...missing(subject, resource, required, source),
      ]),
      ...(name === undefined ? [] : sameName(subject, resources, name.way)),
    ];
  });

function outOfBounds(subject: Subject, { id, properties }: Resource, bound: Bound, source: string): Finding[] {
  const { way, min, max, unit } = bound;
  const value = valueAt(properties, way);
  // What only the deployment can tell is a text with ${…}; anything else has to be a number.
  if (value === undefined || value === null || (typeof value === 'string' && value.includes('${'))) return [];
  const number = numberOf(value);
  const span = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `${min} to ${max}`;
  const told = { remedy: `write a whole number${unit ? ` of ${unit}` : ''}, ${span}`, source };
  if (number === undefined || !Number.isInteger(number)) {
    return [fail(subject, id, way, { problem: `${JSON.stringify(value)} is no whole number`, ...told })];
  }
  if (number >= min && number <= max) return [];
  const problem = `${number}${unit ? ` ${unit}` : ''}, and AWS takes ${span}`;
  return [fail(subject, id, way, { problem, ...told })];
}

function misnamed(
  subject: Subject,
  resource: Resource,
  { way, pattern, allowed }: NameRule,
  source: string,
): Finding[] {
  const name = toldText(valueAt(resource.properties, way));
  if (name === undefined || pattern.test(name)) return [];
  const problem = `the name ${JSON.stringify(name)} of ${name.length} characters is refused: a name is ${allowed}`;
  return [fail(subject, resource.id, way, { problem, remedy: 'shorten or rename it, or its stage', source })];
}

function missing(subject: Subject, resource: Resource, required: readonly string[], source: string): Finding[] {
  return required
    .filter((way) => (resource.properties[way] ?? null) === null)
    .map((way) => fail(subject, resource.id, way, { problem: 'it is missing', remedy: `give it ${way}`, source }));
}

function sameName(subject: Subject, resources: readonly Resource[], way: string): Finding[] {
  const first = new Map<string, string>();
  return resources.flatMap(({ id, properties }) => {
    const name = toldText(valueAt(properties, way));
    if (name === undefined) return [];
    const other = first.get(name);
    first.set(name, other ?? id);
    if (other === undefined) return [];
    const problem = `${other} has the name ${name} already, and only one of them can be made`;
    return [fail(subject, id, way, { problem, remedy: 'give it another name' })];
  });
}
