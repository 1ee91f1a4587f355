import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { examineTemplate } from '../../../local/doctor/template/index.js';
import { subjectOf } from '../../../local/doctor/template/subject.js';
import type { Template } from '../../../local/doctor/template/template.js';
import { Infra } from '../../../local/infra/infra.js';
import { packageService } from '../../infra/package.js';

const account = { id: '123456789012', region: 'eu-central-1', stage: 'test' };
let template: Template;
let infra: Infra;

beforeAll(async () => {
  template = (await packageService([])).template as Template;
  infra = await Infra.load('.', { ...account, queueUrl: (name) => name });
}, 120_000);

/** The template with something else at `Id.Properties.…`; undefined takes it out. */
type Change = readonly [way: string, value: unknown];

function changed(...changes: readonly Change[]): Template {
  const copy = structuredClone(template) as { Resources: Record<string, unknown> };
  for (const [way, value] of changes) {
    const steps = way.split('/');
    const last = steps.pop() ?? '';
    let at: Record<string, unknown> = copy.Resources;
    for (const step of steps) {
      if (typeof at[step] !== 'object' || at[step] === null) at[step] = {};
      at = at[step] as Record<string, unknown>;
    }
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return copy as unknown as Template;
}

function examine(subject: Template, bytes = JSON.stringify(subject).length) {
  return examineTemplate(subjectOf({ template: subject, bytes, account, declaredAt: (id) => infra.declaredAt(id) }));
}

/** `queues: PLACE: PROBLEM → REMEDY` of all that is to be mended. */
function failures(subject: Template, bytes?: number): string[] {
  return told(subject, 'fail', bytes);
}

function told(subject: Template, result: string, bytes?: number): string[] {
  return examine(subject, bytes).flatMap(({ name, findings }) =>
    findings
      .filter((finding) => finding.result === result)
      .map(({ place, problem, remedy }) => `${name}: ${place}: ${problem} → ${remedy}`),
  );
}

const stream = 'LogStream/Properties/ExtendedS3DestinationConfiguration';
const projection = 'AccessTable/Properties/TableInput/Parameters';
const glue = 'AccessTable/Properties/TableInput';
const statement = (extra: object) => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::a/*',
  ...extra,
});
const policyWith = (...statements: readonly object[]) => [
  { PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: statements } },
];

/** What a line says of a template that is broken in one place; it has to be the only line. */
const broken: readonly (readonly [name: string, expected: RegExp, ...changes: readonly Change[]])[] = [
  // Firehose
  [
    'a buffer below 64 MB',
    /^stream: infra\/resources\/firehose\.yml:\d+ LogStream\.\S+: Firehose answers: BufferingHints\.SizeInMBs must be at least 64 when/,
    [`${stream}/BufferingHints/SizeInMBs`, 5],
  ],
  [
    'a buffer of less than a minute',
    /^stream: .*IntervalInSeconds must be at least 60 seconds/,
    [`${stream}/BufferingHints/IntervalInSeconds`, 30],
  ],
  ['a buffer above 128 MB', /^stream: .*sizeInMBs.*128/i, [`${stream}/BufferingHints/SizeInMBs`, 256]],
  [
    'a transformation of more than 3 MB',
    /^stream: .*BufferSizeInMBs/,
    [`${stream}/ProcessingConfiguration/Processors/0/Parameters/2/ParameterValue`, '4'],
  ],
  [
    'a prefix without a partition key',
    /^stream: .*should contain Dynamic Partitioning namespaces/,
    [`${stream}/Prefix`, 'logs/'],
  ],
  [
    'a prefix that is no expression',
    /^stream: .*Must be of the form/,
    [`${stream}/Prefix`, 'logs/!{partitionKeyFromLambda}/'],
  ],
  [
    'an error prefix without its type',
    /^stream: .*must contain at least one occurrence of !\{firehose:error-output-type\}/,
    [`${stream}/ErrorOutputPrefix`, 'failed/!{timestamp:yyyy}/'],
  ],
  [
    'no error prefix',
    /^stream: .*ErrorOutputPrefix cannot be null or empty/,
    [`${stream}/ErrorOutputPrefix`, undefined],
  ],
  [
    'partitioning without a transformation',
    /^stream: .*Processing Configuration is not enabled/,
    [`${stream}/ProcessingConfiguration/Enabled`, false],
  ],
  ["a compression that there isn't", /^stream: .*ZIP, HADOOP_SNAPPY/i, [`${stream}/CompressionFormat`, 'BROTLI']],
  ['a file extension without a dot', /^stream: .*fileExtension/i, [`${stream}/FileExtension`, 'json.gz']],
  [
    'a key of your own that is not said',
    /^stream: .*KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK/,
    ['LogStream/Properties/DeliveryStreamEncryptionConfigurationInput', { KeyType: 'CUSTOMER_MANAGED_CMK' }],
  ],
  [
    'a key of your own beside that of AWS',
    /^stream: .*KeyARN cannot be specified when KeyType is AWS_OWNED_CMK/,
    [
      'LogStream/Properties/DeliveryStreamEncryptionConfigurationInput',
      { KeyType: 'AWS_OWNED_CMK', KeyARN: 'arn:aws:kms:us-east-1:111122223333:key/1' },
    ],
  ],
  ['a property that Firehose does not have', /^stream: .*extraneous key \[Buffering\]/, [`${stream}/Buffering`, {}]],
  [
    'a transformation that takes longer than Firehose waits',
    /^stream: infra\/functions\.yml:\d+ TransformLambdaFunction\.Timeout: 600 s, .* → write at most 300$/,
    ['TransformLambdaFunction/Properties/Timeout', 600],
  ],
  // Glue
  [
    'a database in capitals',
    /^tables: .*LogsDatabase\.DatabaseInput\.Name: .* → write firesplit_prod_eu$/,
    ['LogsDatabase/Properties/DatabaseInput/Name', 'Firesplit_prod-eu'],
  ],
  ['a table in capitals', /^tables: .*AccessTable\.TableInput\.Name: /, [`${glue}/Name`, 'Access']],
  ['a column twice', /^tables: .*Columns\[1\]: ts is there twice/, [`${glue}/StorageDescriptor/Columns/1/Name`, 'ts']],
  [
    'a column that is a partition key',
    /^tables: .*PartitionKeys\[1\]: arrived is there twice/,
    [`${glue}/StorageDescriptor/Columns/0/Name`, 'arrived'],
  ],
  [
    'a type that Athena does not know',
    /^tables: .*Columns\[0\]\.Type: "datetime" of ts is no type/,
    [`${glue}/StorageDescriptor/Columns/0/Type`, 'datetime'],
  ],
  [
    'a location without its slash',
    /^tables: .*Location: s3:\/\/b\/logs is no folder/,
    [`${glue}/StorageDescriptor/Location`, 's3://b/logs'],
  ],
  [
    'a partition key without projection',
    /^tables: .*projection\.arrived\.type: the partition key arrived has none/,
    [`${projection}/projection.arrived.type`, undefined],
  ],
  [
    'a date without a format',
    /^tables: .*projection\.arrived\.format: a date without a format/,
    [`${projection}/projection.arrived.format`, undefined],
  ],
  [
    'hours without their interval',
    /^tables: .*projection\.arrived\.interval: .* finer than days/,
    [`${projection}/projection.arrived.interval.unit`, undefined],
  ],
  [
    'a range of one end',
    /^tables: .*projection\.arrived\.range: NOW-14DAYS: every query fails/,
    [`${projection}/projection.arrived.range`, 'NOW-14DAYS'],
  ],
  [
    'an enum without values',
    /^tables: .*projection\.type\.values: an enum without values/,
    [`${projection}/projection.type.values`, ''],
  ],
  [
    'projection of what is no key',
    /^tables: .*projection\.hour\.type: hour is no partition key/,
    [`${projection}/projection.hour.type`, 'integer'],
  ],
  [
    'a template without a key',
    /^tables: .*storage\.location\.template: it does not name the partition key arrived/,
    [`${projection}/storage.location.template`, `s3://b/logs/type=\${type}/`],
  ],
  // Athena
  [
    'a workgroup without a place for results',
    /^queries: .*QueryWorkGroup\.\S+OutputLocation: there is none/,
    ['QueryWorkGroup/Properties/WorkGroupConfiguration/ResultConfiguration', {}],
  ],
  [
    'a scan limit below 10 MB',
    /^properties: .*BytesScannedCutoffPerQuery: 1000 bytes, and AWS takes at least 10000000/,
    ['QueryWorkGroup/Properties/WorkGroupConfiguration/BytesScannedCutoffPerQuery', 1000],
  ],
  [
    'a query of a workgroup that the stack does not make',
    /^queries: Asked\.WorkGroup: the stack makes no workgroup firesplit-prod → write !Ref QueryWorkGroup$/,
    [
      'Asked',
      {
        Type: 'AWS::Athena::NamedQuery',
        Properties: { Database: 'a', QueryString: 'SELECT 1', WorkGroup: 'firesplit-prod' },
      },
    ],
  ],
  // Lambda
  [
    'a function of a long name',
    /^properties: .*AlertLambdaFunction\.FunctionName: the name .* of 71 characters is refused/,
    ['AlertLambdaFunction/Properties/FunctionName', `firesplit-${'a'.repeat(61)}`],
  ],
  [
    'too little memory',
    /^properties: .*AlertLambdaFunction\.MemorySize: 64 MB, and AWS takes 128 to 10240/,
    ['AlertLambdaFunction/Properties/MemorySize', 64],
  ],
  [
    'a timeout of an hour',
    /^properties: .*CompactLambdaFunction\.Timeout: 3600 s/,
    ['CompactLambdaFunction/Properties/Timeout', 3600],
    ['CompactionQueue/Properties/VisibilityTimeout', 21600],
  ],
  [
    'a disk that is too large',
    /^properties: .*EphemeralStorage\.Size: 20480 MB/,
    ['CompactLambdaFunction/Properties/EphemeralStorage/Size', 20480],
  ],
  [
    'a runtime of the past',
    /^functions: .*AlertLambdaFunction\.Runtime: nodejs16\.x is not among/,
    ['AlertLambdaFunction/Properties/Runtime', 'nodejs16.x'],
  ],
  [
    'an environment of more than 4 KB',
    /^functions: .*AlertLambdaFunction\.Environment\.Variables: \d+ bytes of names and values, and Lambda takes 4096/,
    ['AlertLambdaFunction/Properties/Environment/Variables/BIG', 'x'.repeat(4096)],
  ],
  [
    'a variable that Lambda sets',
    /^functions: .*Variables\.AWS_REGION: Lambda sets it itself/,
    ['AlertLambdaFunction/Properties/Environment/Variables/AWS_REGION', 'eu-west-1'],
  ],
  [
    'two functions of one name',
    /^properties: .*FunctionName: TransformLambdaFunction has the name firesplit-test-transform already/,
    ['ReplayLambdaFunction/Properties/FunctionName', 'firesplit-test-transform'],
  ],
  [
    'a retry too many',
    /^properties: SweepLambdaEvConf\.MaximumRetryAttempts: 5, and AWS takes 0 to 2/,
    ['SweepLambdaEvConf/Properties/MaximumRetryAttempts', 5],
  ],
  // SQS
  [
    'a message that is hidden for less than the function takes',
    /^queues: infra\/resources\/queue\.yml:\d+ SignalsQueue\.VisibilityTimeout: 20 s, less than the 30 s that AlertLambdaFunction may take: Lambda refuses to poll it → write at least 181$/,
    ['SignalsQueue/Properties/VisibilityTimeout', 20],
  ],
  [
    'a message kept for a month',
    /^properties: .*SignalsQueue\.MessageRetentionPeriod: 2592000 s/,
    ['SignalsQueue/Properties/MessageRetentionPeriod', 2592000],
    ['SignalsDeadLetterQueue/Properties/MessageRetentionPeriod', 1209600],
  ],
  [
    'dead letters to a queue of another type',
    /^queues: .*SignalsQueue\.RedrivePolicy: SignalsDeadLetterQueue is a FIFO queue/,
    ['SignalsDeadLetterQueue/Properties/FifoQueue', true],
    ['SignalsDeadLetterQueue/Properties/QueueName', 'firesplit-test-signals-dead.fifo'],
  ],
  [
    'a redrive policy without its count',
    /^queues: .*SignalsQueue\.RedrivePolicy: SQS wants both/,
    ['SignalsQueue/Properties/RedrivePolicy/maxReceiveCount', undefined],
  ],
  [
    'dead letters that are not let in',
    /^queues: .*SignalsDeadLetterQueue\.RedriveAllowPolicy: it does not let SignalsQueue/,
    ['SignalsDeadLetterQueue/Properties/RedriveAllowPolicy/sourceQueueArns', []],
  ],
  [
    'a batch without a window',
    /^queues: .*AlertEventSourceMapping\S+\.BatchSize: 100 messages without/,
    ['AlertEventSourceMappingSQSSignalsQueue/Properties/BatchSize', 100],
    ['AlertEventSourceMappingSQSSignalsQueue/Properties/MaximumBatchingWindowInSeconds', undefined],
  ],
  [
    'a concurrency of one',
    /^properties: .*ScalingConfig\.MaximumConcurrency: 1, and AWS takes 2 to 1000/,
    ['AlertEventSourceMappingSQSSignalsQueue/Properties/ScalingConfig/MaximumConcurrency', 1],
  ],
  [
    'a poller without its permissions',
    /^queues: infra\/roles\.yml:\d+ ReplayWorkerRole\.Policies: it lacks sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes on ReplayQueue/,
    ['ReplayWorkerRole/Properties/Policies', policyWith(statement({}))],
  ],
  [
    'a queue of a strange name',
    /^properties: .*ReplayQueue\.QueueName: the name "firesplit test" of 14 characters/,
    ['ReplayQueue/Properties/QueueName', 'firesplit test'],
    ['ReplayDeadLetterQueue/Properties/RedriveAllowPolicy', undefined],
    ['ReplayWorkerRole/Properties/Policies', policyWith(statement({ Action: 'sqs:*', Resource: '*' }))],
  ],
  // DynamoDB
  [
    'an index of an attribute that is not defined',
    /^state: .*AlertsTable\.GlobalSecondaryIndexes\[0\]\.KeySchema: the key when is not among/,
    ['AlertsTable/Properties/GlobalSecondaryIndexes/0/KeySchema/1/AttributeName', 'when'],
    [
      'AlertsTable/Properties/AttributeDefinitions',
      [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'agenda', AttributeType: 'S' },
      ],
    ],
  ],
  [
    'an attribute that is in no key',
    /^state: .*AttributeDefinitions: severity is in no key/,
    ['AlertsTable/Properties/AttributeDefinitions/3', { AttributeName: 'severity', AttributeType: 'S' }],
  ],
  [
    'a table that is paid in neither way',
    /^state: .*AlertsTable\.BillingMode: the table has neither/,
    ['AlertsTable/Properties/BillingMode', undefined],
  ],
  [
    'expiry by no attribute',
    /^state: .*TimeToLiveSpecification\.AttributeName: it is missing/,
    ['AlertsTable/Properties/TimeToLiveSpecification/AttributeName', undefined],
  ],
  [
    'expiry by a text',
    /^state: .*TimeToLiveSpecification\.AttributeName: agenda is no number/,
    ['AlertsTable/Properties/TimeToLiveSpecification/AttributeName', 'agenda'],
  ],
  // S3
  [
    'a bucket in capitals',
    /^bucket: .*LogsBucket\.BucketName: "Firesplit-Logs" has other characters/,
    ['LogsBucket/Properties/BucketName', 'Firesplit-Logs'],
  ],
  [
    'a bucket of a long name',
    /^bucket: .*BucketName: "a+" has 64 characters, and a bucket's name 3 to 63/,
    ['LogsBucket/Properties/BucketName', 'a'.repeat(64)],
  ],
  [
    'objects that move after they are deleted',
    /^bucket: .*Rules\[0\]\.Transitions: objects go to GLACIER after 90 days and are deleted after 14/,
    [
      'LogsBucket/Properties/LifecycleConfiguration/Rules/0/Transitions',
      [{ StorageClass: 'GLACIER', TransitionInDays: 90 }],
    ],
  ],
  [
    'objects that move too early',
    /^bucket: .*Rules\[1\]\.Transitions: 7 days until STANDARD_IA, and S3 takes at least 30/,
    [
      'LogsBucket/Properties/LifecycleConfiguration/Rules/1/Transitions',
      [{ StorageClass: 'STANDARD_IA', TransitionInDays: 7 }],
    ],
  ],
  [
    'a lifecycle that does nothing',
    /^bucket: .*Rules\[0\]: it does nothing/,
    ['LogsBucket/Properties/LifecycleConfiguration/Rules/0', { Id: 'none', Status: 'Enabled', Prefix: 'logs/' }],
  ],
  [
    'no days of retention',
    /^bucket: .*Rules\[1\]\.ExpirationInDays: 0 are no days/,
    ['LogsBucket/Properties/LifecycleConfiguration/Rules/1/ExpirationInDays', 0],
  ],
  [
    'two lifecycle rules of one Id',
    /^bucket: .*Rules\[1\]\.Id: expire-logs is the Id of another rule/,
    ['LogsBucket/Properties/LifecycleConfiguration/Rules/1/Id', 'expire-logs'],
  ],
  // IAM
  [
    'more policy than a role may have',
    /^roles: .*SweepRole\.Policies: \d{5} characters without white space, and IAM takes 10240/,
    [
      'SweepRole/Properties/Policies',
      policyWith(
        statement({ Resource: Array.from({ length: 300 }, (_, n) => `arn:aws:s3:::bucket-of-somebody-else/${n}`) }),
      ),
    ],
  ],
  [
    'a role of a long name',
    /^properties: .*SweepRole\.RoleName: the name/,
    ['SweepRole/Properties/RoleName', 'r'.repeat(65)],
  ],
  [
    'a role that nobody can take on',
    /^roles: .*SweepRole\.AssumeRolePolicyDocument: no statement allows/,
    ['SweepRole/Properties/AssumeRolePolicyDocument', { Statement: [] }],
  ],
  [
    'an action without its service',
    /^roles: .*SweepRole\.Policies\[0\]\.PolicyDocument\.Statement\[0\]\.Action: GetObject is no action/,
    ['SweepRole/Properties/Policies', policyWith(statement({ Action: 'GetObject' }))],
  ],
  [
    'a resource that is no ARN',
    /^roles: .*Statement\[0\]\.Resource: "my-bucket" is no ARN/,
    ['SweepRole/Properties/Policies', policyWith(statement({ Resource: 'my-bucket' }))],
  ],
  [
    'two statements of one Sid',
    /^roles: .*two statements have the Sid Read/,
    ['SweepRole/Properties/Policies', policyWith(statement({ Sid: 'Read' }), statement({ Sid: 'Read' }))],
  ],
  // Alarms, schedules, log groups
  [
    'an alarm of 45 seconds',
    /^alarms: .*CompactionBehindAlarm\.Period: 45, and CloudWatch takes/,
    ['CompactionBehindAlarm/Properties/Period', 45],
  ],
  [
    'an alarm that looks back for two days',
    /^alarms: .*CompactionBehindAlarm\.EvaluationPeriods: 192 periods of 900 s/,
    ['CompactionBehindAlarm/Properties/EvaluationPeriods', 192],
  ],
  [
    'an alarm that tells a name',
    /^alarms: .*AlarmActions: "oncall" is no ARN/,
    ['CompactionBehindAlarm/Properties/AlarmActions', ['oncall']],
  ],
  [
    'an alarm without a threshold',
    /^alarms: .*CompactionBehindAlarm\.Threshold: it is missing/,
    ['CompactionBehindAlarm/Properties/Threshold', undefined],
  ],
  [
    'a schedule in the wrong number',
    /^alarms: .*ScheduleExpression: rate\(1 minutes\) is no schedule → write rate\(1 minute\)$/,
    ['SweepEventsRuleSchedule1/Properties/ScheduleExpression', 'rate(1 minutes)'],
  ],
  [
    'a log group kept for 100 days',
    /^alarms: .*DeliveryLogGroup\.RetentionInDays: 100 is none of the numbers .* → write 120$/,
    ['DeliveryLogGroup/Properties/RetentionInDays', 100],
  ],
  [
    'e-mail to no address',
    /^alarms: Told\.Endpoint: "oncall" is no endpoint of email/,
    [
      'Told',
      {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: 'arn:aws:sns:eu-central-1:1:t', Protocol: 'email', Endpoint: 'oncall' },
      },
    ],
  ],
  // References
  [
    'a Ref to nothing',
    /^references: .*AlertLambdaFunction\.Environment\.Variables\.ALERTS_TABLE: it names AlertTable, and there is no such resource → did you mean AlertsTable\?$/,
    ['AlertLambdaFunction/Properties/Environment/Variables/ALERTS_TABLE', { Ref: 'AlertTable' }],
  ],
  [
    'a Fn::Sub of nothing',
    /^references: .*it names LogBucket, and there is no such resource → did you mean LogsBucket\?$/,
    ['AlertLambdaFunction/Properties/Environment/Variables/HERE', { 'Fn::Sub': `\${LogBucket}/x` }],
  ],
  [
    'a DependsOn of nothing',
    /^references: .*LogStream\.DependsOn: it names FirehosePolice/,
    ['LogStream/DependsOn', ['FirehosePolicy', 'FirehosePolice']],
  ],
  [
    'an attribute that a queue does not have',
    /^references: .*SignalsQueue is an AWS::SQS::Queue and has no Name → ask for one of Arn, QueueName, QueueUrl$/,
    ['AlertLambdaFunction/Properties/Environment/Variables/HERE', { 'Fn::GetAtt': ['SignalsQueue', 'Name'] }],
  ],
  [
    'what is only there under a condition',
    /^references: .*it names SilenceUrl, which is not made: its condition SilenceLinks does not hold/,
    ['AlertLambdaFunction/Properties/Environment/Variables/HERE', { 'Fn::GetAtt': ['SilenceUrl', 'FunctionUrl'] }],
  ],
  [
    "a condition that there isn't",
    /^references: .*there is no condition SilenceLink → did you mean SilenceLinks\?$/,
    ['SilenceUrl/Condition', 'SilenceLink'],
  ],
  [
    'a circle',
    /^references: .*each is made only when the next one is there/,
    ['SignalsDeadLetterQueue/DependsOn', ['SignalsQueue']],
  ],
  [
    "a pseudo parameter that there isn't",
    /^references: .*there is no pseudo parameter AWS::Account → did you mean AWS::AccountId\?$/,
    ['AlertLambdaFunction/Properties/Environment/Variables/HERE', { Ref: 'AWS::Account' }],
  ],
  // The stack
  [
    'a logical id with a hyphen',
    /^stack: my-queue: a logical id is of letters and digits alone.* → rename it to myqueue$/,
    ['my-queue', { Type: 'AWS::SQS::Queue', Properties: {} }],
  ],
  [
    'a variable of the framework',
    /^stack: .*\$\{param:strem\} was not replaced/,
    ['AlertLambdaFunction/Properties/Description', `\${param:strem}`],
  ],
  [
    '500 resources too many',
    /^stack: Resources: \d+ of them, and a template has at most 500/,
    ...Array.from({ length: 500 }, (_, n): Change => [`More${n}`, { Type: 'AWS::SQS::Queue', Properties: {} }]),
  ],
];

