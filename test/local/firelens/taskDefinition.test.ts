import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkTaskDefinition } from '../../../local/firelens/check/index.js';
import { parseConf, sectionsOf, serviceSetting } from '../../../local/firelens/conf.js';
import { taskPolicy } from '../../../local/firelens/policy.js';
import { printJson } from '../../../local/firelens/printJson.js';
import {
  architectures,
  defaultOptions,
  type RouterOptions,
  routerImages,
} from '../../../local/firelens/routerOptions.js';
import { shippedRouter } from '../../../local/firelens/shippedRouter.js';
import { confVariable, taskDefinition } from '../../../local/firelens/taskDefinition.js';
import { ecs } from '../../../shared/limits.js';
import { ecsModelProblems } from '../../helpers/ecsModel.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const shipped = shippedRouter();
const MiB = 1024 * 1024;
const sizes = Object.entries(ecs.fargateMemory).flatMap(([cpu, memories]) =>
  memories.map((memory) => ({ cpu: Number(cpu), memory })),
);
const options: fc.Arbitrary<RouterOptions> = fc
  .record({
    image: fc.constantFrom(...routerImages),
    arch: fc.constantFrom(...architectures),
    size: fc.constantFrom(...sizes),
    region: fc.constantFrom('us-east-1', 'cn-north-1', 'us-gov-west-1', 'ap-southeast-2'),
    lineBytes: fc.integer({ min: 1, max: 20_000 }),
    service: fc.stringMatching(/^[a-zA-Z][\w-]{0,40}$/),
  })
  .map(({ size, ...rest }) => ({ ...defaultOptions, ...size, ...rest }));

describe('a printed task definition', () => {
  it('is what ECS takes, and passes the check with the printed policy', () => {
    fc.assert(
      fc.property(options, (given) => {
        const { definition } = taskDefinition(given, shipped);
        // The compiler holds the definition to the words that ECS knows.
        const request: RegisterTaskDefinitionCommandInput = definition;
        expect(ecsModelProblems(request)).toEqual([]);
        const context = { shipped, policy: taskPolicy(given), lineBytes: given.lineBytes };
        expect(checkTaskDefinition(JSON.parse(printJson(definition)), context)).toEqual([]);
      }),
    );
  });

  it('is small enough for ECS, with the configuration inside', () => {
    const { definition } = taskDefinition(defaultOptions, shipped);
    expect(JSON.stringify(definition).length).toBeLessThan(ecs.maxDefinitionBytes);
  });

  it('leaves the router longer to stop than it takes to drain', () => {
    const [router] = taskDefinition(defaultOptions, shipped).definition.containerDefinitions;
    expect(router).toMatchObject({ stopTimeout: expect.any(Number) });
    const { stopTimeout } = router as { stopTimeout: number };
    expect(stopTimeout).toBeGreaterThan(Number(serviceSetting(parseConf(shipped.conf), 'grace')));
    expect(stopTimeout).toBeLessThanOrEqual(ecs.stopTimeout.maxFargate);
  });

  it('shares out the memory of the task without a rest', () => {
    fc.assert(
      fc.property(options, ({ memory, ...rest }) => {
        const { router, driver, service } = taskDefinition({ ...rest, memory }, shipped).sizing;
        expect(router.total + driver.total + service).toBe(memory);
        expect(router.chunks + router.backlog + router.process).toBeLessThanOrEqual(router.total);
        expect(driver.lines * driver.lineBytes).toBeLessThanOrEqual(driver.total * MiB);
      }),
    );
  });

  it('has the router take more memory than the highest RSS of docs/no-loss.md, and not a step more for Fluent Bit itself', async () => {
    const tables = await readFile('docs/no-loss.md', 'utf8');
    // The columns before the canaries and the note.
    const all = [...tables.matchAll(/^\|.*\| \d+ \| (\d+) \|[^|]*\|[^|]*\|$/gm)].map(([, rss]) => Number(rss) * 1e6);
    const highest = Math.max(...all);
    const { router } = taskDefinition(defaultOptions, shipped).sizing;
    expect(all.length).toBeGreaterThan(20);
    expect(router.total * MiB).toBeGreaterThan(highest);
    const above = highest / MiB - router.chunks;
    expect(router.process - above).toBeGreaterThanOrEqual(0);
    expect(router.process - above).toBeLessThan(33);
  });

  it('has the shell of the stock image write the configuration, and hand over to what the image starts', async () => {
    const folder = await tempFolder();
    const [router] = taskDefinition(defaultOptions, shipped).definition.containerDefinitions;
    const { entryPoint, command, environment } = router as {
      entryPoint: string[];
      command: string[];
      environment: { name: string; value: string }[];
    };
    const conf = join(folder, 'firesplit/extra.conf');
    // What the image starts: it says which process it is.
    await writeFile(join(folder, 'entrypoint.sh'), `cat ${conf}; echo "pid $$"`);
    const moved = command.map((text) =>
      text.replaceAll('/firesplit', `${folder}/firesplit`).replace(' /entrypoint', ` ${folder}/entrypoint`),
    );
    const [shell = '', ...flags] = entryPoint;
    const child = promisify(execFile)(shell, [...flags, ...moved], {
      env: Object.fromEntries(environment.map(({ name, value }) => [name, value])),
    });
    const { stdout } = await child;
    expect(stdout).toBe(`${await readFile(conf, 'utf8')}pid ${child.child.pid}\n`);
    expect(parseConf(await readFile(conf, 'utf8'))).toEqual(parseConf(shipped.conf));
  });

  it('names the options that can not be', () => {
    const attempt = (wrong: Partial<RouterOptions>) => () => taskDefinition({ ...defaultOptions, ...wrong }, shipped);
    expect(attempt({ cpu: 300 })).toThrow('Fargate has no task of 300 CPU units; it takes 256, 512, 1024');
    expect(attempt({ memory: 4096 })).toThrow('with them it takes 512, 1024, 2048 MiB');
    expect(attempt({ cpu: 2048, memory: 512 })).toThrow('with them it takes 4096, 5120 … 16384 MiB');
    expect(attempt({ service: 'a b' })).toThrow('--service a b: ');
    expect(attempt({ service: 'log_router' })).toThrow("is the router's own name");
    expect(attempt({ service: 'firesplit-canary' })).toThrow("is the name of the router's canary");
    expect(attempt({ stream: 'a/b' })).toThrow('--stream a/b: ');
    expect(attempt({ region: 'Virginia' })).toThrow('--region Virginia: ');
    expect(attempt({ account: '12' })).toThrow('--account 12: ');
    const greedy = { ...shipped, conf: shipped.conf.replace(/max_chunks_up +\d+/, 'max_chunks_up 400') };
    expect(() => taskDefinition(defaultOptions, greedy)).toThrow(
      /^--memory 512: the router needs \d+ MiB .* give the task more\.$/,
    );
  });
});

