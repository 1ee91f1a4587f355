import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { configCommand } from '../../../local/commands/config.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let printed: string;
beforeEach(() => {
  printed = '';
  const print = (text: string) => {
    printed += `${stripVTControlCharacters(text)}\n`;
  };
  jest.spyOn(console, 'log').mockImplementation(print);
  jest.spyOn(console, 'error').mockImplementation(print);
});
afterEach(() => {
  process.exitCode = undefined;
});

/** @returns the path of the file that was checked */
async function check(yaml: string, ...options: string[]): Promise<string> {
  const path = join(await tempFolder(), 'firesplit.yml');
  await writeFile(path, yaml);
  await run(path, ...options);
  return path;
}

async function run(...args: string[]): Promise<void> {
  const program = new Command();
  configCommand(program);
  await program.parseAsync(['config', 'check', ...args], { from: 'user' });
}

const shop = `formats:
  - name: shop
    nginx: |
      log_format main '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_user_agent" rt=$request_time $my_map';
    tests:
      - line: '203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET / HTTP/1.1" 404 7 "-" rt=0.250 x'
        expect: { status: 404, duration_ms: 250 }
`;

describe('firesplit config check', () => {
  it('shows a sample of a log format, and what is read from it', async () => {
    const path = await check(shop);
    expect(printed.split('\n')).toEqual([
      "  shop  nginx's log_format",
      '    203.0.113.9 - anna [22/Nov/2026:16:41:02 +0000] "GET /a?b=c HTTP/1.1" 200 12',
      '    "curl/8.5.0" rt=0.004 abc',
      '',
      '    type                access',
      '    time                2026-11-22T16:41:02.000Z',
      '    client_ip           203.0.113.9',
      '    method              GET',
      '    path                /a',
      '    query               b=c',
      '    protocol            HTTP/1.1',
      '    status              200',
      '    bytes               12',
      '    duration_ms         4',
      '    user_agent          curl/8.5.0',
      '    fields.remote_user  anna',
      '    fields.my_map       abc',
      '',
      `✓ ${path}, no problems, 1 test passed`,
      '',
    ]);
    expect(process.exitCode).toBeUndefined();
  });

  it('stays within 80 columns, whatever the format', async () => {
    const names = ['a', 'a_name_that_is_longer_than_any_column_of_the_table', 'b'];
    const json = `{${names.map((name) => `"${name}":"$http_${name}"`).join(',')},"request":"$request"}`;
    await check(`formats:\n  - name: api\n    nginx: '${json}'\n`);
    const lines = printed.split('\n').filter((line) => !line.startsWith('✓'));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(printed).toContain('    fields.a_name_that_is_longer_than_any_column_of_the_table\n');
    expect(printed).toMatch(/ time +of the collector: the format has none\n +with a zone\n/);
  });

  it('prints JSON for programs', async () => {
    await check(shop, '--json');
    expect(JSON.parse(printed)).toEqual({
      problems: [],
      tests: 1,
      samples: [
        {
          ...{ name: 'shop', server: 'nginx', type: 'access', time: '2026-11-22T16:41:02.000Z' },
          line: '203.0.113.9 - anna [22/Nov/2026:16:41:02 +0000] "GET /a?b=c HTTP/1.1" 200 12 "curl/8.5.0" rt=0.004 abc',
          columns: {
            ...{ client_ip: '203.0.113.9', method: 'GET', path: '/a', query: 'b=c', protocol: 'HTTP/1.1' },
            ...{ status: 200, bytes: 12, duration_ms: 4, user_agent: 'curl/8.5.0' },
          },
          fields: { remote_user: 'anna', my_map: 'abc' },
        },
      ],
    });
  });

  it('says how runbooks become links, where alerts are configured and none is said to be', async () => {
    await check('alerts: { group_interval: 2m }\n');
    expect(printed).toContain('alerts.runbook_base, where your copy of them is, makes links of these\n');
    printed = '';
    await check("alerts: { runbook_base: 'https://example.com/' }\n");
    expect(printed).not.toContain('runbook_base');
  });

  it('says which of metrics.rules is neither an alert rule nor one that redacts, drops or samples', async () => {
    const own = [
      'redact: { emails: hash, rules: [{ name: customer, key: [customer_id] }] }',
      'access:',
      '  drop: [{ name: checks, where: { user_agent: bot } }]',
      '  sample: [{ name: static-files, where: { status: 200 }, keep: 0.1 }]',
      'metrics:',
    ];
    await check([...own, '  rules: [lines-lost, card-numbers, emails, customer, checks, static-files]'].join('\n'));
    expect(printed).toContain('no problems');
    const path = await check([...own, '  rules: [customer, custmer]'].join('\n'));
    expect(printed).toContain(`${path}:6:21 unknown rule "custmer"; did you mean "customer"? Allowed: `);
    expect(process.exitCode).toBe(1);
    const rules = await tempFolder();
    await writeFile(
      join(rules, 'own.yml'),
      '- { name: pay, where: { level: fatal }, severity: warning, title: Pay }\n',
    );
    printed = '';
    await check('metrics: { rules: [pay] }\n', '--rules', rules);
    expect(printed).toContain('no problems');
    await check('metrics: { rules: [lines-lost] }\n', '--rules', rules);
    expect(printed).toContain('unknown rule "lines-lost"; allowed: pay, ');
  });

  it('says what listed metrics cost', async () => {
    const path = await check('metrics: { services: [checkout, payments], rules: [lines-lost] }\n');
    expect(printed).toBe(
      `metrics of these services and rules: up to $3.60 a month in CloudWatch (docs/metrics.md)\n✓ ${path}, no problems, 0 tests passed\n`,
    );
  });

  it('tells where a format is wrong and what to do, and exits with 1', async () => {
    const path = await check("formats:\n  - name: legacy\n    apache: '%h %Z'\n");
    expect(printed).toBe(
      `${path}:3:13 Apache's LogFormat has no %Z, as in "%Z"; take it out, or write %% for a percent sign\n` +
        `✗ 1 problem in ${path}\n`,
    );
    expect(process.exitCode).toBe(1);
  });

  it('says so when there is no such file', async () => {
    const path = join(await tempFolder(), 'none.yml');
    await run(path);
    expect(printed).toBe(`${path} can't be read; name the configuration file\n`);
    expect(process.exitCode).toBe(1);
  });
});
