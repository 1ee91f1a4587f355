import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it, jest } from '@jest/globals';
import { Faults } from '../../local/firehose/faults.js';
import type { SlackMessage } from '../../local/slack/message.js';
import { fireLens } from '../helpers/firehose.js';
import { startUp, startUpWith, type Up, withData } from '../helpers/up.js';

jest.setTimeout(120_000);

const cli = new URL('../../dist/local/cli.mjs', import.meta.url).pathname;

/** Writes one rule file and returns its folder. */
async function rulesIn(data: string, yaml: string): Promise<string> {
  const folder = join(data, 'rules');
  await mkdir(folder);
  await writeFile(join(folder, 'rules.yml'), yaml);
  return folder;
}

/** What Slack was told so far. */
async function messagesIn(data: string): Promise<SlackMessage[]> {
  const text = await readFile(join(data, 'slack/messages.ndjson'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as SlackMessage);
}

/** Resolves once Slack was told so often. */
async function toldTimes(up: Up, times: number): Promise<readonly SlackMessage[]> {
  for (;;) {
    const messages = (await (await fetch(up.ready.slack)).json()) as SlackMessage[];
    if (messages.length >= times) return messages;
    await sleep(50);
  }
}

const failure = (service: string, message: string) =>
  fireLens(JSON.stringify({ level: 50, msg: message }), { container_name: service });

describe('a rule of 5 lines in a minute, and 1,000 of them', () => {
  const rule = `- name: declined
  type: frequency
  threshold: 5
  window: 1m
  where: { message: { contains: declined } }
  by: [service]
  severity: critical
  title: Cards are declined in {service}
`;
  const aggregate = Array.from({ length: 1000 }, (_, index) => failure('pay', `card ${index} declined`)).join('');

  it('makes one message that counts them all, though the batch comes twice', () =>
    withData(async (data) => {
      const options = ['--flush', '1', '--rules', await rulesIn(data, rule), '--fault', 'redelivery=1'];
      const up = await startUp(data, ...options);
      await up.put([[aggregate]]);
      expect(await up.stop()).toBe(0);
      const messages = await messagesIn(data);
      expect(messages).toHaveLength(1);
      expect(messages[0]?.text).toContain('1,000 lines in 1m');
    }));

  it('makes one message, though it is killed between the two times', () =>
    withData(async (data) => {
      const rules = ['--flush', '1', '--rules', await rulesIn(data, rule)];
      const faults = [
        '--fault',
        'redelivery=1',
        '--fault',
        'lambda-slow=0.5',
        '--fault-seed',
        `${slowTheSecondTime()}`,
      ];
      const killed = await startUp(data, ...rules, ...faults);
      await killed.put([[aggregate]]);
      // The second invocation takes ten seconds longer; until it has ended the batch is not known to be transformed.
      await toldTimes(killed, 1);
      await killed.kill();

      const again = await startUp(data, ...rules);
      expect(await again.stop()).toBe(0);
      const messages = await messagesIn(data);
      expect(messages).toHaveLength(1);
      expect(messages[0]?.text).toContain('1,000 lines in 1m');
    }));
});

/** A seed with which `lambda-slow=0.5` strikes the second invocation, and not the first. */
function slowTheSecondTime(): number {
  for (let seed = 1; ; seed++) {
    const faults = new Faults({ 'lambda-slow': 0.5 }, seed);
    if (faults.invocation() === undefined && faults.invocation() !== undefined) return seed;
  }
}

it('makes few messages of 10,000 different errors, and they account for each', async () => {
  await withData(async (data) => {
    const rules = await rulesIn(
      data,
      `- name: each-error
  where: { level: error }
  by: [service, fingerprint]
  severity: warning
  title: "Error: {message}"
`,
    );
    const errors = Array.from({ length: 10_000 }, (_, index) => failure('pay', `no ${letters(index)} here`));
    const aggregates = Array.from({ length: 10 }, (_, index) =>
      errors.slice(index * 1000, (index + 1) * 1000).join(''),
    );
    const began = performance.now();
    const up = await startUp(data, '--flush', '1', '--rules', rules);
    await up.put([aggregates]);
    expect(await up.stop()).toBe(0);

    // A busy machine counts only some of them in the time that an invocation has. The others wait in the queue for the
    // next start, and their digest for a minute after the one before it.
    const again = await startUp(data, '--sweep', '20', '--rules', rules);
    while (accountedFor(await messagesIn(data)) < errors.length) await sleep(200);
    expect(await again.stop()).toBe(0);

    const messages = await messagesIn(data);
    expect(accountedFor(messages)).toBe(errors.length);
    // Five one by one and a digest or two are all that a minute brings.
    const minutes = Math.ceil((performance.now() - began) / 60_000);
    expect(messages.length).toBeLessThanOrEqual(10 * minutes);
  });
  // Where others keep the machine busy, some keys wait for the next delivery of their message, which is three and a half minutes later.
}, 900_000);

/** Alerts that were told one by one or in a digest. */
function accountedFor(messages: readonly SlackMessage[]): number {
  return messages.reduce((sum, { text }) => {
    const [, digested = '1'] = /([\d,]+) alerts?, 1 rule, /.exec(text) ?? [];
    return sum + Number(digested.replaceAll(',', ''));
  }, 0);
}

/** A word for each number: fingerprints leave out digits. */
function letters(index: number): string {
  return [...String(index)].map((digit) => String.fromCharCode(103 + Number(digit))).join('');
}

it('tells that a service which is expected is not there', () =>
  withData(async (data) => {
    const rules = await rulesIn(
      data,
      `- name: no-logs
  type: absence
  on: [access, error, app]
  window: 10s
  lateness: 0s
  by: [service]
  expect: [{ service: pay }]
  severity: critical
  title: No logs from {service}
`,
    );
    const up = await startUp(data, '--flush', '1', '--sweep', '1', '--rules', rules);
    const [message] = await toldTimes(up, 1);
    expect(message?.text).toContain('No logs from pay');
    await up.kill();
  }));

it('tells a route that has a webhook there, and the others in the inbox', () =>
  withData(async (data) => {
    const rules = await rulesIn(
      data,
      ['oncall', 'quiet']
        .map(
          (route) =>
            `- { name: ${route}, where: { service: ${route} }, severity: info, route: ${route}, title: For ${route} }`,
        )
        .join('\n'),
    );
    const posted: string[] = [];
    const slack = createServer(async (request, response) => {
      posted.push(`${request.url} ${JSON.parse(await text(request)).text}`);
      response.end('ok');
    }).listen(0, '127.0.0.1');
    await once(slack, 'listening');
    const url = `http://127.0.0.1:${(slack.address() as AddressInfo).port}/services/secret`;
    const up = await startUp(data, '--flush', '1', '--rules', rules, '--slack', `oncall=${url}`);
    await up.put([[failure('oncall', 'a'), failure('quiet', 'b')]]);
    expect(await up.stop()).toBe(0);
    slack.closeAllConnections();
    slack.close();
    expect(posted).toEqual([expect.stringMatching(/^\/services\/secret .*For oncall/s)]);
    const messages = await messagesIn(data);
    expect(messages.map(({ route, text }) => [route, text])).toEqual([['quiet', expect.stringContaining('For quiet')]]);
  }));

it('posts the JSON of a fatal line to the webhook of its route, and nothing to the inbox', () =>
  withData(async (data) => {
    const rules = await rulesIn(
      data,
      `- name: fatal
  where: { level: fatal }
  by: [service]
  severity: critical
  title: "{service} died: {message}"
  runbook: https://example.com/fatal
`,
    );
    const posted: { authorization: string | undefined; payload: unknown }[] = [];
    const hook = createServer(async (request, response) => {
      posted.push({ authorization: request.headers.authorization, payload: JSON.parse(await text(request)) });
      response.writeHead(204).end();
    }).listen(0, '127.0.0.1');
    await once(hook, 'listening');
    const webhook = {
      url: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`,
      token_parameter: 'ops-token',
    };
    const config = join(data, 'firesplit.yml');
    await writeFile(config, JSON.stringify({ alerts: { routes: { critical: 'ops', ops: { webhook } } } }));
    const secrets = { WEBHOOK_PARAMETERS: '{"ops-token":"abc"}' };
    const up = await startUpWith(secrets, data, '--flush', '1', '--config', config, '--rules', rules);
    await up.put([
      [fireLens(JSON.stringify({ level: 60, msg: 'out of <disk>' }), { container_name: 'pay' }), failure('pay', 'b')],
    ]);
    expect(await up.stop()).toBe(0);
    hook.closeAllConnections();
    hook.close();
    expect(posted).toEqual([
      {
        authorization: 'Bearer abc',
        payload: {
          ...{ version: 1, id: expect.any(String), status: 'firing', alert_id: expect.any(String), route: 'ops' },
          ...{ rule: 'fatal', key: 'pay', labels: { service: 'pay' }, severity: 'critical' },
          ...{ title: 'pay died: out of <disk>', text: null, measured: null },
          ...{ count: 1, suppressed: 0, suppressed_by: null },
          ...{ first: expect.stringMatching(/Z$/), last: expect.stringMatching(/Z$/) },
          samples: [{ time: expect.stringMatching(/Z$/), service: 'pay', level: 'fatal', message: 'out of <disk>' }],
          runbook: 'https://example.com/fatal',
          query: expect.stringContaining("service = 'pay'"),
          ...{ short_id: expect.stringMatching(/^fatal\/[0-9a-f]{8}$/), silence_url: null, ending: null },
          first_seen: expect.stringMatching(/Z$/),
          // The line has the time at which it was recorded.
          late: { count: 1, behind_seconds: expect.any(Number) },
          ...{ top: { task: [{ count: 1, value: expect.any(String) }] }, trend: null, usual: null },
        },
      },
    ]);
    expect(await messagesIn(data)).toEqual([]);
  }));

describe('the commands', () => {
  const rule = `- name: fatal
  where: { level: error }
  by: [service]
  severity: critical
  title: Trouble in {service}
`;

  /** Runs a command against a stack; resolves to what it prints. */
  async function firesplit(up: Up, ...options: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [cli, ...options, '--endpoint', up.ready.firehose]);
    return stdout;
  }

  /** The inbox has a message a moment before it is marked as sent. */
  async function listedWhenSent(up: Up, rules: string): Promise<unknown> {
    for (;;) {
      const listed = JSON.parse(await firesplit(up, 'rules', 'list', rules, '--json')) as {
        readonly rules: readonly { readonly unsent: number }[];
      };
      if (listed.rules.every(({ unsent }) => unsent === 0)) return listed;
    }
  }

  it('silence an alert and no other, and list what the rules remember', () =>
    withData(async (data) => {
      const rules = await rulesIn(data, rule);
      const up = await startUp(data, '--flush', '1', '--rules', rules);
      const match = ['--match', 'service=bill*', '--match', 'severity=critical'];
      const added = await firesplit(up, 'silence', 'add', ...match, '--for', '1h', '--why', 'a test', '--json');
      const { id } = JSON.parse(added) as { id: string };
      await up.put([[failure('billing', 'held back'), failure('pay', 'told')]]);
      const [message] = await toldTimes(up, 1);
      expect(message?.text).toContain('Trouble in pay');

      expect(await listedWhenSent(up, rules)).toEqual({
        rules: [
          {
            name: 'fatal',
            type: 'match',
            severity: 'critical',
            mode: 'live',
            keys: 2,
            firing: 2,
            lastTold: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
            unsent: 0,
            heldBack: 1,
            silenced: 1,
          },
        ],
        unknown: {},
      });
      const shown = await firesplit(up, 'silence', 'list');
      expect(shown).toContain(id);
      expect(shown).toContain('service=bill* severity=critical');

      await firesplit(up, 'silence', 'remove', id);
      expect(await firesplit(up, 'silence', 'list')).toBe('No silence holds now, and none is planned.\n');
      await expect(firesplit(up, 'silence', 'remove', id)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`there is no silence ${id}`),
      });
      await up.stop();
      expect(await messagesIn(data)).toHaveLength(1);
    }));

  it('say what to do when nothing answers', async () => {
    const run = promisify(execFile)(process.execPath, [cli, 'silence', 'list', '--endpoint', 'http://127.0.0.1:1']);
    await expect(run).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('start "firesplit up"') });
  });
});
