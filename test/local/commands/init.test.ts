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
let told: string;

beforeEach(async () => {
  file = join(await tempFolder(), 'parameters.yml');
  await writeFile(file, shipped);
  printed = '';
  told = '';
  jest.spyOn(console, 'log').mockImplementation((text: string) => {
    printed += `${stripVTControlCharacters(text)}\n`;
  });
  jest.spyOn(console, 'error').mockImplementation((text: string) => {
    told += `${stripVTControlCharacters(text)}\n`;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** `firesplit init` with these arguments; somebody answers each question when there are answers, and leaves after the last. */
async function init(args: readonly string[], answers?: readonly string[]): Promise<Record<string, unknown>> {
  const stdin = Object.assign(new PassThrough(), { isTTY: answers !== undefined });
  const stdout = new PassThrough();
  const left = [...(answers ?? [])];
  stdout.on('data', (text: Buffer) => {
    if (/\] $/.test(stripVTControlCharacters(text.toString())))
      left.length > 0 ? stdin.write(`${left.shift()}\n`) : stdin.end();
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

  it('asks again what a deployment would not take, and says why', async () => {
    const answers = ['Prod', 'prod', 'my logs', 'logs', 'abc', '7', '90', 'oncall', '', 'yes', 'Enabled', ''];
    expect(await init([], answers)).toEqual({ retentionDays: 90, sourceBackup: 'Enabled' });
    expect(told.split('\n').map((line) => line.slice(0, 38))).toEqual([
      '✗ stage "Prod" has no place in the nam',
      '✗ stream is "my logs"; write up to 64 ',
      '✗ retentionDays is "abc"; it must be a',
      '✗ retentionDays is 7 and landedDays 14',
      '✗ alarmEmail is "oncall"; write one ad',
      '✗ unknown sourceBackup "yes"; allowed:',
      '',
    ]);
  });

  it('takes - for nothing, where something stands', async () => {
    await init(['--stage', 'prod', '--alarm-email', 'oncall@example.com', '--yes']);
    expect(await init(['--stage', 'prod'], ['', '', '-', '', ''])).toEqual({ alarmEmail: '' });
  });

  it('writes nothing when somebody leaves in between', async () => {
    await expect(init([], ['prod', 'logs-prod'])).rejects.toThrow(/^nothing was written: the questions/);
    expect(await readFile(file, 'utf8')).toBe(shipped);
  });

  it('says that nobody can be asked, but to whoever wants no questions', async () => {
    await init(['--stage', 'prod', '--yes']);
    expect(told).toBe('');
    await init(['--stage', 'prod']);
    expect(told).toMatch(/^nobody can be asked, since the input is no terminal/);
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
