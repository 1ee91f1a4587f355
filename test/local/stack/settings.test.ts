import { EventEmitter, once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { StackEmitter } from '../../../local/events.js';
import { Settings } from '../../../local/stack/settings.js';
import { FakeClock } from '../../helpers/fakeClock.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let folder: string;
let events: StackEmitter;
let problems: string[];
let clock: FakeClock;

const rule = (name: string) => `- name: ${name}\n  where: { level: fatal }\n  severity: info\n  title: mine\n`;

beforeEach(async () => {
  folder = await tempFolder();
  events = new EventEmitter();
  clock = new FakeClock();
  problems = [];
  events.on('problem', (problem) => problems.push(problem));
  await mkdir(join(folder, 'rules'));
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'rules/mine.yml'), rule('first'));
  await writeFile(join(folder, 'firesplit.yml'), 'redact:\n  emails: replace\n');
});

const open = () =>
  Settings.open({
    config: join(folder, 'firesplit.yml'),
    rules: join(folder, 'rules'),
    data: join(folder, 'data'),
    events,
  });

const compiled = async ({ variables }: Settings) => ({
  config: JSON.parse(await readFile(variables.CONFIG_FILE, 'utf8')),
  rules: JSON.parse(await readFile(variables.RULES_FILE, 'utf8')).map(({ name }: { name: string }) => name),
});

describe('Settings', () => {
  it('compiles the files for the functions', async () => {
    expect(await compiled(await open())).toEqual({ config: { redact: { emails: 'replace' } }, rules: ['first'] });
  });

  it('refuses a configuration with a mistake, with its place', async () => {
    await writeFile(join(folder, 'firesplit.yml'), 'redact:\n  emials: replace\n');
    await expect(open()).rejects.toThrow(`firesplit.yml:2:3 unknown key "emials"; did you mean "emails"?`);
  });

  it('reads a rule file that is added, and tells those who use the settings', async () => {
    const settings = await open();
    let changes = 0;
    const end = settings.watch(clock, () => changes++);
    await writeFile(join(folder, 'rules/more.yml'), rule('second'));
    const reloaded = once(events, 'reloaded');
    clock.advance(1000);
    await reloaded;
    end();
    expect(changes).toBe(1);
    expect((await compiled(settings)).rules).toEqual(['first', 'second']);
  });

  it('keeps what is in force when the new configuration has a mistake, and says which', async () => {
    const settings = await open();
    const end = settings.watch(clock, () => {
      throw new Error('nothing changed');
    });
    await writeFile(join(folder, 'firesplit.yml'), 'redact:\n  emials: replace\n');
    const told = once(events, 'problem');
    clock.advance(1000);
    const [problem] = await told;
    end();
    expect(problem).toContain('firesplit.yml:2:3 unknown key "emials"');
    expect(problem).toContain('what was in force before stays so until this is mended');
    expect((await compiled(settings)).config).toEqual({ redact: { emails: 'replace' } });
  });

  it('warns of rules that hash without a key', async () => {
    await writeFile(join(folder, 'firesplit.yml'), 'redact:\n  emails: hash\n');
    await open();
    expect(problems).toEqual([expect.stringContaining('hash, and REDACT_HASH_KEY is not set')]);
  });
});
