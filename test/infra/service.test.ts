import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { references } from '../../local/doctor/template/references.js';
import { Infra } from '../../local/infra/infra.js';
import { leaseTime } from '../../shared/alerts/state/decide.js';
import { compaction, forward, replay } from '../../shared/bounds.js';
import { otherDays } from '../../shared/compact/engine.js';
import { layout } from '../../shared/compact/layout.js';
import { configuredParameters } from '../../shared/deploy/configuredParameters.js';
import { bucketOf } from '../../shared/deploy/names.js';
import { writtenParameters } from '../../shared/deploy/writtenParameters.js';
import { firehose, lambda, sqs } from '../../shared/limits.js';
import { landedPartitions, logTypes, storedTables } from '../../shared/line/schema/index.js';
import { packageService, properties, type ServicePackage, type Template } from './package.js';

const functions = [
  ...['transform', 'alert', 'sweep', 'silence', 'replay', 'replayWorker', 'compact', 'forward', 'cost'],
] as const;
const glueTypes = { timestamp: 'timestamp', string: 'string', int: 'int', bigint: 'bigint', double: 'double' };
const MiB = 1024 * 1024;
const inRegion = (service: string, prefix: string) => (name: string) =>
  `arn:aws:${service}:us-east-1:111122223333:${prefix}${name}`;
/** By type: the property that names one, the action that makes it, and its ARN. */
const nameOf: Readonly<Record<string, readonly [string, string, (name: string) => string]>> = {
  'AWS::SQS::Queue': ['QueueName', 'sqs:CreateQueue', inRegion('sqs', '')],
  'AWS::SNS::Topic': ['TopicName', 'sns:CreateTopic', inRegion('sns', '')],
  'AWS::Lambda::Function': ['FunctionName', 'lambda:CreateFunction', inRegion('lambda', 'function:')],
  'AWS::DynamoDB::Table': ['TableName', 'dynamodb:CreateTable', inRegion('dynamodb', 'table/')],
  'AWS::Logs::LogGroup': ['LogGroupName', 'logs:CreateLogGroup', inRegion('logs', 'log-group:')],
  'AWS::Athena::WorkGroup': ['Name', 'athena:CreateWorkGroup', inRegion('athena', 'workgroup/')],
  'AWS::CloudWatch::Alarm': ['AlarmName', 'cloudwatch:PutMetricAlarm', inRegion('cloudwatch', 'alarm:')],
  'AWS::CloudWatch::Dashboard': [
    'DashboardName',
    'cloudwatch:PutDashboard',
    (name) => `arn:aws:cloudwatch::111122223333:dashboard/${name}`,
  ],
  'AWS::KinesisFirehose::DeliveryStream': [
    'DeliveryStreamName',
    'firehose:CreateDeliveryStream',
    inRegion('firehose', 'deliverystream/'),
  ],
};
let service: ServicePackage;
let template: Template;
const key = { 'Fn::If': ['CustomerKey', '', { Ref: 'AWS::NoValue' }] };
const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

beforeAll(async () => {
  service = await packageService(functions);
  template = service.template;
}, 120_000);

