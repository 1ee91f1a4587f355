import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Context, SQSEvent } from 'aws-lambda';
import { type SlackInbox, slackInbox } from '../../local/slack/inbox.js';
import { signalBatch } from '../../shared/rules/batch.js';
import { aRule, aSignal } from '../helpers/alerts.js';
import { type AlertsTable, startAlertsTable } from '../helpers/alertsTable.js';
import { startWebServer, type WebServer } from '../helpers/webServer.js';

let folder: string;
let table: AlertsTable;
let inbox: SlackInbox;
let slack: WebServer;
let handler: typeof import('../../functions/alert.js')['handler'];
let slackIsDown = false;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firesplit-alert-'));
  table = await startAlertsTable();
  inbox = slackInbox({ folder, rate: { perSecond: 1000, burst: 1000 } });
  slack = await startWebServer((request, response) => {
    if (slackIsDown) response.writeHead(503).end('down');
    else void inbox.handle(request, response);
  });
  await writeFile(join(folder, 'rules.json'), JSON.stringify([aRule({})]));
  Object.assign(process.env, {
    ALERTS_TABLE: table.name,
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    RULES_FILE: join(folder, 'rules.json'),
    SLACK_WEBHOOK_URL: `${slack.url}/services/T/B/verysecret`,
  });
  ({ handler } = await import('../../functions/alert.js'));
});

afterAll(async () => {
  await slack.stop();
  await table.stop();
  await rm(folder, { recursive: true });
});

let logged: string[];
beforeEach(() => {
  slackIsDown = false;
  logged = [];
  for (const level of ['warn', 'error'] as const) {
    jest.spyOn(console, level).mockImplementation((line: string) => void logged.push(line));
  }
});

function invoke(...bodies: (string | object)[]) {
  const records = bodies.map((body, index) => ({
    messageId: `message-${index}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }));
  const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
  return handler({ Records: records } as SQSEvent, context);
}

const aBatch = (id: string, key: string, rule = 'a-rule') =>
  signalBatch([id], [aSignal({ rule, key, labels: { service: key } })]) ?? {};
const titlesOf = (key: string) => inbox.messages().filter(({ text }) => text.includes(` in ${key} `));

describe('functions/alert', () => {
  it('posts one message, whatever is delivered twice', async () => {
    const batch = aBatch('1', 'pay');
    expect(await invoke(batch, batch, aBatch('2', 'pay'))).toEqual({ batchItemFailures: [] });
    expect(await invoke(batch)).toEqual({ batchItemFailures: [] });
    expect(titlesOf('pay').map(({ text }) => text)).toEqual(['🟠 Something is wrong in pay (warning, 1 line)']);
    expect(titlesOf('pay')[0]?.mentions).toEqual([]);
  });

  it('lets SQS deliver again what Slack did not take', async () => {
    slackIsDown = true;
    const batch = aBatch('1', 'search');
    expect(await invoke(batch)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(logged.join()).toContain('"reason":"Slack answered 503 down"');
    expect(logged.join()).not.toContain('verysecret');

    slackIsDown = false;
    expect(await invoke(batch)).toEqual({ batchItemFailures: [] });
    expect(titlesOf('search')).toHaveLength(1);
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
