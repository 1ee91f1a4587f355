import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetStackPolicyCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { DescribeDeliveryStreamCommand, ListDeliveryStreamsCommand } from '@aws-sdk/client-firehose';
import { GetDatabasesCommand, GetTablesCommand } from '@aws-sdk/client-glue';
import { ListPoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetBucketEncryptionCommand, GetObjectCommand, ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ListTopicsCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { DescribeParametersCommand } from '@aws-sdk/client-ssm';
import { bucketOf } from '../../../shared/deploy/names.js';
import { account, type Ministack, region } from '../ministack.js';
import { packageService, serverless, stage, withoutUnknown } from '../serverless.js';
import { clientsOf } from './clients.js';

const StackName = `firesplit-${stage}`;
export const bucket = bucketOf({ stage, account, region });

/** Deploys, and asks each service for what it has. */
export async function deploysAndIsThere(server: Ministack, folder: string): Promise<void> {
  await deploy(server, folder);
  const aws = clientsOf(server);
  const { StackResources = [] } = await aws.cloudFormation.send(new DescribeStackResourcesCommand({ StackName }));
  const incomplete = StackResources.filter(({ ResourceStatus }) => !ResourceStatus?.endsWith('_COMPLETE'));
  assert.deepEqual(incomplete, []);

  const { Stacks: [stack] = [] } = await aws.cloudFormation.send(new DescribeStacksCommand({ StackName }));
  const outputs = new Map(stack?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  assert.equal(outputs.get('Bucket'), bucket);
  assert.equal(outputs.get('Database'), `firesplit_${stage}`);
  for (const name of ['RouterPolicyArn', 'ReaderPolicyArn']) assert.match(outputs.get(name) ?? '', /^arn:aws:iam::/);
  assert.equal(stack?.EnableTerminationProtection, true);
  const { StackPolicyBody = '' } = await aws.cloudFormation.send(new GetStackPolicyCommand({ StackName }));
  assert.match(StackPolicyBody, /LogicalResourceId\/LogsBucket/);

  const stream = await aws.firehose.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: outputs.get('Stream') }),
  );
  assert.equal(stream.DeliveryStreamDescription?.DeliveryStreamStatus, 'ACTIVE');
  const table = await aws.dynamodb.send(new DescribeTableCommand({ TableName: outputs.get('AlertsTable') }));
  assert.equal(table.Table?.DeletionProtectionEnabled, true);
  const sweep = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: `${StackName}-sweep` }));
  assert.deepEqual([sweep.Runtime, sweep.Architectures], ['nodejs24.x', ['arm64']]);
  await aws.s3.send(new GetBucketEncryptionCommand({ Bucket: bucket }));
  // The views are the compact function's, which the deployment asked for them.
  const { TableList = [] } = await aws.glue.send(new GetTablesCommand({ DatabaseName: outputs.get('Database') }));
  const views = TableList.filter(({ TableType }) => TableType === 'VIRTUAL_VIEW').map(({ Name }) => Name);
  assert.deepEqual(views.sort(), ['access', 'app', 'error']);
}

export async function secondIsNoOp(server: Ministack, folder: string): Promise<void> {
  const before = await lastUpdate(server);
  const output = await deploy(server, folder);
  assert.match(output, /did not include any changes/);
  assert.equal(await lastUpdate(server), before);
}

/** A protected stack stays whole; without its protection the bucket is left, with what is in it, and the secrets that people have put there. */
export async function refusesToGo(server: Ministack, folder: string): Promise<void> {
  const aws = clientsOf(server);
  await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'logs/kept', Body: 'a line' }));
  assert.equal(Object.keys(await whatIsThere(server)).length, 12);
  const refused = await serverless(server.variables, ['remove']);
  assert.notEqual(refused.code, 0);
  assert.match(refused.output, /is protected: nothing was removed/);

  const unprotected = join(folder, 'unprotected');
  await packageService(unprotected, ['protection=Disabled']);
  await withoutUnknown(unprotected);
  await deploy(server, unprotected, ['--param=protection=Disabled']);
  const removed = await serverless(server.variables, ['remove']);
  assert.equal(removed.code, 0, removed.output);

  const parameters = [`/firesplit/${stage}/slack/default`];
  assert.deepEqual(await whatIsThere(server), { buckets: [bucket], parameters });
}

/** Names of what the account has, by kind; a kind of which there is nothing is missing. */
async function whatIsThere(server: Ministack): Promise<Readonly<Record<string, readonly (string | undefined)[]>>> {
  const aws = clientsOf(server);
  const [buckets, functions, queues, tables, streams, databases] = await Promise.all([
    aws.s3.send(new ListBucketsCommand({})),
    aws.lambda.send(new ListFunctionsCommand({})),
    aws.sqs.send(new ListQueuesCommand({})),
    aws.dynamodb.send(new ListTablesCommand({})),
    aws.firehose.send(new ListDeliveryStreamsCommand({})),
    aws.glue.send(new GetDatabasesCommand({})),
  ]);
  const [roles, policies, logGroups, rules, topics, parameters] = await Promise.all([
    aws.iam.send(new ListRolesCommand({})),
    aws.iam.send(new ListPoliciesCommand({ Scope: 'Local' })),
    aws.logs.send(new DescribeLogGroupsCommand({})),
    aws.events.send(new ListRulesCommand({})),
    aws.sns.send(new ListTopicsCommand({})),
    aws.ssm.send(new DescribeParametersCommand({})),
  ]);
  const found = {
    buckets: buckets.Buckets?.map(({ Name }) => Name),
    functions: functions.Functions?.map(({ FunctionName }) => FunctionName),
    queues: queues.QueueUrls,
    tables: tables.TableNames,
    streams: streams.DeliveryStreamNames,
    databases: databases.DatabaseList?.map(({ Name }) => Name).filter((name) => name !== 'default'),
    roles: roles.Roles?.map(({ RoleName }) => RoleName).filter((name) => name?.startsWith(StackName)),
    policies: policies.Policies?.map(({ PolicyName }) => PolicyName).filter((name) => name?.startsWith(StackName)),
    logGroups: logGroups.logGroups?.map(({ logGroupName }) => logGroupName),
    rules: rules.Rules?.map(({ Name }) => Name),
    topics: topics.Topics?.map(({ TopicArn }) => TopicArn),
    parameters: parameters.Parameters?.map(({ Name }) => Name),
  };
  return Object.fromEntries(Object.entries(found).filter(([, names]) => (names ?? []).length > 0)) as Record<
    string,
    (string | undefined)[]
  >;
}

export async function takesOver(server: Ministack, folder: string): Promise<void> {
  const output = await deploy(server, folder);
  assert.match(output, new RegExp(`Took over the bucket ${bucket}`));
  const { Body } = await clientsOf(server).s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'logs/kept' }));
  assert.equal(await Body?.transformToString(), 'a line');
}

/** @returns what it printed */
export async function deploy(server: Ministack, folder: string, options: readonly string[] = []): Promise<string> {
  const { code, output } = await serverless(server.variables, ['deploy', '--package', folder, ...options]);
  assert.equal(code, 0, output);
  return output;
}

async function lastUpdate(server: Ministack): Promise<string | undefined> {
  const { Stacks } = await clientsOf(server).cloudFormation.send(new DescribeStacksCommand({ StackName }));
  return Stacks?.[0]?.LastUpdatedTime?.toISOString();
}
