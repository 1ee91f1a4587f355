import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SlackInbox, slackInbox } from '../../../local/slack/inbox.js';
import { startWebServer, type WebServer } from '../../helpers/webServer.js';

let folder: string;
let inbox: SlackInbox;
let server: WebServer;
let now: number;

beforeEach(async () => {
  now = 1000;
  folder = await mkdtemp(join(tmpdir(), 'firesplit-inbox-'));
  inbox = slackInbox({ folder, rate: { perSecond: 1, burst: 2 }, now: () => now });
  server = await startWebServer((request, response) => void inbox.handle(request, response));
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

async function post(body: unknown, path = '/services/T/B/x') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${server.url}${path}`, { method: 'POST', body: text });
  return { status: response.status, body: await response.text(), retryAfter: response.headers.get('retry-after') };
}

const section = (length: number) => ({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(length) } });
const actions = (...elements: unknown[]) => ({ text: 'x', blocks: [{ type: 'actions', elements }] });
const button = (changes: object = {}) => ({
  type: 'button',
  text: { type: 'plain_text', text: 'Runbook' },
  url: 'https://example.com/x',
  ...changes,
});
const header = (length: number) => ({ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(length) } });

describe('posting', () => {
  it('takes a message as Slack does', async () => {
    const told = once(inbox, 'message');
    const blocks = [header(150), section(3000), ...actions(button()).blocks];
    expect(await post({ text: 'hello', blocks })).toMatchObject({
      status: 200,
      body: 'ok',
    });
    expect(await told).toEqual([inbox.messages()[0]]);
    expect(inbox.messages()).toMatchObject([{ receivedAt: 1000, route: 'default', text: 'hello', mentions: [] }]);
  });

  it.each<[string, unknown, string]>([
    ['what is no JSON', 'hello', 'invalid_payload'],
    ['a list', [], 'invalid_payload'],
    ['text that is none', { text: 5 }, 'invalid_payload'],
    ['an endless body', `{"text":"${'x'.repeat(2 * 1024 * 1024)}"}`, 'invalid_payload'],
    ['nothing', {}, 'no_text'],
    ['blocks that are no list', { text: 'x', blocks: {} }, 'invalid_blocks_format'],
    ['too many blocks', { text: 'x', blocks: Array(51).fill({ type: 'divider' }) }, 'invalid_blocks'],
    ['an unknown block', { text: 'x', blocks: [{ type: 'sektion' }] }, 'invalid_blocks'],
    ['a long section', { text: 'x', blocks: [section(3001)] }, 'invalid_blocks'],
    ['an empty section', { text: 'x', blocks: [section(0)] }, 'invalid_blocks'],
    ['a section without text', { text: 'x', blocks: [{ type: 'section' }] }, 'invalid_blocks'],
    ['a long header', { text: 'x', blocks: [header(151)] }, 'invalid_blocks'],
    ['a header of mrkdwn', { text: 'x', blocks: [{ ...section(1), type: 'header' }] }, 'invalid_blocks'],
    [
      'too many fields',
      { text: 'x', blocks: [{ type: 'section', fields: Array(11).fill(section(1).text) }] },
      'invalid_blocks',
    ],
    ['a long field', { text: 'x', blocks: [{ type: 'section', fields: [section(2001).text] }] }, 'invalid_blocks'],
    ['an empty context', { text: 'x', blocks: [{ type: 'context', elements: [] }] }, 'invalid_blocks'],
    ['actions without any', actions(), 'invalid_blocks'],
    ['too many buttons', actions(...Array(26).fill(button())), 'invalid_blocks'],
    ['an action that is no button', actions(button({ type: 'datepicker' })), 'invalid_blocks'],
    ['an action that is nothing', actions(null), 'invalid_blocks'],
    ['a button to nowhere', actions(button({ url: 'docs/x.md' })), 'invalid_blocks'],
    ['a button to far away', actions(button({ url: `https://example.com/${'x'.repeat(3000)}` })), 'invalid_blocks'],
    [
      'a button with much to say',
      actions(button({ text: { type: 'plain_text', text: 'x'.repeat(76) } })),
      'invalid_blocks',
    ],
    ['a button of mrkdwn', actions(button({ text: section(1).text })), 'invalid_blocks'],
    ['too much in all', { text: 'x', blocks: Array(5).fill(section(2900)) }, 'msg_blocks_too_long'],
  ])('refuses %s', async (_name, body, token) => {
    const refused = once(inbox, 'refused');
    expect(await post(body)).toMatchObject({ status: 400, body: token });
    expect(await refused).toMatchObject([{ token, detail: expect.any(String) }]);
    expect(inbox.messages()).toEqual([]);
  });

  it('flags what would notify people', async () => {
    await post({
      text: 'a <!channel>',
      blocks: [section(1), { type: 'section', text: { type: 'mrkdwn', text: '<@U1>' } }],
    });
    expect(inbox.messages()[0]?.mentions).toEqual(['<!channel>', '<@U1>']);
  });

  it('takes a short burst, then one a second', async () => {
    const statuses = [await post({ text: '1' }), await post({ text: '2' }), await post({ text: '3' })];
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(statuses[2]).toMatchObject({ body: 'rate_limited', retryAfter: '1' });
    now += 1000;
    expect(await post({ text: '3' })).toMatchObject({ status: 200 });
    expect(await post({ text: '4' })).toMatchObject({ status: 429 });
  });
});

