import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';

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
    // What is not `cut` might wait for more lines.
    expect(
      [...extraConf.matchAll(/^\[FILTER\]\n +Name +(\w+)\n +Match .*\n +call +(\w+)/gm)].map(([, ...of]) => of),
    ).toEqual([['lua', 'cut']]);
    expect(extraConf.match(/^\[FILTER\]/gm)).toHaveLength(1);
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
