import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { DescribeStacksCommand, UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { DeleteFunctionCommand, GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DeleteQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { DeleteParameterCommand } from '@aws-sdk/client-ssm';
import { DeployedInAws } from '../../../local/doctor/deployed/aws.js';
import { examineDeployed } from '../../../local/doctor/deployed/index.js';
import { examineProject } from '../../../local/doctor/project/project.js';
import { query } from '../../helpers/up.js';
import { account, type Ministack, region } from '../ministack.js';
import { attempt } from '../run.js';
import { stage } from '../serverless.js';
import { clientsOf } from './clients.js';
import { bucket } from './deployed.js';
import { type Slack, webhook } from './slack.js';

const StackName = `firesplit-${stage}`;

/** All that `firesplit doctor --aws` looks at is as it has to be, and its line and message take every hop. */
export async function doctorPasses(server: Ministack, slack: Slack, folder: string): Promise<void> {
  const credentials = { accessKeyId: account, secretAccessKey: 'any' };
  const deployed = new DeployedInAws(stage, { endpoint: server.endpoint, region, credentials, forcePathStyle: true });
  // The server's Athena has no views; the query is the same.
  deployed.ask = async (sql) => {
    const prefix = 'logs/type=app/';
    for (const { key } of await deployed.objects(bucket, prefix)) {
      const file = join(folder, 's3', bucket, key);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, (await deployed.object(bucket, key)) ?? '');
    }
    return [...(await query(folder, sql))];
  };
  try {
    const { read } = await examineProject({ root: '.', stage, config: 'infra/firesplit.yml', rules: 'infra/rules' });
    const examinations = await examineDeployed(deployed, stage, read, 'team');
    const findings = examinations.flatMap(({ name, findings }) =>
      findings.map(({ result, place, problem }) => `${result} ${name} ${place}: ${problem}`),
    );
    assert.deepEqual(findings, [
      `warn aws:policies policy ${await output(server, 'RouterPolicyArn')}: it is attached to no role, so no log router sends by it`,
      `warn aws:webhooks ${webhook}: its value begins with http:, so whoever is on the way reads it and the messages`,
    ]);
    const hops = examinations.filter(({ name }) => name.startsWith('canary:'));
    assert.deepEqual(
      hops.map(({ name, about }) => `${name} ${about.replaceAll(/[0-9a-f]{12}(?=")|\d+\.\d s|\/arrived=.*gz/g, '…')}`),
      [
        'canary:put "firesplit doctor canary …" accepted after …',
        `canary:object in s3://${bucket}/logs/type=app… after …`,
        'canary:row a row of app after …',
        'canary:alert route team, which has no endpoint of its own, by that of default, took "test of route team, …" in …',
      ],
    );
    assert.equal(slack.posts.filter((post) => post.includes('Test of route team')).length, 1);
  } finally {
    deployed.close();
  }
}

/** What is broken in the server is told by the command in a line each, with a remedy, and it exits with 1. */
export async function doctorTells(server: Ministack, slack: Slack): Promise<void> {
  const role = await breakThings(server, slack);
  const command = ['dist/local/cli.mjs', 'doctor', '--stage', stage, '--region', region, '--route'];
  const { code, output: printed } = await attempt(process.execPath, command, { ...server.variables, NO_COLOR: '1' });
  assert.equal(code, 1, printed);
  const told = stripVTControlCharacters(printed)
    .split('\n')
    .filter((line) => /^[✗?!] (aws|canary)/.test(line));
  const missing = expected(role).filter((each) => !told.some((line) => each.test(line)));
  assert.deepEqual([missing, told.length], [[], expected(role).length], printed);
  for (const line of told) assert.match(line, / → \S/);
}

/** @returns the ARN of the role that nobody may assume any more */
async function breakThings(server: Ministack, slack: Slack): Promise<string> {
  const aws = clientsOf(server);
  slack.revoke();
  await aws.ssm.send(new DeleteParameterCommand({ Name: webhook }));
  await aws.sqs.send(new DeleteQueueCommand({ QueueUrl: await output(server, 'SignalsQueueUrl') }));
  const dead = await output(server, 'ReplayDeadLetterQueueUrl');
  await aws.sqs.send(new SendMessageCommand({ QueueUrl: dead, MessageBody: '{}' }));
  const alarm = { AlarmName: `${StackName}-alert-failing`, StateValue: 'ALARM' as const, StateReason: 'a test' };
  await aws.cloudWatch.send(new SetAlarmStateCommand(alarm));
  const off = { StackName, EnableTerminationProtection: false };
  await aws.cloudFormation.send(new UpdateTerminationProtectionCommand(off));
  await aws.lambda.send(new DeleteFunctionCommand({ FunctionName: `${StackName}-replay` }));
  const FunctionName = `${StackName}-sweep`;
  const { Role = '' } = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const nobody = { Effect: 'Deny', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [nobody] });
  const RoleName = Role.split('/').at(-1);
  await aws.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
  return Role;
}

function expected(role: string): RegExp[] {
  return [
    /^! aws:protection +stack firesplit-prod: its protection was taken off/,
    /^✗ aws:functions +function firesplit-prod-replay: there is none →/,
    new RegExp(`^✗ aws:roles +function firesplit-prod-sweep: lambda.amazonaws.com may not assume its role ${role} →`),
    /^! aws:policies +policy .*: it is attached to no role/,
    /^✗ aws:secrets +\/firesplit\/prod\/slack\/default: there is none: the webhook of route default is missing →/,
    /^! aws:alarms +alarm firesplit-prod-alert-failing: it rings →/,
    /^✗ aws:queues +queue firesplit-prod-signals: there is none any more →/,
    /^! aws:queues +queue firesplit-prod-replay-dead: 1 message given up: parts of replays →/,
    // The server's Athena is not there.
    /^\? canary:row +view app: the question failed: .*duckdb.* →/,
    /^✗ canary:alert +route default: nobody was told: .*it has no webhook.* →/,
  ];
}

async function output(server: Ministack, key: string): Promise<string> {
  const { Stacks } = await clientsOf(server).cloudFormation.send(new DescribeStacksCommand({ StackName }));
  return Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue ?? '';
}