describe('the packaged service', () => {
  it('says what it was made with, but for secrets', () => {
    const written = writtenParameters(template);
    expect(written).toMatchObject({ stream: 'logs', retentionDays: '395', sns: 'Disabled', tags: '{}' });
    expect(Object.keys(written ?? {})).not.toContain('putBackKeys');
  });

  it('refers to nothing that does not exist', () => {
    const known = new Set([
      ...Object.keys(template.Resources),
      ...['AccountId', 'Partition', 'Region', 'NoValue'].map((name) => `AWS::${name}`),
    ]);
    const all = references(template);
    expect(all.length).toBeGreaterThan(50);
    expect(all.filter(({ to }) => !known.has(to))).toEqual([]);
  });

  it('leaves no serverless variable unresolved', () => {
    expect(JSON.stringify(template)).not.toMatch(/\$\{(self|sls|param|file|opt|env):/);
  });

  it("gives everything names that the deployer's policies are for", () => {
    const allowed = service.policies.flatMap(({ Statement }) => Statement);
    const isAllowed = (action: string, arn: string) =>
      allowed.some(({ Action, Resource }) => Action.includes(action) && Resource.some((each) => covers(each, arn)));
    const named = Object.values(template.Resources).flatMap(({ Type, Properties }) => {
      const [property, action, arnOf] = nameOf[Type] ?? [];
      const name = (Properties as Record<string, unknown> | undefined)?.[property ?? ''];
      return typeof name === 'string' && action && arnOf ? [{ action, arn: arnOf(name) }] : [];
    });
    expect(new Set(named.map(({ action }) => action)).size).toBe(Object.keys(nameOf).length);
    expect(named.filter(({ action, arn }) => !isAllowed(action, arn))).toEqual([]);
    expect(isAllowed('sqs:CreateQueue', 'arn:aws:sqs:us-east-1:1:payments')).toBe(false);
  });

  it.each(functions)('zips the built %s bundle and nothing else', (name) => {
    expect(service.files[name]).toContain(`dist/functions/${name}.mjs`);
    const foreign = service.files[name]?.filter((file) => !new RegExp(`^dist/functions/${name}(\\.mjs$|/)`).test(file));
    expect(foreign?.filter((file) => !isLambdaLibrary(file))).toEqual([]);
    expect(foreign?.length !== 0).toBe(name === 'compact');
  });

  it("brings DuckDB's library for the processor of the functions, whatever machine packages it", () => {
    expect(service.files.compact?.filter(isLambdaLibrary)).toEqual(
      expect.arrayContaining([`${lambdaLibrary}duckdb.node`, `${lambdaLibrary}libduckdb.so`]),
    );
    expect(properties(template, 'CompactLambdaFunction')).toMatchObject({ Architectures: ['arm64'] });
  });

  it('fits into what Lambda unpacks', () => {
    for (const name of functions) expect(service.unpackedBytes[name]).toBeLessThan(lambda.maxUnpackedBytes);
  });

  it('gives each function its own role, and makes no shared one', () => {
    const roleOf = (id: string) => properties<{ Role: unknown }>(template, id).Role;
    expect(roleOf('TransformLambdaFunction')).toEqual({ 'Fn::GetAtt': ['TransformRole', 'Arn'] });
    expect(roleOf('AlertLambdaFunction')).toEqual({ 'Fn::GetAtt': ['AlertRole', 'Arn'] });
    expect(roleOf('SweepLambdaFunction')).toEqual({ 'Fn::GetAtt': ['SweepRole', 'Arn'] });
    expect(roleOf('CompactLambdaFunction')).toEqual({ 'Fn::GetAtt': ['CompactRole', 'Arn'] });
    const roles = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
    expect(roles.map(([id]) => id).sort()).toEqual([
      'AlertRole',
      'CompactRole',
      'CostRole',
      'FirehoseRole',
      'ForwardRole',
      'ReplayRole',
      'ReplayWorkerRole',
      'SilenceRole',
      'SweepRole',
      'TransformRole',
    ]);
  });

  it('tells the functions where things are', () => {
    const url = {
      'Fn::If': ['SilenceLinks', { 'Fn::GetAtt': ['SilenceUrl', 'FunctionUrl'] }, { Ref: 'AWS::NoValue' }],
    };
    const links = { SILENCE_URL: url, SILENCE_KEYS_PARAMETER: '/firesplit/test/silence/link-keys' };
    expect(environmentOf('TransformLambdaFunction')).toEqual({
      LOGS_BUCKET: { Ref: 'LogsBucket' },
      SIGNALS_QUEUE_URL: { Ref: 'SignalsQueue' },
      REDACT_HASH_KEY: '',
      PUT_BACK_KEYS: '',
      POWERTOOLS_METRICS_NAMESPACE: 'Firesplit/test',
    });
    expect(environmentOf('AlertLambdaFunction')).toEqual({
      ALERTS_TABLE: { Ref: 'AlertsTable' },
      ALARM_PREFIX: 'firesplit-test-',
      SLACK_WEBHOOK_PREFIX: '/firesplit/test/slack/',
      WEBHOOK_PARAMETER_PREFIX: '/firesplit/test/webhook/',
      ...links,
      POWERTOOLS_METRICS_NAMESPACE: 'Firesplit/test',
    });
    expect(environmentOf('SweepLambdaFunction')).toEqual({
      ALERTS_TABLE: { Ref: 'AlertsTable' },
      LOGS_BUCKET: { Ref: 'LogsBucket' },
      SIGNALS_QUEUE_URL: { Ref: 'SignalsQueue' },
      ALARM_PREFIX: 'firesplit-test-',
      SLACK_WEBHOOK_PREFIX: '/firesplit/test/slack/',
      WEBHOOK_PARAMETER_PREFIX: '/firesplit/test/webhook/',
      ...links,
      POWERTOOLS_METRICS_NAMESPACE: 'Firesplit/test',
    });
    expect(environmentOf('CompactLambdaFunction')).toEqual({
      LOGS_BUCKET: { Ref: 'LogsBucket' },
      LOGS_DATABASE: { Ref: 'LogsDatabase' },
      COMPACTION_QUEUE_URL: { Ref: 'CompactionQueue' },
      WINDOW: 'hour',
      LANDED_DAYS: '14',
      BACKUP_DAYS: '14',
      RETENTION_DAYS: '395',
      POWERTOOLS_METRICS_NAMESPACE: 'Firesplit/test',
    });
  });

  it('tells both functions of a replay the same', () => {
    const { REPLAY_QUEUE_URL: queue, ...shared } = environmentOf('ReplayLambdaFunction');
    expect(queue).toEqual({ Ref: 'ReplayQueue' });
    expect(shared).toEqual({
      LOGS_BUCKET: { Ref: 'LogsBucket' },
      PUT_BACK_KEYS: '',
      REPLAY_MEGABYTES_PER_SECOND: '0.5',
      REPLAY_RECORDS_PER_SECOND: '1000',
    });
    expect(environmentOf('ReplayWorkerLambdaFunction')).toMatchObject({
      ...shared,
      REPLAY_QUEUE_URL: queue,
      STREAM: 'logs',
    });
  });

  it('grants no wildcard action or resource', () => {
    for (const { Sid, Action, Resource } of statements(template)) {
      expect({ Sid, wildcards: [Action].flat().filter((action) => action.includes('*')) }).toEqual({
        Sid,
        wildcards: [],
      });
      expect({ Sid, everything: [Resource].flat().includes('*') }).toEqual({ Sid, everything: false });
    }
  });
});

const ofType = (type: string) => Object.entries(template.Resources).filter(([, { Type }]) => Type === type);

describe('what an account asks for', () => {
  it('bounds every role, and puts it under the path', () => {
    const boundary = { 'Fn::If': ['PermissionsBoundary', '', { Ref: 'AWS::NoValue' }] };
    const roles = ofType('AWS::IAM::Role').map(([id, { Properties }]) => [id, Properties]);
    expect(roles.length).toBeGreaterThan(8);
    for (const [id, role] of roles) {
      expect([id, role]).toEqual([id, expect.objectContaining({ Path: '/', PermissionsBoundary: boundary })]);
    }
  });

  it('keeps every log for as long as it says, and encrypts it with the key that it names', () => {
    const groups = ofType('AWS::Logs::LogGroup');
    expect(groups.map(([id]) => id).sort()).toEqual(
      ['Delivery', ...functions.map(capital)].map((name) => `${name}LogGroup`).sort(),
    );
    for (const [id, { Properties }] of groups) {
      expect([id, Properties]).toEqual([id, expect.objectContaining({ RetentionInDays: 30, KmsKeyId: key })]);
    }
  });

  it('encrypts what is stored with the key that it names, and otherwise with one of AWS', () => {
    const queues = ofType('AWS::SQS::Queue');
    expect(queues.length).toBe(8);
    for (const [id, { Properties }] of queues) {
      const SqsManagedSseEnabled = { 'Fn::If': ['CustomerKey', { Ref: 'AWS::NoValue' }, true] };
      expect([id, Properties]).toEqual([id, expect.objectContaining({ KmsMasterKeyId: key, SqsManagedSseEnabled })]);
    }
    expect(JSON.stringify(properties(template, 'LogsBucket'))).toContain('["CustomerKey","aws:kms","AES256"]');
    expect(JSON.stringify(properties(template, 'QueryWorkGroup'))).toContain('["CustomerKey","SSE_KMS","SSE_S3"]');
    expect(properties(template, 'AlertsTable')).toHaveProperty('SSESpecification');
    expect(properties(template, 'LogStream')).toMatchObject({
      DeliveryStreamEncryptionConfigurationInput: {
        KeyType: { 'Fn::If': ['CustomerKey', 'CUSTOMER_MANAGED_CMK', 'AWS_OWNED_CMK'] },
        KeyARN: key,
      },
    });
    // Whoever reads or writes it may use the key.
    for (const [id, { Properties }] of ofType('AWS::IAM::Role')) {
      expect([id, JSON.stringify(Properties)]).toEqual([id, expect.stringContaining('"Ref":"CustomerKeyPolicy"')]);
    }
  });

  it.each(functions)('traces, watches and places %s when it is asked to', (name) => {
    const none = { Ref: 'AWS::NoValue' };
    expect(properties(template, `${capital(name)}LambdaFunction`)).toMatchObject({
      TracingConfig: { 'Fn::If': ['Tracing', { Mode: 'Active' }, none] },
      Layers: { 'Fn::If': ['Insights', [''], none] },
      VpcConfig: { 'Fn::If': ['Vpc', expect.objectContaining({ SubnetIds: expect.anything() }), none] },
      KmsKeyArn: key,
    });
  });

  it('is asked for nothing by default', () => {
    const not = (value: string) => ({ 'Fn::Not': [{ 'Fn::Equals': [value, ''] }] });
    expect(template.Conditions).toMatchObject({
      ...{ CustomerKey: not(''), PermissionsBoundary: not(''), Insights: not(''), Vpc: not('') },
      Tracing: { 'Fn::Equals': ['Disabled', 'Enabled'] },
      ManagedResults: { 'Fn::Equals': ['Disabled', 'Enabled'] },
    });
  });

  it('keeps the answers of queries in the bucket, or leaves them to Athena, which takes no place beside that', () => {
    const none = { Ref: 'AWS::NoValue' };
    expect(properties(template, 'QueryWorkGroup')).toMatchObject({
      WorkGroupConfiguration: {
        ManagedQueryResultsConfiguration: {
          'Fn::If': [
            'ManagedResults',
            { Enabled: true, EncryptionConfiguration: { 'Fn::If': ['CustomerKey', { KmsKey: '' }, none] } },
            none,
          ],
        },
        ResultConfiguration: {
          'Fn::If': ['ManagedResults', none, expect.objectContaining({ OutputLocation: expect.anything() })],
        },
      },
    });
  });
});

describe('what is there', () => {
  it('is asked by TLS alone', () => {
    const denied = [...ofType('AWS::SQS::QueuePolicy'), ...ofType('AWS::S3::BucketPolicy')]
      .flatMap(
        ([, { Properties }]) => (Properties as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument.Statement,
      )
      .filter(({ Condition }) => JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}')
      .flatMap(({ Resource }) => [Resource].flat());
    const stores = [...ofType('AWS::SQS::Queue'), ['LogsBucket']];
    for (const [id] of stores) expect(denied).toContainEqual({ 'Fn::GetAtt': [id, 'Arn'] });
  });

  it('is kept from being deleted unless a parameter says otherwise', () => {
    expect(template.Conditions).toMatchObject({ Protected: { 'Fn::Equals': ['Enabled', 'Enabled'] } });
    expect(properties(template, 'AlertsTable')).toMatchObject({
      DeletionProtectionEnabled: { 'Fn::If': ['Protected', true, false] },
    });
  });

  it('is told, with policies for whoever sends and whoever reads', () => {
    const { Outputs = {} } = template;
    expect(Object.keys(Outputs)).toEqual(
      expect.arrayContaining(['Stream', 'Bucket', 'Database', 'WorkGroup', 'RouterPolicyArn', 'ReaderPolicyArn']),
    );
    expect(Object.values(Outputs).filter(({ Value }) => Value === undefined)).toEqual([]);
    const of = (id: string) => statementsOf(properties<Policy>(template, id)).flatMap(({ Action }) => [Action].flat());
    expect(of('RouterPolicy').filter((action) => /Put|Delete|Create/.test(action))).toEqual([
      'firehose:PutRecordBatch',
    ]);
    expect(of('ReaderPolicy').filter((action) => /Put|Delete|Create|Update/.test(action))).toEqual(['s3:PutObject']);
  });

  it('lets whoever reads choose a table from lists', () => {
    const statements = statementsOf(properties<Policy>(template, 'ReaderPolicy'));
    expect(statements.flatMap(({ Action }) => [Action].flat())).toEqual(
      expect.arrayContaining(['athena:ListDatabases', 'athena:ListTableMetadata', 'glue:GetDatabases']),
    );
  });
});

describe('the way from transform to Slack', () => {
  it('hides a message long enough for the alert function, and sets aside what keeps failing', async () => {
    const queue = properties<{ VisibilityTimeout: number; RedrivePolicy: unknown }>(template, 'SignalsQueue');
    const { Timeout } = properties<{ Timeout: number }>(template, 'AlertLambdaFunction');
    // Messages wait for others while they are hidden.
    const schema = JSON.parse(await readFile('infra/parameters.schema.json', 'utf8'));
    const { alertWindow } = schema.definitions.parameters.properties;
    expect(queue.VisibilityTimeout).toBe(6 * Timeout + alertWindow.maximum);
    expect(queue.RedrivePolicy).toMatchObject({
      deadLetterTargetArn: { 'Fn::GetAtt': ['SignalsDeadLetterQueue', 'Arn'] },
    });
  });

  it('takes the largest messages, and has them read by a version that knows them before they are written', () => {
    for (const name of ['SignalsQueue', 'SignalsDeadLetterQueue']) {
      expect(properties(template, name)).toMatchObject({ MaximumMessageSize: sqs.maxMessageBytes });
    }
    expect(template.Resources.TransformLambdaFunction?.DependsOn).toContain('AlertLambdaFunction');
  });

  it('reports failures message by message', () => {
    expect(properties(template, 'AlertEventSourceMappingSQSSignalsQueue')).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': ['SignalsQueue', 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('sweeps once at a time: what fails is swept a minute later, and not tried again beside that', () => {
    expect(properties(template, 'SweepLambdaEvConf')).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  it('is told 404 of a batch that another sweep took, since the role may list its key', () => {
    const listing = statements(template).find(({ Sid }) => Sid === 'FindRefusedBatches');
    expect(listing?.Condition).toEqual({ StringEqualsIfExists: { 's3:prefix': 'signals/' } });
  });

  it('removes states that were moved or replaced, and nothing else of the table', () => {
    const removing = ['AlertRole', 'SweepRole'].map((role) =>
      properties<{ Policies: Policy[] }>(template, role)
        .Policies.flatMap(statementsOf)
        .filter(({ Action }) => [Action].flat().includes('dynamodb:DeleteItem')),
    );
    const statement = {
      Resource: { 'Fn::GetAtt': ['AlertsTable', 'Arn'] },
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['alert#*', 'replay#*', 'apart#*'] } },
    };
    expect(removing).toMatchObject([[statement], [statement]]);
  });

  it('lets go of old versions too, which a bucket that was taken over may keep', () => {
    const expiring = lifecycleRules().filter(({ ExpirationInDays }) => ExpirationInDays !== undefined);
    expect(expiring.length).toBeGreaterThan(10);
    for (const rule of expiring) expect(rule.NoncurrentVersionExpiration).toEqual({ NoncurrentDays: 7 });
  });

  it('keeps alert state under pk, cleared by expires', () => {
    expect(properties(template, 'AlertsTable')).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    });
  });

  it('lists by time what the sweep has to look at', () => {
    expect(properties(template, 'AlertsTable')).toMatchObject({
      GlobalSecondaryIndexes: [
        {
          IndexName: 'agenda',
          KeySchema: [
            { AttributeName: 'agenda', KeyType: 'HASH' },
            { AttributeName: 'at', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    });
  });

  it('sweeps every minute, and for less than one, after which its claims are free', () => {
    const rate = (every: string) => ({ ScheduleExpression: `rate(${every})`, State: 'ENABLED' });
    expect(properties(template, 'SweepEventsRuleSchedule1')).toMatchObject(rate('1 minute'));
    expect(properties(template, 'CompactEventsRuleSchedule1')).toMatchObject(rate('5 minutes'));
    for (const name of ['SweepLambdaFunction', 'AlertLambdaFunction']) {
      expect(properties<{ Timeout: number }>(template, name).Timeout * 1000).toBeLessThan(leaseTime);
    }
  });
});

describe('the way of a replay', () => {
  it('hides a message while a worker has it, and parks what the worker has given up', () => {
    const queue = properties<{ VisibilityTimeout: number; RedrivePolicy: unknown }>(template, 'ReplayQueue');
    const { Timeout } = properties<{ Timeout: number }>(template, 'ReplayWorkerLambdaFunction');
    expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
    expect(Timeout * 1000).toBeGreaterThan(3 * replay.reserve);
    expect(queue.RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': ['ReplayDeadLetterQueue', 'Arn'] },
      maxReceiveCount: replay.maxAttempts,
    });
  });

  it('has as many workers as share its pace, each with one object at a time', () => {
    expect(properties(template, 'ReplayWorkerEventSourceMappingSQSReplayQueue')).toMatchObject({
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: replay.workers },
    });
  });

  it('keeps every record once more only when it is asked to', () => {
    const condition = (value: unknown) => ({ 'Fn::If': ['BackUpSource', value, { Ref: 'AWS::NoValue' }] });
    expect(template.Conditions).toMatchObject({ BackUpSource: { 'Fn::Equals': ['Disabled', 'Enabled'] } });
    expect(properties(template, 'LogStream')).toMatchObject({
      ExtendedS3DestinationConfiguration: {
        S3BackupMode: condition('Enabled'),
        S3BackupConfiguration: condition(expect.objectContaining({ CompressionFormat: 'UNCOMPRESSED' })),
      },
    });
  });
});

describe('the page of the links in messages', () => {
  const parts = () => Object.entries(template.Resources).filter(([id]) => id.startsWith('Silence'));

  it('is not there while the configuration does not ask for it, all of it', () => {
    expect(template.Conditions).toMatchObject({ SilenceLinks: { 'Fn::Equals': ['Disabled', 'Enabled'] } });
    expect(parts().map(([, { Type }]) => Type)).toEqual(
      expect.arrayContaining(['AWS::Lambda::Function', 'AWS::Lambda::Url', 'AWS::IAM::Role', 'AWS::Logs::LogGroup']),
    );
    expect(parts().filter(([, { Condition }]) => Condition !== 'SilenceLinks')).toEqual([]);
    const always = { ...template, Resources: Object.fromEntries(unconditional(template)) };
    // The address is asked for under the same condition.
    expect(references(always).filter(({ to }) => to.startsWith('Silence') && to !== 'SilenceUrl')).toEqual([]);
  });

  it('may be asked by anybody, by way of its URL alone', () => {
    const permissions = parts().filter(([, { Type }]) => Type === 'AWS::Lambda::Permission');
    expect(permissions.map(([, { Properties }]) => Properties)).toEqual(
      [
        { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
        { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
      ].map((each) => ({
        ...{ ...each, Principal: '*', FunctionName: { 'Fn::GetAtt': ['SilenceLambdaFunction', 'Arn'] } },
      })),
    );
    expect(properties(template, 'SilenceUrl')).toMatchObject({ AuthType: 'NONE' });
    expect(properties(template, 'SilenceLambdaFunction')).toMatchObject({ ReservedConcurrentExecutions: 2 });
  });

  it('writes silences and nothing else', () => {
    const policies = properties<{ Policies: readonly { PolicyDocument: { Statement: object[] } }[] }>(
      template,
      'SilenceRole',
    );
    const writing = policies.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).filter((each) =>
      /dynamodb:(?!GetItem|Query)/.test(JSON.stringify({ ...each, Condition: undefined })),
    );
    expect(writing).toMatchObject([
      {
        Action: 'dynamodb:PutItem',
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['silence#*'] } },
      },
    ]);
  });
});

describe('the weekly message about costs', () => {
  const parts = () => Object.entries(template.Resources).filter(([id]) => id.startsWith('Cost'));

  it('is not there while the configuration does not ask for it, all of it', () => {
    expect(template.Conditions).toMatchObject({ WeeklyCost: { 'Fn::Equals': ['Disabled', 'Enabled'] } });
    expect(
      parts()
        .map(([, { Type }]) => Type)
        .sort(),
    ).toEqual([
      'AWS::Events::Rule',
      'AWS::IAM::Role',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::Lambda::Function',
      'AWS::Lambda::Permission',
      'AWS::Logs::LogGroup',
    ]);
    expect(parts().filter(([, { Condition }]) => Condition !== 'WeeklyCost')).toEqual([]);
  });

  it('may query as readers may, and send what it finds to the alert function', () => {
    const role = properties<{ ManagedPolicyArns: unknown[]; Policies: { PolicyDocument: { Statement: unknown } }[] }>(
      template,
      'CostRole',
    );
    expect(role.ManagedPolicyArns).toContainEqual({ Ref: 'ReaderPolicy' });
    expect(role.Policies.map(({ PolicyDocument }) => PolicyDocument.Statement)).toMatchObject([
      [{ Sid: 'WriteOwnLogs' }, { Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': ['SignalsQueue', 'Arn'] } }],
    ]);
    expect(environmentOf('CostLambdaFunction')).toEqual({
      SIGNALS_QUEUE_URL: { Ref: 'SignalsQueue' },
      LOGS_DATABASE: { Ref: 'LogsDatabase' },
      QUERY_WORKGROUP: { Ref: 'QueryWorkGroup' },
    });
  });
});

describe('topics of SNS', () => {
  it('may be published to only while routes post to some, and only those', () => {
    expect(template.Conditions).toMatchObject({ Sns: { 'Fn::Equals': ['Disabled', 'Enabled'] } });
    expect(template.Resources.AlertTopicsPolicy).toMatchObject({
      Condition: 'Sns',
      Properties: {
        Roles: [{ Ref: 'AlertRole' }, { Ref: 'SweepRole' }],
        PolicyDocument: { Statement: [{ Action: 'sns:Publish', Resource: { 'Fn::Split': [',', ''] } }] },
      },
    });
    const others = Object.entries(template.Resources).filter(
      ([id]) => !['AlertTopicsPolicy', 'AlarmTopicPolicy'].includes(id),
    );
    expect(JSON.stringify(others)).not.toContain('sns:');
    const routes = {
      team: { sns: { topic: 'arn:1' } },
      boss: { sns: { topic: 'arn:2' } },
      ops: { sns: { topic: 'arn:1' } },
    };
    expect(configuredParameters({ alerts: { routes } })).toMatchObject({ sns: 'Enabled', snsTopics: 'arn:1,arn:2' });
    expect(configuredParameters({})).toMatchObject({ sns: 'Disabled', snsTopics: '' });
  });
});

describe('forwarding', () => {
  const parts = () => Object.entries(template.Resources).filter(([id]) => id.startsWith('Forward'));

  it('is not there while the configuration has no such section, all of it', () => {
    expect(template.Conditions).toMatchObject({ Forward: { 'Fn::Equals': ['Disabled', 'Enabled'] } });
    expect(parts().map(([id]) => id)).toEqual(
      expect.arrayContaining(['ForwardLambdaFunction', 'ForwardQueue', 'ForwardEventSourceMappingSQSForwardQueue']),
    );
    expect(parts().filter(([, { Condition }]) => Condition !== 'Forward')).toEqual([]);
    expect(template.Resources.LogsBucket?.Properties).not.toHaveProperty('NotificationConfiguration');
  });

  it('is named by no part that is always there', () => {
    const always = { ...template, Resources: Object.fromEntries(unconditional(template)) };
    expect(references(always).filter(({ to }) => to.startsWith('Forward'))).toEqual([]);
  });

  it('hides a message while a worker has it, and sets aside what is given up', () => {
    const queue = properties<{ VisibilityTimeout: number; RedrivePolicy: unknown }>(template, 'ForwardQueue');
    const { Timeout } = properties<{ Timeout: number }>(template, 'ForwardLambdaFunction');
    expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
    expect(Timeout * 1000).toBeGreaterThan(forward.lease + forward.requestTimeout + forward.reserve);
    expect(queue.RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': ['ForwardDeadLetterQueue', 'Arn'] },
      maxReceiveCount: forward.maxAttempts,
    });
  });

  it('lets only the bucket send, before it is asked to', () => {
    const { Type, DependsOn } = template.Resources.ForwardNotifications ?? {};
    expect([Type, [DependsOn].flat()]).toEqual(['Custom::BucketNotifications', ['ForwardQueuePolicy']]);
    expect(properties(template, 'ForwardQueuePolicy')).toMatchObject({
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': ['LogsBucket', 'Arn'] } } },
          },
          { Effect: 'Deny', Sid: 'DenyPlainHttp' },
        ],
      },
    });
  });

  it('keeps notes of progress for longer than any message lives', () => {
    expect(daysOf('forward/progress/')).toBe(forward.progressDays);
    expect(forward.progressDays * 24 * 3_600_000).toBeGreaterThan(sqs.maxRetention);
  });
});

