import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Finding, resultOf } from '../../../local/doctor/finding.js';
import { examineProject, examineRedaction } from '../../../local/doctor/project/project.js';
import { secretsOf } from '../../../local/doctor/project/secrets.js';
import { readSources, sourcesFile } from '../../../local/doctor/project/sources.js';
import { Infra } from '../../../local/infra/infra.js';
import { loadRules } from '../../../shared/rules/language/loadRules.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let root: string;

/** A project of the files of this one, with something in the place of what `npm run build` makes. */
beforeEach(async () => {
  root = await tempFolder();
  await cp('infra', join(root, 'infra'), { recursive: true });
  await cp('serverless.yml', join(root, 'serverless.yml'));
  await write('functions/alert.ts', 'export const handler = 1;');
  const account = { region: 'us-east-1', id: '123456789012', stage: 'prod', queueUrl: () => '' };
  const { functionNames } = await Infra.load(root, account);
  await Promise.all(functionNames.map((name) => write(`dist/functions/${name}.mjs`, '')));
  await write('dist/deploy/parameters.json', '{}');
  await write(sourcesFile, JSON.stringify(await readSources(root)));
});

async function write(path: string, text: string): Promise<void> {
  const file = join(root, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, text);
}

async function examine(stage = 'prod') {
  const project = { root, stage, config: join(root, 'infra/firesplit.yml'), rules: join(root, 'infra/rules') };
  const { read, examinations } = await examineProject(project);
  const findings = examinations.flatMap((examination) =>
    examination.findings.map((finding) => ({ name: examination.name, ...finding })),
  );
  return { read, examinations, findings };
}

async function findings(stage?: string): Promise<readonly Partial<Finding & { name: string }>[]> {
  return (await examine(stage)).findings;
}

