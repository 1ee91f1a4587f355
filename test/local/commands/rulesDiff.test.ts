import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { rulesCommand } from '../../../local/commands/rules.js';
import { type StoredLine, writeStored } from '../../helpers/storedLines.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let repository: string;
let rules: string;
let config: string;
let data: string;
let printed: string[];

beforeEach(async () => {
  [repository, data] = [await tempFolder(), await tempFolder()];
  [rules, config] = [join(repository, 'rules'), join(repository, 'firesplit.yml')];
  await mkdir(rules);
  await writeFile(config, '');
  await writeFile(join(rules, 'a.yml'), oldRules);
  git('init', '--quiet', '--initial-branch', 'main');
  commit();
  await writeStored(data, lines);
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(stripVTControlCharacters(text)));
});
afterEach(() => {
  jest.restoreAllMocks();
});

function git(...args: string[]): void {
  const person = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['-C', repository, ...person, ...args], { stdio: 'pipe' });
}

function commit(): void {
  git('add', '.');
  git('commit', '--quiet', '-m', 'rules');
}

async function diff(...args: string[]): Promise<string> {
  const program = new Command();
  rulesCommand(program);
  const period = ['--from', '2026-11-22', '--to', '2026-11-23'];
  await program.parseAsync(['rules', 'diff', rules, '--config', config, '--data', data, ...period, ...args], {
    from: 'user',
  });
  return printed.at(-1) ?? '';
}

const oldRules = `
- { name: fatal-line, where: { level: fatal }, severity: critical, title: t, cooldown: 1h }
- { name: timeouts, where: { message: { contains: timeout } }, severity: warning, title: t }
- { name: old, where: { message: disk full }, severity: warning, title: t }
`;
const newRules = `
- { name: fatal-line, where: { level: fatal }, severity: critical, title: t, cooldown: 1h }
- { name: timeouts, where: { message: { contains: timeout } }, severity: warning, title: t, mode: shadow }
- { name: any-error, where: { level: error }, by: [service], severity: info, title: t, cooldown: 1d }
`;

const line = (time: string, level: string, message: string, service = 'pay'): StoredLine => ({
  type: 'error',
  ts: Date.parse(time),
  columns: { service, level, message },
});

const lines = [
  line('2026-11-22T10:00:00Z', 'fatal', 'no'),
  line('2026-11-22T11:00:00Z', 'error', 'timeout'),
  line('2026-11-22T12:00:00Z', 'error', 'disk full'),
  line('2026-11-22T13:00:00Z', 'error', 'a <b> | c', 'cart <b>&lt;'),
];

