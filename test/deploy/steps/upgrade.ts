import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  CreateStackCommand,
  DescribeStackResourcesCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Template } from '../../infra/package.js';
import { effectiveTemplate } from '../effectiveTemplate.js';
import { account, type Ministack, region } from '../ministack.js';
import { run } from '../run.js';
import { packageService, stage, withoutUnknown } from '../serverless.js';
import { clientsOf } from './clients.js';
import { deploy } from './deployed.js';

/** The template of 0.1.0 for stage prod, as `serverless package` made it. */
const fixture = 'test/fixtures/deploy/0.1.0.json.gz';
/** Its bucket, which the parameter `bucket` keeps. */
const earlierBucket = `firesplit-${stage}-logs-${account}`;

/** Of these a new one would be empty. */
const holdData = [
  ...['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::KinesisFirehose::DeliveryStream'],
  ...['AWS::Glue::Database', 'AWS::Glue::Table', 'AWS::Logs::LogGroup'],
];
const StackName = `firesplit-${stage}`;

/** By what CloudFormation says it replaces, and by an update that is made: what holds data stays what it was, with what is in it. */
export async function upgrade(programs: string, server: Ministack, folder: string): Promise<void> {
  const earlier = JSON.parse(gunzipSync(await readFile(fixture)).toString()) as Template;
  const next = join(folder, 'next');
  const template = await packageService(next, [`bucket=${earlierBucket}`]);
  await keepsIdentities(programs, earlier, template);
  await withoutUnknown(next);

  const aws = clientsOf(server);
  await deployEarlier(server, earlier, join(next, 'compact.zip'));
  await aws.s3.send(new PutObjectCommand({ Bucket: earlierBucket, Key: 'logs/kept', Body: 'a line' }));
  const table = `firesplit-${stage}-alerts`;
  await aws.dynamodb.send(new PutItemCommand({ TableName: table, Item: { pk: { S: 'silence#1' } } }));
  const before = await identities(server);

  await deploy(server, next, [`--param=bucket=${earlierBucket}`]);
  const after = await identities(server);
  assert.ok(before.size > 15);
  for (const [id, identity] of before) assert.deepEqual([id, after.get(id)], [id, identity]);
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: earlierBucket, Key: 'logs/kept' }));
  assert.equal(await Body?.transformToString(), 'a line');
  const kept = await aws.dynamodb.send(new GetItemCommand({ TableName: table, Key: { pk: { S: 'silence#1' } } }));
  assert.ok(kept.Item);
}

/** The properties by which CloudFormation replaces a resource are those of before, of all that holds data. */
async function keepsIdentities(programs: string, earlier: Template, next: Template): Promise<void> {
  const printed = await run(join(programs, 'python'), ['test/deploy/createOnly.py', region, ...holdData]);
  const createOnly = JSON.parse(printed) as Readonly<Record<string, readonly string[]>>;
  const identity = (template: Template, id: string) => {
    const { Resources } = effectiveTemplate(template);
    const { Type, Properties } = Resources[id] ?? { Type: '', Properties: undefined };
    return [Type, ...(createOnly[Type] ?? []).map((pointer) => written(at({ properties: Properties }, pointer)))];
  };
  for (const [id, { Type }] of Object.entries(earlier.Resources)) {
    if (!holdData.includes(Type) || earlier.Resources[id]?.Condition !== undefined) continue;
    assert.deepEqual([id, ...identity(next, id)], [id, ...identity(earlier, id)]);
  }
}

/** What a pseudo parameter gives in text; other intrinsics name a resource, the same before and after. */
function written(value: unknown): unknown {
  const sub = (value as { 'Fn::Sub'?: unknown } | undefined)?.['Fn::Sub'];
  if (typeof sub !== 'string') return value;
  return sub.replaceAll(`\${AWS::AccountId}`, account).replaceAll(`\${AWS::Region}`, region);
}

function at(value: unknown, pointer: string): unknown {
  const steps = pointer.split('/').slice(1);
  return steps.reduce<unknown>((map, step) => (map as Record<string, unknown> | undefined)?.[step], value);
}

/** As the framework deployed it: first the bucket of packages, then all the rest. One zip stands for the code of every function. */
async function deployEarlier(server: Ministack, { Resources, ...rest }: Template, zip: string): Promise<void> {
  const { cloudFormation: client, s3 } = clientsOf(server);
  const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
  const { ServerlessDeploymentBucket, ServerlessDeploymentBucketPolicy } = Resources;
  const first = JSON.stringify({ Resources: { ServerlessDeploymentBucket, ServerlessDeploymentBucketPolicy } });
  await client.send(new CreateStackCommand({ StackName, TemplateBody: first, Capabilities }));
  await waitUntilStackCreateComplete({ client, maxWaitTime: 60, minDelay: 1 }, { StackName });
  const Bucket = (await identities(server)).get('ServerlessDeploymentBucket');
  await s3.send(new PutObjectCommand({ Bucket, Key: 'code.zip', Body: await readFile(zip) }));
  const withCode = JSON.stringify({ ...rest, Resources }).replace(/"S3Key":"[^"]*"/g, '"S3Key":"code.zip"');
  const Key = 'template.json';
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: withCode }));
  const TemplateURL = `${server.endpoint}/${Bucket}/${Key}`;
  await client.send(new UpdateStackCommand({ StackName, TemplateURL, Capabilities }));
  await waitUntilStackUpdateComplete({ client, maxWaitTime: 120, minDelay: 1 }, { StackName });
}

/** Physical ids of what holds data. */
async function identities(server: Ministack): Promise<Map<string, string>> {
  const { StackResources = [] } = await clientsOf(server).cloudFormation.send(
    new DescribeStackResourcesCommand({ StackName }),
  );
  const held = StackResources.filter(({ ResourceType = '' }) => holdData.includes(ResourceType));
  return new Map(
    held.map(({ LogicalResourceId = '', PhysicalResourceId = '' }) => [LogicalResourceId, PhysicalResourceId]),
  );
}
