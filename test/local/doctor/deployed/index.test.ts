import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { sendCanary } from '../../../../local/doctor/deployed/canary.js';
import { examineDeployed } from '../../../../local/doctor/deployed/index.js';
import type { DeployedStage } from '../../../../local/doctor/deployed/stage.js';
import { examineProject, type ReadProject } from '../../../../local/doctor/project/project.js';
import { arrivedHour } from '../../../../shared/line/partition.js';
import { denied, healthyStage, queue, stack } from '../../../helpers/healthyStage.js';

let read: ReadProject;
beforeAll(async () => {
  const project = { root: '.', stage: 'prod', config: 'infra/firesplit.yml', rules: 'infra/rules' };
  ({ read } = await examineProject(project));
});

async function findings(changes: Partial<DeployedStage>) {
  const examinations = await examineDeployed(healthyStage(changes), 'prod', read);
  return examinations.flatMap(({ name, findings }) =>
    // The one that a healthy stage has as well.
    (name === 'canary:alert' ? [] : findings).map(
      ({ result, place, problem, remedy }) => `${result} ${name} ${place}: ${problem} → ${remedy}`,
    ),
  );
}

describe('a deployed stage', () => {
  it('has nothing to mend when all is well, and a line takes three hops', async () => {
    const examinations = await examineDeployed(healthyStage(), 'prod', read);
    expect(await findings({})).toEqual([]);
    const functions = read.infra?.functionNames.length ?? 0;
    expect(examinations.map(({ name, about }) => `${name} ${about.replace(/[\da-f]{12}"|\d+\.\d s/g, '…')}`)).toEqual([
      'aws:stack stack firesplit-prod in eu-west-1 is UPDATE_COMPLETE since 2026-11-28T10:00:00Z',
      'aws:parameters it was deployed with what the files say',
      "aws:protection stack firesplit-prod can't be deleted while it is protected",
      'aws:stream stream logs is ACTIVE',
      `aws:functions ${functions} functions of the project: those that are deployed can run`,
      `aws:roles ${functions + 1} roles can be assumed by who runs with them`,
      'aws:policies those for routers and readers are there, and the first is attached to a role',
      'aws:secrets 1 secret in SSM, or another one that takes its place',
      'aws:webhooks 1 webhook can be decrypted and look as Slack writes them',
      'aws:alarms no alarm of the stage rings',
      'aws:state table firesplit-prod-alerts is ACTIVE',
      'aws:queues nothing was given up; 0 messages of signals waiting',
      expect.stringMatching(
        /^aws:compaction Parquet until [\d-]{13} \(access\), [\d-]{13} \(error\), [\d-]{13} \(app\)$/,
      ),
      'canary:put "firesplit doctor canary … accepted after …',
      expect.stringMatching(/^canary:object in s3:\/\/bucket\/logs\/type=app\/arrived=[\d-]{13}\/one.json.gz after …$/),
      'canary:row a row of app after …',
      'canary:alert ',
    ]);
    expect(examinations.at(-1)?.findings).toMatchObject([{ result: 'unknown', place: 'routes of stage prod' }]);
    const withRoute = await examineDeployed(healthyStage(), 'prod', read, 'team');
    expect(withRoute.at(-1)).toMatchObject({
      name: 'canary:alert',
      about: expect.stringMatching(/^route team took "test of route team, [0-9a-f]{12}" in /),
      findings: [],
    });
  });

  it.each<[string, Partial<DeployedStage>, readonly unknown[]]>([
    [
      'a stack that is not there',
      { stack: async () => undefined },
      [
        'fail aws:stack stack firesplit-prod: there is none in eu-west-1 → run npx serverless deploy --stage prod, or name another one with --stage or --region',
      ],
    ],
    [
      'a deployment that was taken back',
      { stack: async () => ({ ...stack, status: 'UPDATE_ROLLBACK_COMPLETE', reason: 'no room' }) },
      [
        'warn aws:stack stack firesplit-prod: the last deployment failed and was taken back: UPDATE_ROLLBACK_COMPLETE: no room → look at the events of the stack, mend what they name, and deploy again',
      ],
    ],
    [
      'a deployment that goes on',
      { stack: async () => ({ ...stack, status: 'UPDATE_IN_PROGRESS' }) },
      [
        'warn aws:stack stack firesplit-prod: it is UPDATE_IN_PROGRESS: what follows may change → ask again when it is done',
      ],
    ],
    [
      'a stack that was never made',
      { stack: async () => ({ ...stack, status: 'ROLLBACK_COMPLETE' }) },
      [
        'fail aws:stack stack firesplit-prod: it is ROLLBACK_COMPLETE → look at the events of the stack; one that was never made has to be deleted before the next deployment',
      ],
    ],
    [
      'a stack of an earlier version',
      { stack: async () => ({ ...stack, outputs: {} }) },
      [
        'unknown aws:outputs stack firesplit-prod: it does not tell where its stream, bucket and table are, so nothing of them was looked at → deploy this version, which has the outputs',
      ],
    ],
    [
      'a stream that is not ready, to which no line is sent',
      { stream: async () => ({ status: 'CREATING_FAILED', buffering: 0 }), put: denied('AccessDeniedException') },
      [
        'fail aws:stream stream logs: it is CREATING_FAILED → it takes nothing until it is ACTIVE: look at the events of the stack',
      ],
    ],
    [
      'a function that is missing, beside those that nobody asked for',
      {
        function: async (name) =>
          /alert|silence|forward/.test(name) ? undefined : { state: 'Active', update: 'Successful' },
      },
      [
        'fail aws:functions function firesplit-prod-alert: there is none → run npx serverless deploy --stage prod; if it was there, make it again by a change set with --deployment-mode REVERT_DRIFT (docs/doctor.md)',
      ],
    ],
    [
      'a function whose update failed',
      {
        function: async (name) => ({
          state: 'Active',
          ...(name.endsWith('-sweep') ? { update: 'Failed', reason: 'no key' } : { update: 'Successful' }),
        }),
      },
      [
        'fail aws:functions function firesplit-prod-sweep: its last update failed: no key → mend that, and deploy again',
      ],
    ],
    [
      'functions that are updated, on an old runtime',
      {
        function: async (name) => ({
          state: 'Active',
          ...(name.endsWith('-sweep')
            ? { update: 'InProgress', runtime: 'nodejs16.x' }
            : { update: 'Successful', runtime: 'nodejs22.x' }),
        }),
      },
      [
        'warn aws:functions function firesplit-prod-sweep: it is being updated → ask again in a minute',
        expect.stringMatching(
          /^warn aws:functions function firesplit-prod-sweep: it runs on nodejs16.x, which is not /,
        ),
      ],
    ],
    [
      'a secret that is missing',
      { parameterTypes: async () => new Map() },
      [
        'fail aws:secrets /firesplit/prod/slack/default: there is none: the webhook of route default is missing → aws ssm put-parameter --type SecureString --name /firesplit/prod/slack/default --value …',
      ],
    ],
    [
      'a secret that everybody may read',
      { parameterTypes: async (names) => new Map(names.map((name) => [name, 'String'])) },
      [
        'warn aws:secrets /firesplit/prod/slack/default: it is a String, so whoever may read parameters reads the webhook of route default → delete it, and aws ssm put-parameter --type SecureString --name /firesplit/prod/slack/default --value …',
      ],
    ],
    [
      'what was given up',
      { waiting: async (url) => (url === queue('signals-dead') ? 2 : url === queue('signals') ? 7 : 0) },
      [
        'warn aws:queues queue firesplit-prod-signals-dead: 2 messages given up: signals that could not be decided or told → see docs/alarms/signals-given-up.md',
      ],
    ],
    [
      'a table that is gone',
      { tableStatus: async () => 'DELETING' },
      [
        'fail aws:state table firesplit-prod-alerts: it is DELETING → without it nobody is told of anything: make it again by a change set with --deployment-mode REVERT_DRIFT (docs/doctor.md)',
      ],
    ],
    [
      'parts that somebody has deleted, by which no line is sent',
      {
        stream: async () => undefined,
        tableStatus: async () => undefined,
        waiting: async (url) => (url === queue('signals') ? undefined : 0),
      },
      [
        'fail aws:stream stream logs: there is none any more → make it again by a change set with --deployment-mode REVERT_DRIFT (docs/doctor.md)',
        'fail aws:state table firesplit-prod-alerts: there is none any more → without it nobody is told of anything: make it again by a change set with --deployment-mode REVERT_DRIFT (docs/doctor.md)',
        'fail aws:queues queue firesplit-prod-signals: there is none any more → make it again by a change set with --deployment-mode REVERT_DRIFT (docs/doctor.md)',
      ],
    ],
    [
      'an alarm that rings',
      { ringing: async () => ['firesplit-prod-stream-late'] },
      ['warn aws:alarms alarm firesplit-prod-stream-late: it rings → see docs/alarms/stream-late.md'],
    ],
    [
      'a line that is refused, after which nothing is waited for',
      { put: denied('AccessDeniedException') },
      ['unknown canary:put stream logs: you may not look: User: me is not authorized → it takes firehose:PutRecord'],
    ],
    [
      'a line that is in no row',
      { ask: async () => [] },
      [expect.stringMatching(/^fail canary:row view app: Athena has no row of "firesplit doctor canary [\da-f]{12}" /)],
    ],
  ])('tells of %s', async (_what, changes, told) => {
    expect(await findings(changes)).toEqual(told);
  });

  it('tells of compaction that is behind, and of none that has begun nothing', async () => {
    const boundary = arrivedHour(Date.now() - 6 * 3_600_000);
    const control = Buffer.from(JSON.stringify({ boundary }));
    const put = denied('AccessDenied');
    const told = await findings({ put, object: async (_, key) => (/type=app/.test(key) ? control : undefined) });
    expect(told[0]).toBe(
      `warn aws:compaction s3://bucket/compact/control/type=app.json: lines of app that arrived since ${boundary} (UTC) are not yet Parquet, where windows are an hour → see docs/alarms/compaction-behind.md`,
    );
    const none = await examineDeployed(healthyStage({ put, object: async () => undefined }), 'prod', read);
    expect(none.find(({ name }) => name === 'aws:compaction')).toMatchObject({
      about: 'compaction has not begun',
      findings: [],
    });
  });

  it.each<[keyof DeployedStage, string, string]>([
    ['stack', 'AccessDenied', 'cloudformation:DescribeStacks'],
    ['stream', 'AccessDeniedException', 'firehose:DescribeDeliveryStream'],
    ['function', 'AccessDeniedException', 'lambda:GetFunctionConfiguration'],
    ['parameters', 'AccessDenied', 'cloudformation:GetTemplate'],
    ['role', 'AccessDenied', 'iam:GetRole'],
    ['policy', 'AccessDenied', 'iam:GetPolicy'],
    ['secretValues', 'AccessDeniedException', 'ssm:GetParameters and kms:Decrypt'],
    ['parameterTypes', 'AccessDeniedException', 'ssm:GetParameters'],
    ['waiting', 'AccessDenied', 'sqs:GetQueueAttributes'],
    ['tableStatus', 'AccessDeniedException', 'dynamodb:DescribeTable'],
    ['ringing', 'AccessDenied', 'cloudwatch:DescribeAlarms'],
    ['objects', 'AccessDenied', 's3:ListBucket and s3:GetObject'],
    ['ask', 'AccessDeniedException', 'athena:StartQueryExecution and what ReaderPolicy allows'],
  ])('that does not let you use %s is not known, and what it takes is named', async (method, name, permission) => {
    const told = await findings({ [method]: denied(name) });
    expect(told).toEqual([expect.stringMatching(`^unknown .*: you may not look: .* → it takes ${permission}$`)]);
  });

  it.each<[string, Partial<DeployedStage>, string]>([
    [
      'nobody is signed in',
      { stack: denied('CredentialsProviderError') },
      'nobody is signed in (User: me is not authorized) → set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in again (`aws sso login`)',
    ],
    [
      'a key that AWS does not know',
      { stack: denied('InvalidClientTokenId') },
      'AWS refuses who asks (User: me is not authorized) → set AWS_PROFILE, or sign in again (`aws sso login`)',
    ],
    [
      'no region',
      { region: () => Promise.reject(new Error('Region is missing')) },
      'no region is set: neither --region nor AWS_REGION nor the profile default in ~/.aws/config names one → say --region, such as --region eu-west-1',
    ],
    [
      'what is no region',
      {
        region: () => Promise.reject(new Error('Region not accepted: region="x y" is not a valid hostname component.')),
      },
      'that is no region (Region not accepted: region="x y" is not a valid hostname component.) → write --region or AWS_REGION as AWS does, such as eu-west-1',
    ],
    [
      'no network',
      { stack: () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })) },
      'AWS does not answer (getaddrinfo) → look at the region and at the network',
    ],
  ])('that can not be asked for %s has that for its only finding', async (_what, changes, told) => {
    const examinations = await examineDeployed(healthyStage(changes), 'prod', read);
    expect(examinations.map(({ name }) => name)).toEqual(['aws']);
    expect(await findings(changes)).toEqual([`fail aws stage prod: ${told}`]);
  });

  it('that can not be asked any more keeps what was found before', async () => {
    const told = await findings({ tableStatus: async () => 'DELETING', put: denied('ExpiredTokenException') });
    expect(told).toEqual([
      expect.stringMatching(/^fail aws:state table firesplit-prod-alerts: it is DELETING/),
      expect.stringMatching(/^fail aws stage prod: AWS refuses who asks/),
    ]);
  });
});