describe('firesplit rules diff', () => {
  it('shows what changed rules would have told beside those of before', async () => {
    await writeFile(join(rules, 'a.yml'), newRules);
    const page = await diff();
    expect(page).toContain('2026-11-22 00:00 to 2026-11-23 00:00 UTC, since main (');
    expect(page).toMatch(/any-error +added +2 alerts, of 3 lines\n +cart <b>&lt;: 1\n +pay: 1\n/);
    expect(page).toMatch(/timeouts +changed +none \(1 in shadow\), was 1\n/);
    expect(page).toMatch(/old +removed +no more, was 1\n/);
    expect(page).not.toContain('fatal-line');
    expect(page).toContain('  3 alerts, as before\n');
  });

  it('is a comment for a pull request, whatever was logged', async () => {
    await writeFile(join(rules, 'a.yml'), newRules);
    const comment = await diff('--format', 'markdown');
    expect(comment).toMatch(/^\*\*3 alerts, as before\*\* \(2026-11-22 00:00 to 2026-11-23 00:00 UTC, since main/);
    expect(comment).toContain('| `any-error` | added |  | 2 | cart &#60;b&#62;&#38;lt;: 1<br>pay: 1 |');
    expect(comment).toContain('| `timeouts` | changed | 1 | none (1 in shadow) | pay: 1 |');
  });

  it('is JSON for programs', async () => {
    await writeFile(join(rules, 'a.yml'), newRules);
    expect(JSON.parse(await diff('--format', 'json'))).toMatchObject({
      from: '2026-11-22T00:00:00.000Z',
      since: 'main',
      rows: 4,
      alertsBefore: 3,
      alertsAfter: 3,
      rules: [
        { name: 'any-error', change: 'added', after: { alerts: 2, lines: 3, severity: 'info' } },
        { name: 'old', change: 'removed', before: { alerts: 1 } },
        { name: 'timeouts', change: 'changed', before: { alerts: 1 }, after: { alerts: 0, inShadow: 1 } },
      ],
    });
  });

  it('says that nothing changed', async () => {
    expect(await diff()).toContain('the rules are the same, and so is what they would have told');
    expect(await diff('--format', 'markdown')).toMatch(/^\*\*the rules are the same[^\n]*$/);
  });

  it('goes by the configuration of each side, and by none where there was none', async () => {
    await rm(config);
    commit();
    await writeFile(config, 'alerts: { runbook_base: https://example.com/books/ }\n');
    expect(await diff('--since', 'HEAD')).toContain('the rules are the same');
    expect(await diff('--since', 'HEAD~1')).toContain('the rules are the same');
  });

  it('takes a folder that is not in the commit for one without rules', async () => {
    git('rm', '--quiet', '-r', '--cached', 'rules');
    git('commit', '--quiet', '-m', 'none');
    const warned = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(await diff('--since', 'HEAD')).toContain('3 alerts, was 0');
    expect(warned).toHaveBeenCalledWith(expect.stringContaining(`HEAD has no rules in ${rules}`));
  });

  it('refuses a folder of rules that git ignores', async () => {
    git('rm', '--quiet', '-r', '--cached', 'rules');
    await writeFile(join(repository, '.gitignore'), 'rules\n');
    commit();
    await expect(diff('--since', 'HEAD')).rejects.toThrow(/^git ignores .*rules, so there are no rules of before/);
  });

  it('takes a configuration that git does not keep as it is, for both sides', async () => {
    const text = 'alerts: { runbook_base: https://example.com/books/ }\n';
    const rule = '- { name: x, where: { level: fatal }, severity: info, title: t, runbook: x.md }\n';
    await writeFile(join(rules, 'a.yml'), rule);
    await writeFile(join(repository, '.gitignore'), 'own.yml\n');
    commit();
    for (config of [join(await tempFolder(), 'firesplit.yml'), join(repository, 'own.yml')]) {
      await writeFile(config, text);
      expect(await diff()).toContain('the rules are the same');
    }
  });

  it('names the commit, the file and the place of a rule of before that can not be read', async () => {
    await writeFile(join(rules, 'a.yml'), '- { name: x, sevrity: info }\n');
    commit();
    await writeFile(join(rules, 'a.yml'), newRules);
    await expect(diff()).rejects.toThrow(/[0-9a-f]{7}:.*rules\/a\.yml:1:\d+ .*sevrity/);
  });

  it('says what git can not find', async () => {
    await expect(diff('--since', 'gone')).rejects.toThrow(/^--since gone is no commit of this clone; fetch it first/);
    await expect(diff('--since', '--all')).rejects.toThrow(/^--since --all is no commit of this clone/);
    await expect(diff('--since', 'origin/gone')).rejects.toThrow(/\(git fetch origin gone\)/);
    git('update-ref', 'refs/remotes/origin/next', 'HEAD');
    await expect(diff('--since', 'next')).rejects.toThrow(/did you mean origin\/next\?$/);
    await writeFile(join(repository, '.git', 'config'), '[core\n');
    await expect(diff()).rejects.toThrow(/^git can not read the repository of .*: fatal: bad config/);
    await rm(join(repository, '.git'), { recursive: true });
    await expect(diff()).rejects.toThrow(/is not in a git repository/);
  });
});
