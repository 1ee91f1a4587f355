import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
} from '@aws-sdk/client-iam';
import { grantsByType } from '../../../tools/deploy/deployerGrants.js';
import type { Template } from '../../infra/package.js';
import { type Ministack, region } from '../ministack.js';
import { run } from '../run.js';
import { serverless, stage, withoutUnknown } from '../serverless.js';
import { unneeded } from '../unneeded.js';
import { clientsOf } from './clients.js';

/**
 * The policies of a package let CloudFormation do all that the schema of each type of resource in the template names, but for what
 * has a reason, and none of them allows what there isn't.
 */
export async function suffices(programs: string, { Resources }: Template, folder: string): Promise<void> {
  const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))].filter((type) =>
    type.startsWith('AWS::'),
  );
  const python = join(programs, 'python');
  const printed = await run(python, ['test/deploy/handlerPermissions.py', region, ...types]);
  const granted = grantsByType({
    ...{ partition: 'aws', region, stack: `firesplit-${stage}`, stream: 'logs', bucket: 'logs', database: 'logs' },
    ...{ rolePath: '/', isInVpc: false },
  });
  const used = new Set<unknown>();
  const missing = Object.entries(JSON.parse(printed) as Record<string, string[]>).flatMap(([type, actions]) => {
    const allowed = (granted[type] ?? []).flatMap((grant) => grant.actions).map(pattern);
    return actions.filter((action) => {
      const reason = unneeded.find(([types, names]) => types.test(type) && names.test(action));
      const isAllowed = allowed.some((each) => each.test(action));
      if (!isAllowed) used.add(reason);
      return !isAllowed && !reason;
    });
  });
  assert.deepEqual(missing, []);
  const idle = unneeded.filter((each) => !used.has(each)).map(String);
  assert.deepEqual(idle, [], 'test/deploy/unneeded.ts names what no handler asks for any more');
  assert.equal(await run(python, ['test/deploy/placelessActions.py', ...(await policyFiles(folder))]), '');
}

/** A user deploys who has the policies of a package and nothing else; without them it is refused. */
export async function deployWithPolicies(server: Ministack, folder: string): Promise<void> {
  // The function that writes them asks for the bucket by plain HTTP, which the bucket refuses its role.
  await withoutUnknown(folder, ['Custom::Views']);
  const { iam } = clientsOf(server);
  const UserName = 'deployer';
  await iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const proxy = await behindTls(server.endpoint);
  const variables = {
    ...server.variables,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey,
  };
  try {
    const refused = await serverless(variables, ['deploy', '--package', folder]);
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /is not authorized to perform: cloudformation:/);
    await attach(server, UserName, folder);
    const { code, output } = await serverless(variables, ['deploy', '--package', folder]);
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /not authorized|was not put/);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
}

/** Buckets refuse plain HTTP, which the server speaks: it takes what a proxy says that it was asked by. */
async function behindTls(endpoint: string): Promise<Server> {
  const proxy = createServer((asked, response) => {
    const { method, url, headers } = asked;
    const forwarded = request(`${endpoint}${url}`, { method, headers: { ...headers, 'x-forwarded-proto': 'https' } });
    forwarded.on('response', (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)));
    forwarded.on('error', () => response.destroy());
    asked.pipe(forwarded);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return proxy;
}

async function attach(server: Ministack, UserName: string, folder: string): Promise<void> {
  const { iam } = clientsOf(server);
  for (const [index, file] of (await policyFiles(folder)).entries()) {
    const PolicyDocument = await readFile(file, 'utf8');
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: `deployer-${index + 1}`, PolicyDocument }));
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: Policy?.Arn }));
  }
}

async function policyFiles(folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => name.startsWith('deployer-policy-'));
  assert.ok(files.length > 0);
  return files.sort().map((name) => join(folder, name));
}

function pattern(action: string): RegExp {
  return new RegExp(`^${action.replaceAll('*', '.*')}$`);
}