describe('a canary', () => {
  const route = { stream: 'logs', bucket: 'bucket', buffering: 10, run: '0123456789ab', pause: 1, patience: 30 };

  it('that is in no object in time has failed, and its row is asked for all the same', async () => {
    const hops = await sendCanary(healthyStage({ objects: async () => [] }), route);
    expect(hops.map(({ name, findings }) => [name, findings[0]?.result])).toEqual([
      ['canary:put', undefined],
      ['canary:object', 'fail'],
      ['canary:row', undefined],
    ]);
    expect(hops[1]?.findings[0]?.remedy).toContain('look under failed/');
  });

  it('is not looked for in more than can be read', async () => {
    const objects = async (_bucket: string, prefix: string) => [
      { key: `${prefix}large`, bytes: 300 * 1024 ** 2, writtenAt: Date.now() },
    ];
    const [, object] = await sendCanary(healthyStage({ objects }), route);
    expect(object?.findings).toMatchObject([
      { result: 'unknown', problem: expect.stringContaining('the stage writes too much') },
    ]);
  });

  it('is found across the pieces in which an object is unpacked', async () => {
    const message = 'firesplit doctor canary 0123456789ab';
    // zlib gives 16 KiB at a time: the text lies over the end of the first.
    const object = async () => gzipSync(`${'x'.repeat(16_384 - 10)}${message}${'y'.repeat(40_000)}`);
    const [, landed] = await sendCanary(healthyStage({ object }), route);
    expect(landed?.findings).toEqual([]);
  });
});
