import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { explainCommand } from '../../../local/commands/explain.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let dir: string;
let config: string;
let printed: string;
beforeEach(async () => {
  dir = await tempFolder();
  config = join(dir, 'firesplit.config');
  await writeFile(config, '{}\n');
  await writeFile(
    join(dir, 'rules.yml'),
    `- { name: declined, where: { message: { contains: declined } }, severity: info, title: t }
- { name: fatal, where: { level: fatal }, severity: critical, title: t, mode: shadow }
- { name: nested, where: { message: { any: [{ contains: zz }] } }, severity: info, title: t }
- { name: other, where: { level: { not: { any: [error, b] } } }, severity: info, title: t }
`,
  );
  printed = '';
  jest.spyOn(console, 'log').mockImplementation((text: string) => {
    printed += stripVTControlCharacters(text);
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

async function explain(...args: string[]): Promise<string> {
  const program = new Command();
  explainCommand(program);
  await program.parseAsync(['explain', ...args, '--rules', dir, '--config', config], { from: 'user' });
  return printed;
}

describe('firesplit explain', () => {
  it('warns of redaction rules that hash while there is no key', async () => {
    await writeFile(config, 'redact:\n  emails: hash\n');
    const warned = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(await explain('jo@example.com')).toContain('[redacted]');
    expect(String(warned.mock.calls[0])).toContain('hash, and REDACT_HASH_KEY is not set');
  });

  it('prints what becomes of a line and why, without its secrets', async () => {
    const line = '{"time":"2026-11-22T16:41:02Z","level":"error","msg":"card 17 declined","password":"hunter2"}';
    const shown = await explain(line, '--service', 'pay');
    const words = shown.split('\n').map((each) => each.trim().replace(/ +/g, ' '));
    expect(words).toEqual(
      expect.arrayContaining([
        'error application-json',
        'type error: its level is error',
        'redacted passwords ×1',
        'ts 2026-11-22 16:41:02.000 ← key time',
        'service pay ← as given',
        'message card 17 declined ← key msg',
        'password [redacted] ← the line',
        'message card # declined',
        '✓ declined matches (match, info); key pay',
        '· fatal wants level fatal; it is error',
        '· nested wants message any: [{ contains: zz }]; it is card 17 declined',
        '· other wants level not: { any: [error, b] }; it is error',
      ]),
    );
    expect(shown).not.toContain('hunter2');
  });

  it('keeps to 80 columns, breaks no word and lets no line steer the terminal', async () => {
    const shown = await explain(`\u001b[2Jone ${'two three '.repeat(40)}`);
    expect(shown).toContain('plain-text');
    expect(shown).not.toContain('\u001b');
    for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const word of shown.match(/\btw\w*|\bthr\w*/g) ?? []) expect(word).toMatch(/^(two|three)$/);
  });

  it('prints JSON for programs', async () => {
    expect(JSON.parse(await explain('hello', '--json'))).toMatchObject({
      entries: [{ format: 'plain-text', type: 'app', typeReason: { by: 'nothing' } }],
      blankLines: 0,
    });
  });

  it.each([[], ['-']])('reads standard input, a stack trace as one entry: %j', async (...args: string[]) => {
    const input = Readable.from(['order 7 failed: Error: no stock\r\n', '    at reserve (/app/stock.js:4:9)\r\n']);
    jest.spyOn(process, 'stdin', 'get').mockReturnValue(input as typeof process.stdin);
    const { entries } = JSON.parse(await explain(...args, '--json'));
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ type: 'error' });
  });

  it('goes by the configuration', async () => {
    await writeFile(config, 'services:\n  pay-*: { service: pay, type: error }\n');
    const { entries } = JSON.parse(await explain('hello', '--json', '--service', 'pay-7'));
    expect(entries[0].typeReason).toEqual({ by: 'service' });
    expect(entries[0].columns[1]).toEqual({
      name: 'service',
      value: 'pay',
      from: { kind: 'configuration', service: 'pay-*' },
    });
  });
});
