import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetStackPolicyCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeDeliveryStreamCommand, ListDeliveryStreamsCommand } from '@aws-sdk/client-firehose';
import { GetDatabasesCommand, GetTablesCommand } from '@aws-sdk/client-glue';
import { GetFunctionConfigurationCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetBucketEncryptionCommand, GetObjectCommand, ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
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

/** A protected stack stays whole; without its protection only the bucket is left, with what is in it. */
export async function refusesToGo(server: Ministack, folder: string): Promise<void> {
  const aws = clientsOf(server);
  await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'logs/kept', Body: 'a line' }));
  const refused = await serverless(server.variables, ['remove']);
  assert.notEqual(refused.code, 0);
  assert.match(refused.output, /is protected: nothing was removed/);

  const unprotected = join(folder, 'unprotected');
  await packageService(unprotected, ['protection=Disabled']);
  await withoutUnknown(unprotected);
  await deploy(server, unprotected, ['--param=protection=Disabled']);
  const removed = await serverless(server.variables, ['remove']);
  assert.equal(removed.code, 0, removed.output);

  const [buckets, functions, queues, tables, streams, databases] = await Promise.all([
    aws.s3.send(new ListBucketsCommand({})),
    aws.lambda.send(new ListFunctionsCommand({})),
    aws.sqs.send(new ListQueuesCommand({})),
    aws.dynamodb.send(new ListTablesCommand({})),
    aws.firehose.send(new ListDeliveryStreamsCommand({})),
    aws.glue.send(new GetDatabasesCommand({})),
  ]);
  assert.deepEqual(
    {
      buckets: buckets.Buckets?.map(({ Name }) => Name),
      functions: functions.Functions?.map(({ FunctionName }) => FunctionName) ?? [],
      queues: queues.QueueUrls ?? [],
      tables: tables.TableNames,
      streams: streams.DeliveryStreamNames,
      databases: (databases.DatabaseList ?? []).map(({ Name }) => Name).filter((name) => name !== 'default'),
    },
    { buckets: [bucket], functions: [], queues: [], tables: [], streams: [], databases: [] },
  );
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
