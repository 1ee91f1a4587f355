import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Context, SQSEvent } from 'aws-lambda';
import { type SlackInbox, slackInbox } from '../../local/slack/inbox.js';
import { signalBatches } from '../../shared/rules/matching/batch.js';
import type { WebhookPayload } from '../../shared/webhook/payload.js';
import { aRule, aSignal } from '../helpers/alerts.js';
import { type AlertsTable, startAlertsTable } from '../helpers/alertsTable.js';
import { tempFolder } from '../helpers/tempFolder.js';
import { startWebServer, type WebServer } from '../helpers/webServer.js';

let table: AlertsTable;
let inbox: SlackInbox;
let slack: WebServer;
let handler: typeof import('../../functions/alert.js')['handler'];
let slackIsDown = false;
let hook: WebServer;
let hookStatus = 202;
const payloads: WebhookPayload[] = [];

beforeAll(async () => {
  const folder = await tempFolder();
  table = await startAlertsTable();
  inbox = slackInbox({ folder, rate: { perSecond: 1000, burst: 1000 } });
  slack = await startWebServer((request, response) => {
    if (slackIsDown) response.writeHead(503).end('down');
    else void inbox.handle(request, response);
  });
  const staged = aRule({ name: 'staged', mode: 'shadow' });
  // A webhook of its own, so that it waits for no other message.
  const routed = aRule({ name: 'routed', route: 'other' });
  const posted = aRule({ name: 'posted', route: 'ops' });
  await writeFile(join(folder, 'rules.json'), JSON.stringify([aRule(), staged, routed, posted]));
  hook = await startWebServer(async (request, response) => {
    payloads.push(JSON.parse(await text(request)) as WebhookPayload);
    response.writeHead(hookStatus).end();
  });
  const routes = { ops: { webhook: { url: `${hook.url}/verysecret`, headers: { 'x-team': 'pay' } } } };
  await writeFile(join(folder, 'config.json'), JSON.stringify({ alerts: { routes } }));
  Object.assign(process.env, {
    ALERTS_TABLE: table.name,
    ALARM_PREFIX: 'firesplit-test-',
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    RULES_FILE: join(folder, 'rules.json'),
    CONFIG_FILE: join(folder, 'config.json'),
    SLACK_WEBHOOK_URL: `${slack.url}/services/T/B/verysecret`,
    SLACK_WEBHOOK_URLS: JSON.stringify({ other: `${slack.url}/services/T/B/verysecrettoo` }),
  });
  ({ handler } = await import('../../functions/alert.js'));
});

afterAll(async () => {
  await hook.stop();
  await slack.stop();
  await table.stop();
});

let logged: string[];
beforeEach(() => {
  slackIsDown = false;
  logged = [];
  for (const level of ['info', 'warn', 'error'] as const) {
    jest.spyOn(console, level).mockImplementation((line: string) => void logged.push(line));
  }
});

function invoke(...bodies: (string | object)[]) {
  return invokeFor(30_000, ...bodies);
}

/** @param remaining ms that the invocation has. */
function invokeFor(remaining: number, ...bodies: (string | object)[]) {
  const records = bodies.map((body, index) => ({
    messageId: `message-${index}`,
    attributes: { SentTimestamp: `${Date.now() - 60_000 + index}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }));
  const context = { getRemainingTimeInMillis: () => remaining } as Context;
  return handler({ Records: records } as SQSEvent, context);
}

const aBatch = (id: string, key: string, rule = 'a-rule') =>
  signalBatches([`${id} of ${rule} ${key}`], [aSignal({ rule, key, labels: { service: key } })])[0] ?? {};
const titlesOf = (key: string) => inbox.messages().filter(({ text }) => text.includes(` in ${key} `));

describe('functions/alert', () => {
  it('posts one message, whatever is delivered twice', async () => {
    const batch = aBatch('1', 'pay');
    expect(await invoke(batch, batch, aBatch('2', 'pay'))).toEqual({ batchItemFailures: [] });
    expect(await invoke(batch)).toEqual({ batchItemFailures: [] });
    expect(titlesOf('pay').map(({ text }) => text)).toEqual(['🟠 Something is wrong in pay (warning, 2 lines)']);
    expect(titlesOf('pay')[0]?.mentions).toEqual([]);
  });

  it('lets SQS deliver again what Slack did not take, and never shows the webhook', async () => {
    slackIsDown = true;
    const batch = aBatch('1', 'search', 'routed');
    // Time for one attempt, which may take 10 s.
    const answer = await invokeFor(13_500, batch);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(logged.join()).toContain('"key":"search","reason":"Slack answered 503 down"');
    expect(logged.join()).not.toContain('verysecret');

    slackIsDown = false;
    expect(await invoke(batch)).toEqual({ batchItemFailures: [] });
    expect(titlesOf('search')).toHaveLength(1);
  });

  it('posts JSON to the webhook of a route, with the same id after a 503, and never shows its URL', async () => {
    hookStatus = 503;
    const batch = aBatch('1', 'pay', 'posted');
    expect(await invokeFor(13_500, batch)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(logged.join()).toContain('"key":"pay","reason":"the webhook of route ops answered 503"');
    expect(logged.join()).not.toContain('verysecret');

    hookStatus = 202;
    expect(await invoke(batch)).toEqual({ batchItemFailures: [] });
    expect(payloads).toMatchObject([
      { version: 1, status: 'firing', route: 'ops', rule: 'posted', title: 'Something is wrong in pay', count: 1 },
      { id: payloads[0]?.id, title: 'Something is wrong in pay', count: 1 },
    ]);
    expect(inbox.messages().filter(({ text: message }) => message.includes(' in pay '))).toHaveLength(1);
  });

  it('tests a route for whoever asks, and never shows its URL', async () => {
    const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
    expect(await handler({ testRoute: 'other', run: '0123' }, context)).toEqual({
      ...{ result: 'sent', route: 'other', owner: 'other' },
    });
    expect(inbox.messages().filter(({ text }) => text.includes('Test of route other'))).toHaveLength(1);
    hookStatus = 403;
    const refused = await handler({ testRoute: 'ops' }, context);
    hookStatus = 202;
    expect(refused).toMatchObject({ result: 'refused', reason: expect.stringContaining('answered 403') });
    expect(JSON.stringify(refused)).not.toContain('verysecret');
  });

  it('logs what a rule in shadow would have told, without the lines', async () => {
    expect(await invoke(aBatch('1', 'web', 'staged'))).toEqual({ batchItemFailures: [] });
    expect(titlesOf('web')).toEqual([]);
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({
      level: 'info',
      message: 'a rule in shadow mode would have told people',
      ...{ rule: 'staged', key: 'web', kind: 'firing', title: 'Something is wrong in web', count: 1, suppressed: 0 },
    });
    expect(logged.join()).not.toContain('card declined');
  });

  it('drops the matches of a rule that it does not have, and says so', async () => {
    expect(await invoke(aBatch('1', 'pay', 'deleted'))).toEqual({ batchItemFailures: [] });
    expect(logged.join()).toContain('"rule":"deleted","count":1');
  });

  it('fails only the message that is not a batch, and does not show it', async () => {
    expect(await invoke('{"password":', aBatch('1', 'cart'))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    });
    expect(titlesOf('cart')).toHaveLength(1);
    expect(logged.join()).toContain('is not a signal batch');
    expect(logged.join()).not.toContain('password');
  });
});