function unconditional({ Resources }: Template) {
  return Object.entries(Resources).filter(([, { Condition }]) => Condition === undefined);
}

describe('compaction', () => {
  it('hides a message long enough for the compact function, and sets aside what keeps failing', () => {
    const queue = properties<{ VisibilityTimeout: number; RedrivePolicy: unknown }>(template, 'CompactionQueue');
    const { Timeout } = properties<{ Timeout: number }>(template, 'CompactLambdaFunction');
    expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
    expect(queue.RedrivePolicy).toMatchObject({
      deadLetterTargetArn: { 'Fn::GetAtt': ['CompactionDeadLetterQueue', 'Arn'] },
    });
  });

  it('has time for a manifest at least twice, and gives one up only when no worker can be at it any more', () => {
    const { Timeout } = properties<{ Timeout: number }>(template, 'CompactLambdaFunction');
    expect(Timeout * 1000).toBeGreaterThan(2 * compaction.manifestTime);
    expect(compaction.giveUpTime).toBeGreaterThan(2 * Timeout * 1000);
  });

  it('lets replays list what they may read, and nothing else', () => {
    const listings = statements(template).filter(({ Sid }) => Sid === 'FindSources');
    expect(listings.map(({ Condition }) => Condition)).toEqual(
      Array(2).fill({
        StringLikeIfExists: {
          's3:prefix': ['failed', 'backup', 'import'].flatMap((folder) => [folder, `${folder}/*`]),
        },
      }),
    );
  });

  it('keeps what failed as long as replays look for it', () => {
    expect(daysOf('failed/')).toBe(replay.failedDays);
  });

  it('keeps identities as long as the code takes them to be kept', () => {
    for (const prefix of ['index', 'manifests', 'outputs']) {
      expect(daysOf(`compact/${prefix}/`)).toBe(compaction.indexDays);
    }
  });

  it('is asked by a deployment for views of the tables that stand behind them', () => {
    expect(template.Resources.Views).toMatchObject({
      Type: 'Custom::Views',
      Properties: {
        ServiceToken: { 'Fn::GetAtt': ['CompactLambdaFunction', 'Arn'] },
        Version: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    });
    const { Views } = template.Resources;
    const tables = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::Glue::Table');
    expect([...(Views?.DependsOn ?? [])].sort()).toEqual(tables.map(([id]) => id).sort());
  });

  it('rings when messages failed, and not for ever', () => {
    const { MessageRetentionPeriod } = properties<{ MessageRetentionPeriod: number }>(
      template,
      'CompactionDeadLetterQueue',
    );
    expect(MessageRetentionPeriod).toBe(2 * 24 * 3600);
  });
});

describe('the bucket', () => {
  it('has the region in its name, so that a stage may be in two, unless a parameter names it', async () => {
    const derived = { 'Fn::Sub': `firesplit-test-logs-\${AWS::AccountId}-\${AWS::Region}` };
    expect(template.Conditions).toMatchObject({ DerivedBucketName: { 'Fn::Equals': ['', ''] } });
    expect(properties(template, 'LogsBucket')).toMatchObject({
      BucketName: { 'Fn::If': ['DerivedBucketName', derived, ''] },
    });
    const at = { stage: 'prod', account: '111122223333', region: 'eu-west-1' };
    const infra = await Infra.load('.', { ...at, id: at.account, queueUrl: () => '' });
    expect(bucketOf(at)).toBe(infra.ref('LogsBucket'));
  });

  it('outlives the stack, though not a deployment that failed to make it, is private and refuses plain HTTP', () => {
    expect(template.Resources.LogsBucket).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    });
    expect(properties(template, 'LogsBucketPolicy')).toMatchObject({
      PolicyDocument: { Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }] },
    });
  });
});