describe('the packaged template', () => {
  it('has nothing to mend', () => {
    expect(failures(template)).toEqual([]);
    expect(told(template, 'unknown')).toEqual([]);
  });

  it.each(broken)('with %s says so in one line', (_, expected, ...changes) => {
    const lines = failures(changed(...changes));
    expect(lines).toEqual([expect.stringMatching(expected)]);
    expect(lines[0]).not.toContain('\n');
    expect(lines[0]).toMatch(/ → \S/);
  });

  it('is refused above a megabyte', () => {
    expect(failures(template, 2_000_000)).toEqual([
      'stack: template: 2,000,000 bytes, and CloudFormation reads at most 1,048,576 bytes → shorten descriptions and comments of columns, or give a part a stack of its own',
    ]);
  });

  it('warns of what AWS takes and will hurt', () => {
    const warnings = (...changes: Change[]) => {
      const before = told(template, 'warn');
      const subject = changed(...changes);
      expect(failures(subject)).toEqual([]);
      return told(subject, 'warn').filter((line) => !before.includes(line));
    };
    expect(warnings(['SignalsQueue/Properties/VisibilityTimeout', 60])).toEqual([
      expect.stringContaining(
        'SignalsQueue.VisibilityTimeout: 60 s, less than six times the 30 s of AlertLambdaFunction and the 1 s that a message waits for others: a message',
      ),
    ]);
    // Messages would be handed out again before the function has them.
    const window = 'AlertEventSourceMappingSQSSignalsQueue/Properties/MaximumBatchingWindowInSeconds';
    expect(warnings([window, 300])).toEqual([
      expect.stringMatching(/SignalsQueue\.VisibilityTimeout: 210 s, .* the 300 s .* → write at least 480$/),
    ]);
    expect(warnings([window, 30])).toEqual([]);
    expect(warnings(['LogStream/DependsOn', []])).toEqual([
      expect.stringContaining('LogStream.DependsOn: the stream may be made before FirehosePolicy'),
    ]);
    expect(warnings(['SignalsDeadLetterQueue/Properties/MessageRetentionPeriod', 60])).toEqual([
      expect.stringContaining(
        'SignalsDeadLetterQueue.MessageRetentionPeriod: 60 s, less than the 1209600 s of SignalsQueue',
      ),
    ]);
    expect(warnings(['DeliveryLogGroup/Properties/RetentionInDays', undefined])).toEqual([
      expect.stringContaining('DeliveryLogGroup.RetentionInDays: it keeps its events for ever'),
    ]);
    expect(warnings(['LogsBucket/Properties/PublicAccessBlockConfiguration/BlockPublicAcls', false])).toEqual([
      expect.stringContaining('PublicAccessBlockConfiguration: BlockPublicAcls is not true'),
    ]);
    expect(warnings([`${projection}/projection.enabled`, 'false'])).toEqual([
      expect.stringContaining(
        'AccessTable.TableInput.Parameters: it has partition keys, and projection is not enabled',
      ),
    ]);
    expect(warnings(['AlertLambdaFunction/Properties/Runtime', 'nodejs26.x'])).toEqual([
      expect.stringContaining('AlertLambdaFunction.Runtime: nodejs26.x is not among the runtimes'),
    ]);
  });

  it('is examined whatever stands in it', () => {
    const ways = waysIn(template.Resources);
    fc.assert(
      fc.property(fc.constantFrom(...ways), fc.jsonValue(), (way, value) => {
        const steps = way.split('/');
        // A resource without a type is refused when the template is read.
        if (steps.length === 1 || steps[1] === 'Type') return;
        expect(examine(changed([way, value])).length).toBeGreaterThan(10);
      }),
      { numRuns: 300 },
    );
  });
});

function waysIn(value: unknown, before: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [before.join('/')];
  const inner = Object.entries(value).flatMap(([key, each]) =>
    key.includes('/') ? [] : waysIn(each, [...before, key]),
  );
  return before.length === 0 ? inner : [before.join('/'), ...inner];
}
