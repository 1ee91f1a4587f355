import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, jest } from '@jest/globals';
import { fireLens } from '../helpers/firehose.js';
import { query, startUp, withData } from '../helpers/up.js';

jest.setTimeout(60_000);

const cli = new URL('../../dist/local/cli.mjs', import.meta.url).pathname;
const freePorts = ['--port', '0', '--tls-port', '0', '--console-port', '0'];

/** Runs `up` where it can't start; resolves to what it says. */
async function refusedUp(...options: string[]): Promise<string> {
  const run = promisify(execFile)(process.execPath, [cli, 'up', ...options]);
  const { code, stdout, stderr } = await run.then(
    () => {
      throw new Error('it started');
    },
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  expect([code, stdout]).toEqual([1, '']);
  return stderr;
}

it('prints where everything is, with absolute paths', () =>
  withData(async (data) => {
    const up = await startUp(data);
    const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+/);
    expect(up.ready).toEqual({
      firehose: url,
      firehoseTls: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
      slack: `${up.ready.console}/slack`,
      console: url,
      intake: `${up.ready.console}/intake`,
      token: expect.stringMatching(/^[\w-]{32}$/),
      data,
      ca: join(data, 'ca.pem'),
      stream: 'logs',
      bucket: 'firesplit-local-logs-000000000000',
    });
    const page = await fetch(up.ready.console, { headers: { accept: 'text/html' } });
    expect([page.url, page.status]).toEqual([`${up.ready.console}/`, 200]);
    expect(await up.stop()).toBe(0);
  }));

it('shares its data folder with nobody, and takes over what a killed one left', () =>
  withData(async (data) => {
    const first = await startUp(data);
    const { pid } = JSON.parse(await readFile(join(data, 'lock'), 'utf8'));
    expect(await refusedUp('--data', data, ...freePorts)).toContain(`is in use by the firesplit with pid ${pid}`);
    await first.kill();
    const second = await startUp(data);
    expect(await second.stop()).toBe(0);
  }));

it('names a port in use and its flag, and a mistake in the rules', () =>
  withData(async (data) => {
    const other = createTcpServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const complaint = await refusedUp('--data', data, ...freePorts, '--tls-port', String(port));
    expect(complaint).toContain(`Port ${port} is already in use: stop what uses it, or choose another with --tls-port`);
    other.close();

    await writeFile(join(data, 'mine.yml'), '- name: x\n  whree: {}\n');
    expect(await refusedUp('--data', data, ...freePorts, '--rules', data)).toContain('mine.yml:2');
    expect(await refusedUp('--data', data, '--flush', '-1')).toContain('number of seconds');
    expect(await refusedUp('--data', data, '--slack', 'oncall')).toContain('A webhook such as https://hooks.slack.com');
  }));

it('posts by the given rules to the given webhook, without being told to flush', () =>
  withData(async (data) => {
    const posts: string[] = [];
    const webhook = createServer(async (request, response) => {
      for await (const chunk of request) posts.push(String(chunk));
      response.end('ok');
      webhook.emit('posted');
    }).listen(0, '127.0.0.1');
    await once(webhook, 'listening');
    const url = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/hook`;
    const rule = '- name: my-own\n  where: { message: { contains: odd } }\n  severity: info\n  title: mine\n';
    await writeFile(join(data, 'mine.yml'), rule);

    const up = await startUp(data, '--flush', '1', '--rules', data, '--slack', url);
    const posted = once(webhook, 'posted');
    await up.put([[fireLens('something odd')]]);
    await posted;
    expect(await up.stop()).toBe(0);
    webhook.close();
    expect(posts.join('')).toContain('my-own');
    expect(await query(data, 'SELECT message FROM app')).toEqual([['something odd']]);
  }));

it('takes a rule that is added while it runs', () =>
  withData(async (data) => {
    const rules = join(data, 'rules');
    await mkdir(rules);
    const up = await startUp(data, '--rules', rules);
    const reloaded = up.says('reloaded');
    const rule = '- name: my-own\n  where: { message: { contains: odd } }\n  severity: info\n  title: mine\n';
    // As editors save, so that no half of it is read.
    await writeFile(join(data, 'mine.yml'), rule);
    await rename(join(data, 'mine.yml'), join(rules, 'mine.yml'));
    await reloaded;
    const alerted = up.says('alert 🔵 mine');
    await up.put([[fireLens('something odd')]]);
    await alerted;
    expect(await up.stop()).toBe(0);
  }));

it('keeps every row through kills at any moment', () =>
  withData(async (data) => {
    const lines: string[] = [];
    const hours = (index: number) => new Date(Date.now() - (index % 30) * 3_600_000).toISOString();
    for (let round = 0; round < 4; round++) {
      const up = await startUp(data, '--flush', '0.2');
      for (let put = 0; put < 6; put++) {
        const batch = Array.from({ length: 20 }, (_, index) => `line ${round}.${put}.${index}`);
        // One record of many hours: more partitions than records, so the transform puts some back.
        await up.put([[batch.map((msg, index) => fireLens(JSON.stringify({ time: hours(index), msg }))).join('')]]);
        lines.push(...batch);
      }
      await up.kill();
    }
    const last = await startUp(data, '--flush', '0.2');
    expect(await last.stop()).toBe(0);
    const stored = await query(data, 'SELECT message FROM app');
    expect(stored.flat().sort()).toEqual(lines.sort());
  }));
