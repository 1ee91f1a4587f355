import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { parse } from 'yaml';
import { initCommand } from '../../../local/commands/init.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const shipped = await readFile('infra/parameters.yml', 'utf8');
let file: string;
let printed: string;

beforeEach(async () => {
  file = join(await tempFolder(), 'parameters.yml');
  await writeFile(file, shipped);
  printed = '';
  jest.spyOn(console, 'log').mockImplementation((text: string) => {
    printed += `${stripVTControlCharacters(text)}\n`;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** `firesplit init` with these arguments; somebody answers each question when there are answers. */
async function init(args: readonly string[], answers?: readonly string[]): Promise<Record<string, unknown>> {
  const stdin = Object.assign(new PassThrough(), { isTTY: answers !== undefined });
  const stdout = new PassThrough();
  const left = [...(answers ?? [])];
  stdout.on('data', (text: Buffer) => {
    if (/\] $/.test(stripVTControlCharacters(text.toString()))) stdin.write(`${left.shift() ?? ''}\n`);
  });
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  initCommand(program, { stdin, stdout });
  await program.parseAsync(['init', '--parameters', file, ...args], { from: 'user' });
  return parse(await readFile(file, 'utf8')).prod;
}

describe('firesplit init', () => {
  it('writes what options say, and what is next', async () => {
    const args = ['--stage', 'prod', '--stream', 'logs-prod', '--retention-days', '730', '--source-backup', 'Enabled'];
    expect(await init([...args, '--alarm-email', 'oncall@example.com'])).toEqual({
      ...{ stream: 'logs-prod', retentionDays: 730, sourceBackup: 'Enabled', alarmEmail: 'oncall@example.com' },
    });
    expect(printed).toContain('has the parameters of prod');
    expect(printed).toContain('--name /firesplit/prod/slack/default');
    expect(printed).toMatch(/npx firesplit doctor --stage prod\n.*npx serverless deploy --stage prod/s);
  });

  it('asks for the rest, and takes no answer for what stands there', async () => {
    expect(await init(['--stream', 'logs-prod'], ['prod', '90', 'oncall@example.com', '', ''])).toEqual({
      stream: 'logs-prod',
      retentionDays: 90,
      alarmEmail: 'oncall@example.com',
    });
  });

  it('writes nothing that a deployment would not take', async () => {
    await expect(init(['--stage', 'prod', '--retention-days', '7'])).rejects.toThrow(
      /nothing was written:\n.*:\d+:18 retentionDays is 7 and landedDays 14/,
    );
    await expect(init(['--stage', 'prod', '--kms-key', 'alias/logs'])).rejects.toThrow(
      /kmsKey is "alias\/logs"; write/,
    );
    await expect(init(['--stage', 'prod', '--alarm-email', 'oncall'])).rejects.toThrow(
      /write one address, for example/,
    );
    await expect(init(['--stage', 'Prod'])).rejects.toThrow(/such as prod$/);
    await expect(init(['--yes'])).rejects.toThrow('name the stage: --stage prod');
    expect(await readFile(file, 'utf8')).toBe(shipped);
  });

  it('says when there is nothing to write', async () => {
    expect(await init(['--stage', 'prod', '--yes'])).toBeUndefined();
    expect(printed).toContain('says so already');
  });
});