describe('a project', () => {
  it('of this version has nothing to mend, and says which secrets a stage has', async () => {
    const { examinations } = await examine();
    expect(examinations.map(resultOf)).toEqual(examinations.map(() => 'pass'));
    expect(examinations.find(({ name }) => name === 'routes')?.about).toBe(
      '1 route; SSM has to have /firesplit/prod/slack/default (--aws looks)',
    );
  });

  it('without a build says what is missing', async () => {
    await rm(join(root, 'dist/functions/alert.mjs'));
    expect(await findings()).toEqual([
      {
        name: 'build',
        result: 'fail',
        place: 'dist/functions/alert.mjs',
        problem: 'it is not there',
        remedy: 'run npm run build',
      },
    ]);
  });

  it.each([
    [
      'infra/rules',
      'infra/rules/mine.yml',
      '- name: mine\n  severity: warning\n  title: Mine\n  where: { service: shop }\n',
    ],
    ['infra/firesplit.yml', 'infra/firesplit.yml', '# another one\n'],
    ['functions', 'functions/alert.ts', 'export const handler = 2;'],
  ])('whose %s has changed since the build is told so', async (part, path, text) => {
    await write(path, text);
    expect((await findings()).filter(({ name }) => name === 'build')).toMatchObject([
      {
        result: 'fail',
        place: part,
        problem: expect.stringContaining('changed since the build'),
        remedy: 'run npm run build',
      },
    ]);
  });

  it('does not mind that files were only written again', async () => {
    await write('functions/alert.ts', 'export const handler = 1;');
    expect(await findings()).toEqual([]);
  });

  it('passes on what is wrong with configuration and rules, with its place', async () => {
    await write('infra/firesplit.yml', 'redakt: {}\n');
    await write('infra/rules/mine.yml', '- name: mine\n  tipe: line\n');
    const found = await findings();
    expect(found).toContainEqual(
      expect.objectContaining({ name: 'configuration', place: expect.stringMatching(/infra\/firesplit\.yml:1:1$/) }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({ name: 'rules', place: expect.stringMatching(/mine\.yml:\d+:\d+$/) }),
    );
  });

  it('says which of metrics.rules no rule has', async () => {
    await write('infra/firesplit.yml', 'metrics:\n  rules: [http-5xx, card-numbers, htpp-5xx]\n');
    expect(await findings()).toContainEqual(
      expect.objectContaining({
        name: 'configuration',
        result: 'fail',
        place: expect.stringMatching(/infra\/firesplit\.yml:2:35$/),
        problem: expect.stringMatching(/^unknown rule "htpp-5xx"; did you mean "http-5xx"\? Allowed: /),
      }),
    );
    await write('infra/rules/mine.yml', '- name: mine\n  tipe: line\n');
    expect((await findings()).filter(({ name }) => name === 'configuration')).toEqual([]);
  });

  it('says which parameter or stage does not fit', async () => {
    expect(await findings('prod-eu')).toMatchObject([
      { name: 'parameters', place: '--stage', remedy: 'name another stage' },
    ]);
    await write('infra/parameters.yml', 'default:\n  retentionDays: abc\n');
    expect(await findings()).toContainEqual(
      expect.objectContaining({ name: 'parameters', result: 'fail', place: 'infra/parameters.yml:2:18' }),
    );
  });

  it('says where the infra files can not be read', async () => {
    await write('infra/resources/queue.yml', 'Resources:\n  Queue: [\n');
    expect((await findings()).filter(({ name }) => name === 'templates')).toMatchObject([
      { result: 'fail', place: expect.stringMatching(/^infra\/resources\/queue\.yml:\d+$/) },
    ]);
  });

  it('asks whether a route is mistyped that the configuration does not have', async () => {
    await write('infra/firesplit.yml', 'alerts:\n  routes:\n    payments: { webhook: https://example.com/hook }\n');
    await write(
      'infra/rules/mine.yml',
      '- name: mine\n  severity: warning\n  title: Mine\n  route: paymets\n  where: { service: shop }\n',
    );
    expect((await findings()).filter(({ name }) => name === 'routes')).toMatchObject([
      { result: 'warn', place: expect.stringContaining('mine.route'), remedy: 'did you mean payments?' },
    ]);
  });

  it('asks whether the configuration itself mistypes a route', async () => {
    const routes =
      'routes:\n    critical: [oncal, team]\n    oncall: { webhook: https://example.com/hook, fallback: team }\n';
    await write('infra/firesplit.yml', `alerts:\n  weekly_cost_route: onnall\n  operations_route: team\n  ${routes}`);
    expect((await findings()).filter(({ name }) => name === 'routes')).toMatchObject([
      {
        result: 'warn',
        place: expect.stringContaining('firesplit.yml alerts.routes.critical'),
        remedy: 'did you mean oncall?',
      },
      {
        result: 'warn',
        place: expect.stringContaining('firesplit.yml alerts.weekly_cost_route'),
        remedy: 'did you mean oncall?',
      },
    ]);
  });

  it('warns of hashes without a key, unless the deployment had one', async () => {
    await write('infra/firesplit.yml', 'redact:\n  emails: hash\n');
    const { read } = await examine();
    expect(examineRedaction(read, undefined).findings).toMatchObject([{ result: 'warn' }]);
    expect(examineRedaction(read, '').findings).toMatchObject([{ result: 'warn' }]);
    expect(examineRedaction(read, 'a-key').findings).toEqual([]);
    await write('infra/firesplit.yml', '');
    expect(examineRedaction((await examine()).read, undefined).findings).toEqual([]);
  });
});

describe('the secrets of a stage', () => {
  it('are those of every destination, of forwarding and of links, each once', async () => {
    const rules = await loadRules('infra/rules');
    const config = {
      alerts: {
        silence_links: true,
        operations_route: 'operations',
        weekly_cost_route: 'finance',
        routes: {
          critical: ['pager', 'team'],
          pager: { pagerduty: { key_parameter: 'pagerduty-key' }, fallback: 'backup' },
          backup: { webhook: { url_parameter: 'hook', token_parameter: 'hook-token' } },
          bot: { slack_bot: { channel: 'C0123456789', token_parameter: 'slack-bot' } },
        },
      },
      forward: { datadog: { site: 'datadoghq.eu', api_key_parameter: 'datadog' } },
    } as const;
    expect(secretsOf(config, rules, 'dev').map(({ name, otherwise }) => [name, otherwise])).toEqual([
      ['/firesplit/dev/slack/team', '/firesplit/dev/slack/default'],
      ['/firesplit/dev/slack/default', undefined],
      ['/firesplit/dev/slack/operations', '/firesplit/dev/slack/default'],
      ['/firesplit/dev/slack/finance', '/firesplit/dev/slack/default'],
      ['/firesplit/dev/webhook/pagerduty-key', undefined],
      ['/firesplit/dev/webhook/hook', undefined],
      ['/firesplit/dev/webhook/hook-token', undefined],
      ['/firesplit/dev/webhook/slack-bot', undefined],
      ['/firesplit/dev/forward/datadog', undefined],
      ['/firesplit/dev/silence/link-keys', undefined],
    ]);
  });
});
