import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { fireLensCommand } from '../../../local/commands/firelens.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let printed: string;
let noted: string;
beforeEach(() => {
  printed = '';
  noted = '';
  jest.spyOn(console, 'log').mockImplementation((text: string) => {
    printed += `${stripVTControlCharacters(text)}\n`;
  });
  jest.spyOn(console, 'error').mockImplementation((text: string) => {
    noted += `${stripVTControlCharacters(text)}\n`;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

async function run(...args: string[]): Promise<string> {
  printed = '';
  const program = new Command();
  fireLensCommand(program);
  await program.parseAsync(['firelens', ...args], { from: 'user' });
  return printed;
}

async function written(name: string, content: string): Promise<string> {
  const path = join(await tempFolder(), name);
  await writeFile(path, content);
  return path;
}

describe('firesplit firelens', () => {
  it('prints the definition alone, and beside it how its memory is shared', async () => {
    const definition = JSON.parse(
      await run('--service', 'shop', '--cpu', '512', '--memory', '2048', '--arch', 'amd64'),
    );
    expect(definition).toMatchObject({
      family: 'shop',
      cpu: '512',
      memory: '2048',
      runtimePlatform: { cpuArchitecture: 'X86_64' },
      containerDefinitions: [{ name: 'log_router' }, { name: 'shop' }],
    });
    expect(noted).toContain('log driver 256 MiB, an eighth of the task: 262144 lines of 1024 bytes\n');
    expect(noted).toContain('aws logs create-log-group --log-group-name /ecs/shop/log-router');
  });

  it('prints the policy of the task role', async () => {
    expect(JSON.parse(await run('--policy', '--stream', 'all', '--region', 'eu-west-1'))).toMatchObject({
      Statement: [{ Resource: 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/all' }],
    });
    expect(noted).toBe('');
  });

  it('prints all of it for programs', async () => {
    const { taskDefinition, policy, sizing, logGroup } = JSON.parse(await run('--json', '--line-bytes', '512'));
    expect(taskDefinition).toEqual(JSON.parse(await run('--line-bytes', '512')));
    expect(policy).toEqual(JSON.parse(await run('--policy')));
    expect(sizing).toMatchObject({ driver: { total: 64, lineBytes: 512, lines: 131072 } });
    expect(logGroup).toBe('/ecs/web/log-router');
  });

  it('lets a quiet service flush later, and says what that saves and delays', async () => {
    const { taskDefinition, flush } = JSON.parse(await run('--json', '--bytes-per-second', '1000'));
    expect(flush).toMatchObject({ flush: 33, alertAfter: 54, mayBeLost: 33_000 });
    const [router] = taskDefinition.containerDefinitions;
    const conf = router.environment.find(({ name }: { name: string }) => name === 'FIRESPLIT_CONF').value;
    expect(conf).toContain('[SERVICE]\n Flush 33\n');
    await run('--bytes-per-second', '1000');
    expect(noted).toMatch(/^Flush 33: .*\ncosts \$0\.0\d+ a month .* \$0\.07\d with Flush 5\n/m);
    expect(noted).toContain('an alert comes up to 54 s after its line');
    await expect(run('--bytes-per-second', '1000', '--image', 'init')).rejects.toThrow('take --image stock');
    await run();
    expect(noted).toContain('Flush 5, as shipped');
  });

  it('refuses what can not be', async () => {
    await expect(run('--memory', '4096')).rejects.toThrow('Fargate has no task of 256 CPU units with 4096 MiB');
  });
});

describe('firesplit firelens check', () => {
  it('finds nothing in what is printed, and exits with 0', async () => {
    const [definition, policy] = [
      await written('task.json', await run()),
      await written('policy.json', await run('--policy')),
    ];
    expect(await run('check', definition, '--policy', policy)).toBe(`✓ ${definition}: nothing to mend\n`);
    expect(process.exitCode).toBeUndefined();
  });

  it('says what loses lines, where, why and what to do, and exits with 1', async () => {
    const text = (await run()).replace('"65536"', '"16777216"');
    const file = await written('task.json', text);
    expect(
      await run('check', file),
    ).toBe(`loses lines containerDefinitions[1].logConfiguration.options["log-driver-buffer-limit"] driver-buffer
    log-driver-buffer-limit counts lines, not bytes: 16,777,216 lines of 1024 bytes are 17.2 GB, and the task has
    64 MiB for them. It is killed before the buffer is full.
    → Set "log-driver-buffer-limit": "65536": an eighth of the task's memory.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/firelens-docker-buffer-limit.html

✗ ${file}: 1 finding that loses lines or keeps the task from starting, 0 others
`);
    expect(process.exitCode).toBe(1);
    process.exitCode = undefined;
    expect(await run('check', file, '--line-bytes', '4')).toContain('nothing to mend');
  });

  it('exits with 0 when there is only something to look at, also for programs', async () => {
    const text = (await run()).replace(
      /"image": "\S+aws-for-fluent-bit:[\d.]+"/,
      '"image": "public.ecr.aws/aws-observability/aws-for-fluent-bit:3"',
    );
    const file = await written('task.json', text);
    expect(await run('check', file)).toContain(`✓ ${file}: nothing found that loses lines, 1 finding to look at`);
    expect(JSON.parse(await run('check', file, '--json'))).toEqual({
      findings: [
        {
          rule: 'image',
          effect: 'advice',
          path: 'containerDefinitions[0].image',
          problem: expect.stringContaining('3'),
          remedy: expect.stringContaining('Pin a version'),
          source: expect.stringContaining('https://'),
        },
      ],
    });
    expect(process.exitCode).toBeUndefined();
  });

  it('takes the configuration from a file', async () => {
    const task = await written('task.json', await run('--image', 'custom'));
    const conf = await written('own.conf', '[OUTPUT]\n  Name kinesis_firehose\n  Match *\n  Retry_Limit no_limits\n');
    expect(await run('check', task, '--config', conf)).toContain(
      'does not have both storage.type filesystem and storage.inherit on',
    );
  });

  it('names the file that can not be read', async () => {
    await expect(run('check', 'nowhere.json')).rejects.toThrow("nowhere.json can't be read");
    await expect(run('check', await written('task.json', 'cpu: 256'))).rejects.toThrow(/task\.json is no JSON: /);
  });
});
