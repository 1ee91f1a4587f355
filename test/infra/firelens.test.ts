import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseConf } from '../../local/firelens/conf.js';

interface Container {
  name: string;
  stopTimeout?: number;
  dependsOn?: { containerName: string }[];
  environment?: { name: string }[];
  firelensConfiguration?: { options: Record<string, string> };
  healthCheck?: { interval: number; retries: number };
  logConfiguration: { logDriver: string; options: Record<string, string> };
}

let settings: ReadonlyMap<string, string>;
let extraConf: string;
let router: Container;
let app: Container;

beforeAll(async () => {
  extraConf = await readFile('infra/fluent-bit/extra.conf', 'utf8');
  settings = new Map([...extraConf.matchAll(/^ {4}([\w.]+) +(.+)$/gm)].map(([, key = '', value = '']) => [key, value]));
  const task = JSON.parse(await readFile('infra/ecs/task-definition.json', 'utf8')) as {
    containerDefinitions: [Container, Container];
  };
  [router, app] = task.containerDefinitions;
});

describe('the FireLens configuration', () => {
  it('is in the image where the task definition looks for it', async () => {
    const dockerfile = await readFile('infra/fluent-bit/Dockerfile', 'utf8');
    const folder = /^COPY extra\.conf (\S+)\/$/m.exec(dockerfile)?.[1];
    expect(router.firelensConfiguration?.options['config-file-value']).toBe(`${folder}/extra.conf`);
  });

  it('builds on a pinned image', async () => {
    expect(await readFile('infra/fluent-bit/Dockerfile', 'utf8')).toMatch(
      /^FROM \S+\/aws-for-fluent-bit:\d+\.\d+\.\d+$/m,
    );
  });

  it('finds every variable it uses in the environment', () => {
    const used = [...extraConf.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect(router.environment?.map(({ name }) => name)).toEqual(expect.arrayContaining(used));
  });

  it('keeps lines on disk from the inputs on, and in no filter', () => {
    expect(Object.fromEntries(settings)).toMatchObject({
      'storage.type': 'filesystem',
      'storage.inherit': 'on',
      Retry_Limit: 'no_limits',
    });
    // What is neither of these might wait for more lines.
    const filters = parseConf(extraConf).filter(({ kind }) => kind === 'FILTER');
    expect(filters.map(({ settings }) => [settings.get('name'), settings.get('call')])).toEqual([
      ['lua', 'number'],
      ['lua', 'cut'],
    ]);
  });

  it('writes a canary a minute, which the output for lines takes and a filter numbers', () => {
    const [input] = parseConf(extraConf).filter(({ kind }) => kind === 'INPUT');
    expect(Object.fromEntries(input?.settings ?? [])).toMatchObject({
      ...{ name: 'exec', alias: 'firesplit_canary', tag: 'firesplit-canary-firelens-router' },
      // Without a thread of its own a command that hangs would hold up all lines; a longer line than the buffer would be two.
      ...{ interval_sec: '60', threaded: 'On', buf_size: '64k' },
    });
    const output = parseConf(extraConf).find(({ kind }) => kind === 'OUTPUT');
    expect(output?.settings.get('match')).toBe('*-firelens-*');
  });

  it('asks its own HTTP server and looks at its own storage', () => {
    const command = settings.get('Command') ?? '';
    const hosts = [...command.matchAll(/http:\/\/([^/]+)\//g)].map(([, host]) => host);
    expect(hosts).toEqual(Array(2).fill(`${settings.get('HTTP_Listen')}:${settings.get('HTTP_Port')}`));
    expect(command).toContain(`du -sk ${settings.get('storage.path')} `);
    // Fluent Bit would take it for a variable of its own.
    expect(command).not.toContain('${');
  });

  it('prints one line whatever the command finds', () => {
    const command = (settings.get('Command') ?? '')
      .replaceAll('/var/log/firesplit/', '/nowhere/')
      .replaceAll(':2020/', ':1/');
    for (const path of [process.env.PATH, '/nowhere']) {
      const printed = execFileSync('/bin/sh', ['-c', command], {
        env: { PATH: path },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      expect(printed.toString().split('\n')).toHaveLength(2);
    }
  });

  it('sends aggregated gzip with the time of the line', () => {
    expect(Object.fromEntries(settings)).toMatchObject({
      simple_aggregation: 'On',
      compression: 'gzip',
      time_key: 'time',
      time_key_format: '%Y-%m-%dT%H:%M:%S.%9NZ',
    });
  });
});

describe('the task definition', () => {
  it('leaves the router longer to stop than it takes to drain, within the 120 s of Fargate', () => {
    expect(router.stopTimeout).toBeGreaterThan(Number(settings.get('Grace')));
    expect(router.stopTimeout).toBeLessThanOrEqual(120);
  });

  it('starts the app after the router, and gives it no output of its own', () => {
    expect(app.dependsOn?.map(({ containerName }) => containerName)).toEqual([router.name]);
    // An output named here besides the one in extra.conf would send every line twice.
    expect(app.logConfiguration.options.Name).toBe('null');
  });

  it('is not taken for dead while it tries an endpoint that says nothing, each request twice', () => {
    const seconds = (key: string) => Number.parseInt(settings.get(key) ?? '', 10);
    const still = 2 * seconds('net.io_timeout') + 2 * seconds('net.connect_timeout') + seconds('scheduler.cap') + 1;
    const { interval, retries } = router.healthCheck ?? { interval: 0, retries: 0 };
    expect(interval * retries).toBeGreaterThan(still);
    expect(retries).toBeLessThanOrEqual(10);
  });
});