/** What Firehose itself checks when a stream is created, and CloudFormation therefore only finds out while deploying. */
describe('the stream', () => {
  let stream: Stream;
  let destination: Stream['ExtendedS3DestinationConfiguration'];

  beforeAll(() => {
    stream = properties(template, 'LogStream');
    destination = stream.ExtendedS3DestinationConfiguration;
  });

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

  it('partitions by type and by the hour of arrival', () => {
    expect(destination.DynamicPartitioningConfiguration.Enabled).toBe(true);
    expect(destination.DynamicPartitioningConfiguration.RetryOptions.DurationInSeconds).toBeLessThanOrEqual(7200);
    expect(destination.Prefix).toBe('logs/type=!{partitionKeyFromLambda:type}/arrived=!{timestamp:yyyy-MM-dd-HH}/');
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

describe.each(logTypes)('the Glue table %s', (type) => {
  it('has the columns of the schema, in their order', () => {
    expect(tableNamed(`${type}_landed`).StorageDescriptor.Columns.map(({ Name, Type }) => [Name, Type])).toEqual(
      Object.entries(storedTables[type]).map(([name, column]) => [name, glueTypes[column.type]]),
    );
  });

  it('keeps within the length of a Glue comment', () => {
    // https://docs.aws.amazon.com/glue/latest/webapi/API_Column.html
    for (const { Comment } of [
      ...tableNamed(`${type}_landed`).StorageDescriptor.Columns,
      ...tableNamed(`${type}_parquet`).StorageDescriptor.Columns,
    ])
      expect(Comment.length).toBeLessThanOrEqual(255);
  });

  it('projects every partition column onto the prefix that the stream writes', () => {
    const { PartitionKeys, Parameters, StorageDescriptor } = tableNamed(`${type}_landed`);
    expect(PartitionKeys.map(({ Name, Type }) => [Name, Type])).toEqual(
      landedPartitions.map((name) => [name, 'string']),
    );
    expect(Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.type.type': 'enum',
      'projection.type.values': type,
      'projection.arrived.type': 'date',
      'projection.arrived.format': 'yyyy-MM-dd-HH',
      'projection.arrived.interval': '1',
      'projection.arrived.interval.unit': 'HOURS',
      'storage.location.template': {
        'Fn::Sub': `s3://\${LogsBucket}/logs/${landedPartitions.map((name) => `${name}=\${!${name}}/`).join('')}`,
      },
    });
    expect(StorageDescriptor.Location).toEqual({ 'Fn::Sub': `s3://\${LogsBucket}/logs/type=${type}/` });
    expect(StorageDescriptor.SerdeInfo.SerializationLibrary).toBe('org.openx.data.jsonserde.JsonSerDe');
  });

  it('looks back as far as the bucket keeps lines', () => {
    const days = daysOf('logs/');
    expect(tableNamed(`${type}_landed`).Parameters['projection.arrived.range']).toBe(`NOW-${days}DAYS,NOW+1HOURS`);
  });
});

describe.each(logTypes)('the Glue table %s_parquet', (type) => {
  it('has the columns of the schema, and those that compaction adds', () => {
    const { Columns } = tableNamed(`${type}_parquet`).StorageDescriptor;
    expect(Columns.map(({ Name, Type }) => [Name, Type])).toEqual([
      ...Object.entries(storedTables[type]).map(([name, column]) => [name, glueTypes[column.type]]),
      ['arrived', 'string'],
      ['hour', 'string'],
    ]);
  });

  it('projects the days that the bucket keeps onto the keys that compaction writes', () => {
    const { PartitionKeys, Parameters, StorageDescriptor } = tableNamed(`${type}_parquet`);
    const [folder, file] = layout.parquetFile(type, '2026-11-28', '2026-11-28-18', 1).split('dt=2026-11-28/');
    expect(file).not.toContain('/');
    expect(PartitionKeys.map(({ Name, Type }) => [Name, Type])).toEqual([['dt', 'string']]);
    expect(Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.dt.type': 'date',
      'projection.dt.format': 'yyyy-MM-dd',
      'projection.dt.range': `NOW-${daysOf('parquet/')}DAYS,NOW+1DAYS`,
      'storage.location.template': { 'Fn::Sub': `s3://\${LogsBucket}/${folder}dt=\${!dt}/` },
    });
    expect(StorageDescriptor.Location).toEqual({ 'Fn::Sub': `s3://\${LogsBucket}/${folder}` });
    expect(StorageDescriptor.SerdeInfo.SerializationLibrary).toMatch(/parquet/i);
  });
});

describe.each(logTypes)('the Glue table %s_parquet_other', (type) => {
  it('has the columns of the other Parquet, and the day that is its partition', () => {
    const columnsOf = (name: string) =>
      tableNamed(name).StorageDescriptor.Columns.map(({ Name, Type }) => [Name, Type]);
    expect(columnsOf(`${type}_parquet_other`)).toEqual([...columnsOf(`${type}_parquet`), ['dt', 'string']]);
  });

  it('lies where compaction puts it, outside of all partitions', () => {
    const [folder] = layout.parquetFile(type, otherDays, '2026-11-28-18', 1).split('2026-11-28-18');
    expect(tableNamed(`${type}_parquet_other`).StorageDescriptor.Location).toEqual({
      'Fn::Sub': `s3://\${LogsBucket}/${folder}`,
    });
  });
});

function environmentOf(id: string): Readonly<Record<string, unknown>> {
  return properties<{ Environment: { Variables: Readonly<Record<string, unknown>> } }>(template, id).Environment
    .Variables;
}

/** Days after which objects of a prefix expire. */
function daysOf(prefix: string): number | undefined {
  return lifecycleRules().find(({ Prefix }) => Prefix === prefix)?.ExpirationInDays;
}

interface LifecycleRule {
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
}

function lifecycleRules(): readonly LifecycleRule[] {
  return properties<{ LifecycleConfiguration: { Rules: readonly LifecycleRule[] } }>(template, 'LogsBucket')
    .LifecycleConfiguration.Rules;
}

const lambdaLibrary = 'dist/node_modules/@duckdb/node-bindings-linux-arm64/';

function isLambdaLibrary(file: string): boolean {
  return file.startsWith(lambdaLibrary);
}

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

function expressionsOf(prefix: string): string[] {
  return [...prefix.matchAll(/!\{([^}]*)\}/g)].map(([, expression]) => expression ?? '');
}

interface Table {
  TableInput: {
    Name: string;
    TableType: string;
    Parameters: Record<string, unknown>;
    PartitionKeys: { Name: string; Type: string }[];
    StorageDescriptor: {
      Location: unknown;
      Columns: { Name: string; Type: string; Comment: string }[];
      SerdeInfo: { SerializationLibrary: string };
    };
  };
}

function tableNamed(name: string): Table['TableInput'] {
  const found = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Glue::Table')
    .map(({ Properties }) => (Properties as Table).TableInput)
    .find(({ Name }) => Name === name);
  if (!found) throw new Error(`no Glue table named ${name}`);
  return found;
}

interface Statement {
  Sid: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

/** What the service's own roles may do; the deployment bucket's policy is serverless's. */
function statements({ Resources }: Template): Statement[] {
  return Object.values(Resources).flatMap(({ Type, Properties }) => {
    if (Type === 'AWS::IAM::Role') return (Properties as { Policies?: Policy[] }).Policies?.flatMap(statementsOf) ?? [];
    return ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].includes(Type) ? statementsOf(Properties as Policy) : [];
  });
}

interface Policy {
  PolicyDocument: { Statement: Statement[] };
}

function statementsOf({ PolicyDocument }: Policy): Statement[] {
  return PolicyDocument.Statement.map((each) => ('Fn::If' in each ? (each['Fn::If'] as [string, Statement])[1] : each));
}

/** Whether an ARN is of a policy's pattern. */
function covers(pattern: string, arn: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(arn);
}
