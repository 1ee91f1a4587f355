import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { alertStates } from '../../functions/adapters/alertStates.js';
import { type SlackInbox, slackInbox } from '../../local/slack/inbox.js';
import { signalBatches } from '../../shared/rules/matching/batch.js';
import { firstOf } from '../../shared/text/firstOf.js';
import { aRule, aSignal, MINUTE } from '../helpers/alerts.js';
import { type AlertsTable, startAlertsTable } from '../helpers/alertsTable.js';
import { environmentOn } from '../helpers/functionEnvironment.js';
import { tempFolder } from '../helpers/tempFolder.js';
import { startWebServer, type WebServer } from '../helpers/webServer.js';

let aws: FauxqsServer;
let table: AlertsTable;
let inbox: SlackInbox;
let slack: WebServer;
let handler: typeof import('../../functions/sweep.js')['handler'];

const rule = aRule({ name: 'silent', type: 'absence', window: MINUTE, lateness: 0, expect: [{ service: 'pay' }] });

beforeAll(async () => {
  const folder = await tempFolder();
  aws = await startFauxqs({ port: 0, logger: false });
  table = await startAlertsTable();
  inbox = slackInbox({ folder });
  slack = await startWebServer((request, response) => void inbox.handle(request, response));
  await writeFile(join(folder, 'rules.json'), JSON.stringify([rule]));
  Object.assign(process.env, {
    ...environmentOn(aws, table),
    RULES_FILE: join(folder, 'rules.json'),
    SLACK_WEBHOOK_URL: `${slack.url}/services/T/B/verysecret`,
  });
  ({ handler } = await import('../../functions/sweep.js'));
});

afterAll(async () => {
  await slack.stop();
  await table.stop();
  await aws.stop();
});

let logged: string[];
beforeEach(() => {
  logged = [];
  jest.spyOn(console, 'error').mockImplementation((line: string) => void logged.push(line));
});

const invoke = () => handler({} as ScheduledEvent, { getRemainingTimeInMillis: () => 50_000 } as Context);

async function put(key: string, body: string): Promise<void> {
  const client = new S3Client({ forcePathStyle: true });
  await client.send(new PutObjectCommand({ Bucket: 'logs', Key: key, Body: body }));
  client.destroy();
}

describe('functions/sweep', () => {
  it('begins to expect what a rule expects, and tells when it is missed', async () => {
    await invoke();
    expect(inbox.messages()).toEqual([]);

    // An hour ago it would have begun an hour earlier.
    const store = alertStates(table.client, table.name);
    const [id] = await firstOf(store.agenda('sweep', 0, Number.MAX_SAFE_INTEGER), 10);
    expect(id).toBe('alert#silent#pay');
    const { value, version } = (await store.load('alert#silent#pay')) ?? {};
    const aged = JSON.parse(JSON.stringify(value, (name, of) => (name === 'since' ? of - 60 * MINUTE : of)));
    const terms = { expires: Date.now() + MINUTE, agenda: { name: 'sweep', at: Date.now() } } as const;
    await store.save('alert#silent#pay', aged, version, terms);

    await invoke();
    await invoke();
    expect(inbox.messages()).toHaveLength(1);
  });

  it('puts refused batches back on the queue, and says which object it can not', async () => {
    const [batch] = signalBatches(['1'], [aSignal({ rule: 'silent' })]);
    await put('signals/a-0.json', JSON.stringify(batch));
    await put('signals/b-0.json', '{"password":');
    await put('logs/type=app/x.json.gz', 'a line');
    await invoke();
    expect(aws.inspectQueue('signals')?.messages.ready.map(({ body }) => JSON.parse(body))).toEqual([batch]);
    expect(logged.join()).toContain('signals/b-0.json: the message is not a signal batch');
    expect(logged.join()).not.toContain('password');

    await invoke();
    expect(aws.inspectQueue('signals')?.messages.ready).toHaveLength(1);
  });
});