describe('the ways of the configuration', () => {
  const router = (image: RouterOptions['image'], more: Partial<RouterOptions> = {}) =>
    taskDefinition({ ...defaultOptions, image, ...more }, shipped).definition.containerDefinitions[0];

  it('take the image of the Dockerfile', () => {
    expect(router('stock')).toMatchObject({ image: `${shipped.repository}:${shipped.version}` });
    expect(router('init')).toMatchObject({ image: `${shipped.repository}:init-${shipped.version}` });
    expect(router('custom')).toMatchObject({
      image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/firesplit-log-router:1',
    });
    expect(router('custom', { imageUri: 'ghcr.io/me/router:7' })).toMatchObject({ image: 'ghcr.io/me/router:7' });
  });

  it('read the object that a deployment puts there, which the role may read', () => {
    const arn = 'arn:aws-cn:s3:::firesplit-dev-logs-111122223333-cn-north-1';
    const given = { region: 'cn-north-1', stage: 'dev' };
    expect(router('init', given)).toMatchObject({
      environment: expect.arrayContaining([{ name: 'aws_fluent_bit_init_s3_1', value: `${arn}/router/extra.conf` }]),
    });
    expect(taskPolicy({ ...defaultOptions, image: 'init', ...given }).Statement).toMatchObject([
      { Resource: 'arn:aws-cn:firehose:cn-north-1:111122223333:deliverystream/logs' },
      { Action: 's3:GetObject', Resource: `${arn}/router/extra.conf` },
      { Action: 's3:GetBucketLocation', Resource: arn },
    ]);
  });
});

describe('a stream in another account', () => {
  const given = { ...defaultOptions, senderRole: 'arn:aws:iam::222233334444:role/logs/firesplit-sender' };

  it('is reached by a role of its account, which the task role may take on and nothing else', () => {
    const { definition } = taskDefinition(given, shipped);
    const [router] = definition.containerDefinitions;
    const environment = router && 'environment' in router ? router.environment : [];
    const { value = '' } = environment.find(({ name }) => name === confVariable) ?? {};
    expect(sectionsOf(parseConf(value), 'OUTPUT').map(({ settings }) => settings.get('role_arn'))).toEqual([
      given.senderRole,
    ]);
    expect(taskPolicy(given).Statement).toMatchObject([{ Action: 'sts:AssumeRole', Resource: given.senderRole }]);
    const check = (policy: unknown) =>
      checkTaskDefinition(JSON.parse(printJson(definition)), { shipped, policy, lineBytes: given.lineBytes });
    expect(check(taskPolicy(given))).toEqual([]);
    expect(check(taskPolicy(defaultOptions))).toMatchObject([
      { rule: 'permission', problem: expect.stringContaining('sts:AssumeRole') },
    ]);
  });

  it.each([
    ['an ARN of something else', { senderRole: 'arn:aws:iam::222233334444:user/me' }, 'write it like'],
    ['a name that an address would have to escape', { senderRole: `${given.senderRole}+1` }, 'write it like'],
    ['an image with a configuration of its own', { image: 'custom' as const }, 'take --image stock'],
  ])('refuses %s', (_, more, problem) => {
    expect(() => taskDefinition({ ...given, ...more }, shipped)).toThrow(problem);
  });
});

describe('the model of ECS', () => {
  const request = taskDefinition(defaultOptions, shipped).definition;

  it('finds unknown members, missing ones and other types', () => {
    const { family: _, ...nameless } = request;
    expect(ecsModelProblems(nameless)).toEqual(['request has no family']);
    expect(ecsModelProblems({ ...request, cpus: '256' })).toEqual(['request has an unknown member cpus']);
    expect(ecsModelProblems({ ...request, cpu: 256 })).toEqual(['request.cpu is 256, which is of another type']);
    expect(ecsModelProblems({ ...request, containerDefinitions: [{ essential: 'yes' }] })).toEqual([
      'request.containerDefinitions[0].essential is "yes", which is of another type',
    ]);
  });
});