describe('routes', () => {
  it('have a pace of their own', async () => {
    const routes = ['oncall', 'oncall', 'oncall', 'team'];
    const statuses = [];
    for (const route of routes) statuses.push((await post({ text: route }, `/slack/${route}`)).status);
    expect(statuses).toEqual([200, 200, 429, 200]);
  });

  it('can be read for themselves', async () => {
    for (const path of ['/slack/oncall', '/slack', '/slack/services/T/B/x']) await post({ text: path }, path);
    now += 1000;
    await post({ text: 'third' }, '/slack/team-a');
    const read = async (path: string, accept = 'application/json') =>
      (await fetch(`${server.url}${path}`, { headers: { accept } })).text();
    const routesOf = async (path: string) => JSON.parse(await read(path)).map(({ route }: { route: string }) => route);
    expect(await routesOf('/slack')).toEqual(['oncall', 'default', 'default', 'team-a']);
    expect(await routesOf('/slack/team-a')).toEqual(['team-a']);
    expect(await routesOf('/slack/nobody')).toEqual([]);
    expect(await read('/slack/team-a', 'text/html')).toContain('Slack inbox (1)');
  });
});

describe('reading', () => {
  it('lists the messages as JSON, or as a page for a browser', async () => {
    await post({ text: 'hello' });
    expect(await (await fetch(server.url)).json()).toEqual(inbox.messages());
    const page = await fetch(server.url, { headers: { accept: 'text/html,*/*' } });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('hello');
  });

  it('has the messages of a folder from before there were routes', async () => {
    await appendFile(join(folder, 'messages.ndjson'), '{"receivedAt":1,"text":"old","blocks":[],"mentions":[]}\n');
    expect(slackInbox({ folder }).messages()).toMatchObject([{ text: 'old', route: 'default' }]);
  });

  it('refuses other methods', async () => {
    expect((await fetch(server.url, { method: 'DELETE' })).status).toBe(405);
  });

  it('has the messages again after a restart, but for one that was cut off', async () => {
    await post({ text: 'kept' });
    await appendFile(join(folder, 'messages.ndjson'), '{"text":"cut o');
    const again = slackInbox({ folder });
    expect(again.messages()).toEqual(inbox.messages());
    expect(await readFile(join(folder, 'messages.ndjson'), 'utf8')).toBe(`${JSON.stringify(inbox.messages()[0])}\n`);
  });
});
