import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import ParametersPlugin from '../../../tools/deploy/parametersPlugin.js';
import { stagesParameters } from '../../../tools/deploy/stagesParameters.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const shipped = await readFile('infra/parameters.yml', 'utf8');

interface Asked {
  readonly command?: string;
  readonly stage?: string;
  readonly param?: readonly string[];
  /** What the framework has made of the file's variables. */
  readonly resolved?: unknown;
}

class ShownError extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

/** What the plugin does first of all, in a service whose infra/parameters.yml has this text. */
async function check(text: string | undefined, { command = 'deploy', stage = 'prod', param, resolved }: Asked = {}) {
  const serviceDir = await tempFolder();
  await mkdir(join(serviceDir, 'infra'));
  if (text !== undefined) await writeFile(join(serviceDir, 'infra/parameters.yml'), text);
  const plugin = new ParametersPlugin({
    service: { provider: { compiledCloudFormationTemplate: {} } },
    serviceDir,
    configurationInput: { params: resolved },
    processedInput: { commands: [command], options: param ? { param } : {} },
    classes: { Error: ShownError },
    getProvider: () => ({ getStage: () => stage, getRegion: () => 'us-east-1' }),
  });
  await plugin.hooks.initialize?.();
}

/** The shipped file as the framework resolves it, where infra/firesplit.yml asks for nothing. */
const plain = {
  forward: 'Disabled',
  forwardTypes: '',
  silenceLinks: 'Disabled',
  weeklyCost: 'Disabled',
  sns: 'Disabled',
  snsTopics: '',
};
const resolved = { default: { ...parse(shipped).default, ...plain } };

describe('the check before a deployment', () => {
  it.each(['package', 'deploy'])('lets the shipped parameters %s', async (command) => {
    await check(shipped, { command, resolved });
  });

  it('names each mistake with its place and the remedy, and that nothing was done', async () => {
    const text = shipped.replace('retentionDays: 395', 'retentionDays: 7');
    const stated = { default: { ...resolved.default, retentionDays: 7 } };
    const failure = check(text, { stage: 'Prod', param: ['rolePath=logs'], resolved: stated });
    await expect(failure).rejects.toMatchObject({
      code: 'FIRESPLIT_PARAMETERS',
      message: expect.stringMatching(
        /^Nothing was packaged or deployed: 2 problems in the parameters\.\n--stage: .* such as prod\n--param="rolePath=…": .*\/firesplit\/$/,
      ),
    });
    await expect(check(text, { resolved: stated })).rejects.toThrow(
      /: 1 problem in the parameters\.\ninfra\/parameters\.yml:\d+:18 retentionDays is 7 and landedDays 14.*write at least 14/,
    );
  });

  it.each([
    ['misspelt', 'retentionDay: 395', /:12:3 unknown parameter "retentionDay"; did you mean "retentionDays"/],
    ['missing', '# 395', /:7:3 "default" has no retentionDays; add it/],
    ['without a value', 'retentionDays:', /:12:\d+ .*retentionDays/],
  ])('comes to say that a key of default is %s', async (_, line, message) => {
    const text = shipped.replace('retentionDays: 395', line);
    const path = join(await tempFolder(), 'parameters.yml');
    await writeFile(path, text);
    const sections = await stagesParameters(path);
    // What the framework can't find, it names before any plugin is asked.
    expect(sections?.default).toMatchObject({ retentionDays: 395 });
    await expect(check(text, { resolved: { default: { ...Object(sections?.default), ...plain } } })).rejects.toThrow(
      message,
    );
  });

  it('leaves to the framework what is no YAML, and no sections', async () => {
    const path = join(await tempFolder(), 'parameters.yml');
    for (const text of ['default: [', 'logs', '']) {
      await writeFile(path, text);
      expect(await stagesParameters(path)).toBeNull();
    }
  });

  it('takes what the command line says, whatever equals signs its value has', async () => {
    await check(shipped, { param: ['redactHashKey=a=b', 'retentionDays=30 '], resolved });
    await expect(check(shipped, { param: ['retentionDays=abc'], resolved })).rejects.toThrow(
      /--param="retentionDays=…"/,
    );
  });

  it.each(['remove', 'info', 'logs'])('has no say in %s', async (command) => {
    await check('default: [', { command, stage: 'Prod' });
  });

  it('needs the file', async () => {
    await expect(check(undefined)).rejects.toThrow(/ENOENT.*infra\/parameters\.yml/);
  });
});
