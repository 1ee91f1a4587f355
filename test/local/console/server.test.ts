import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { consoleServer } from '../../../local/console/server.js';
import { askStatus } from '../../../local/console/status.js';
import type { StackEmitter } from '../../../local/events.js';
import { Faults } from '../../../local/firehose/faults.js';
import { Intake } from '../../../local/intake/intake.js';
import { Meter } from '../../../local/meter/meter.js';
import { slackInbox } from '../../../local/slack/inbox.js';
import { tailedRows } from '../../../local/tail/rows.js';
import { Guard } from '../../../local/web/guard.js';
import { FakeClock } from '../../helpers/fakeClock.js';
import { rawAnswer } from '../../helpers/rawHttp.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let url: string;
let server: Server;
let faults: Faults;
let meter: Meter;
let events: StackEmitter;
let clock: FakeClock;
let problems: string[];
let guard: Guard;

beforeEach(async () => {
  const data = await tempFolder();
  events = new EventEmitter();
  clock = new FakeClock();
  problems = [];
  faults = new Faults();
  guard = new Guard();
  meter = await Meter.open({ data, clock, events, kept: { landed: 14, parquet: 395, indexes: 92 } });
  const inbox = slackInbox({ folder: data });
  server = consoleServer({
    inbox,
    intake: new Intake(),
    meter,
    faults,
    events,
    guard,
    status: () => ({ queryableWithin: 1000, buffered: { items: 2, bytes: 30 } }),
    silence: async () => ({ outcome: 'not found', message: '' }),
    problem: (problem) => problems.push(problem),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  await meter.close();
  expect(problems).toEqual([]);
});

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/faults`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${guard.token}`, ...headers },
    redirect: 'manual',
  });

describe('the overview', () => {
  const page = async () => (await fetch(url, { headers: { accept: 'text/html,*/*' } })).text();

  it('says how to begin while there is nothing', async () => {
    expect(await page()).toContain('No records yet. Send some with <code>firesplit send FILE</code>.');
  });

  it('shows streams, the bill and what is on', async () => {
    events.emit('accepted', { stream: '<logs>', sender: 'client', data: [Buffer.alloc(6000, 'x')] });
    faults.set({ throttle: 0.2 });
    const html = await page();
    expect(html).toContain(
      '<td>&lt;logs&gt;</td><td class="n">1</td><td class="n">6.0 kB</td><td class="n">10.2 kB</td>',
    );
    expect(html).toContain('Faults are on: throttle=0.2');
    expect(html).toContain('<b>$0.00000028</b>AWS would have billed so far');
    for (const link of ['/slack', '/faults']) expect(html).toContain(`href="${link}"`);
    expect(html).toContain('<b>–</b>a month at this rate: told after a minute');
    clock.advance(3_600_000);
    expect(await page()).toContain('<b>$0.0002</b>a month at this rate');
  });

  it('is JSON for a program', async () => {
    events.emit('accepted', { stream: 'logs', sender: 'client', data: [Buffer.from('x')] });
    expect(await (await fetch(url)).json()).toMatchObject({ usage: { streams: { logs: { billedBytes: 5120 } } } });
  });
});

describe('/faults', () => {
  it('sets them all anew and tells how often each struck', async () => {
    expect((await post('{"redelivery":1,"s3-error":0.5,"seed":7}')).status).toBe(200);
    faults.redeliver();
    faults.redeliver();
    expect(await (await fetch(`${url}/faults`)).json()).toMatchObject({
      seed: 7,
      rates: { redelivery: 1, 's3-error': 0.5, throttle: 0 },
      struck: { redelivery: 2, throttle: 0 },
    });
    expect(await (await post('{}')).json()).toMatchObject({ seed: 7, rates: { redelivery: 0, 's3-error': 0 } });
    expect(faults.redeliver()).toBe(false);
  });

  it('says what is wrong, and changes nothing', async () => {
    faults.set({ throttle: 0.5 }, 3);
    const answer = await post('{"throtle":1}');
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('Did you mean "throttle"?');
    expect(faults.state()).toMatchObject({ seed: 3, rates: { throttle: 0.5 } });
  });

  it('is not for the pages of others', async () => {
    const answer = await post('{"throttle":1}', { origin: 'https://example.com', 'content-type': 'text/plain' });
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('--allow-host example.com')]);
    expect(faults.state().rates.throttle).toBe(0);
  });

  it.each(['Bearer wrong', 'Basic d3Jvbmc=', ''])('asks for the token when it gets "%s"', async (authorization) => {
    const answer = await post('{"throttle":1}', { authorization });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="firesplit"']);
    expect(await answer.text()).toContain('curl -H "authorization: Bearer TOKEN"');
    expect(faults.state().rates.throttle).toBe(0);
  });

  it('refuses a body that no rates need, and goes on', async () => {
    expect((await post(`{"throttle":${' '.repeat(1_000_000)}1}`)).status).toBe(413);
    expect((await post('{"throttle":1}')).status).toBe(200);
    const head = 'POST /faults HTTP/1.1\r\nhost: localhost\r\ncontent-length: 314572800\r\n\r\n{';
    expect(await rawAnswer(url, head)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("ends them all with the form of the console's own page", async () => {
    faults.set({ throttle: 0.5 });
    const html = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
    const [, token = ''] = /name="token" value="([^"]+)"/.exec(html) ?? [];
    const form = { authorization: '', 'content-type': 'application/x-www-form-urlencoded', origin: url };
    expect((await post('token=wrong', form)).status).toBe(401);
    expect(faults.state().rates.throttle).toBe(0.5);
    const answer = await post(`token=${token}`, form);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    expect(faults.state().rates.throttle).toBe(0);
  });

  it('knows no other method', async () => {
    expect((await fetch(`${url}/faults`, { method: 'DELETE' })).status).toBe(405);
  });
});

it('leads to the Slack inbox, and says what there is otherwise', async () => {
  expect(await (await fetch(`${url}/slack`)).json()).toEqual([]);
  expect(await (await fetch(`${url}/nowhere`)).text()).toContain(
    'There are /, /slack, /intake, /faults, /status and /tail.',
  );
});

it.each(['/', '/status', '/tail'])('%s can only be read', async (page) => {
  expect((await fetch(url + page, { method: 'POST', body: 'x' })).status).toBe(405);
});

it('tells at /status what is buffered and how long that takes', async () => {
  expect(await askStatus(url)).toEqual({ queryableWithin: 1000, buffered: { items: 2, bytes: 30 } });
  expect(await askStatus('http://127.0.0.1:9')).toBeUndefined();
});

describe('/tail', () => {
  const stored = (key: string, ...texts: readonly string[]) =>
    events.emit('stored', { key, data: texts.map((text) => gzipSync(text)) });

  it('sends the rows of each object once it is stored, and nothing of other objects', async () => {
    const controller = new AbortController();
    const rows = tailedRows(url, controller.signal);
    const first = rows.next();
    await until(() => events.listenerCount('stored') === 1);
    stored('failed/processing-failed/x', '{"rawData":""}\n');
    stored('logs/type=app/arrived=2026-11-22-16/x.json.gz', '{"message":"one"}\n', '{"message":"two"}\n');
    expect([(await first).value, (await rows.next()).value]).toEqual([
      { type: 'app', row: { message: 'one' } },
      { type: 'app', row: { message: 'two' } },
    ]);
    controller.abort();
    expect((await rows.next()).done).toBe(true);
    await until(() => events.listenerCount('stored') === 0);
  });
});

/** Lets the server and the client do what they do meanwhile. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}
