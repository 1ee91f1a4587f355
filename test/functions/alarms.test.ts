import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Context, EventBridgeEvent, ScheduledEvent, SQSEvent } from 'aws-lambda';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { type SlackInbox, slackInbox } from '../../local/slack/inbox.js';
import { type AlertsTable, startAlertsTable } from '../helpers/alertsTable.js';
import { environmentOn } from '../helpers/functionEnvironment.js';
import { tempFolder } from '../helpers/tempFolder.js';
import { startWebServer, type WebServer } from '../helpers/webServer.js';

let aws: FauxqsServer;
let table: AlertsTable;
let inbox: SlackInbox;
let slack: WebServer;
let metrics: typeof import('../../functions/alert/report.js')['metrics'];
let alert: typeof import('../../functions/alert.js')['handler'];
/** Called when a message is on its way. */
let beforePost: () => Promise<void> = async () => undefined;
let sweep: typeof import('../../functions/sweep.js')['handler'];

beforeAll(async () => {
  const folder = await tempFolder();
  aws = await startFauxqs({ port: 0, logger: false });
  table = await startAlertsTable();
  inbox = slackInbox({ folder, rate: { perSecond: 1000, burst: 1000 } });
  slack = await startWebServer(async (request, response) => {
    await beforePost();
    await inbox.handle(request, response);
  });
  await writeFile(join(folder, 'rules.json'), '[]');
  const config = { alerts: { operations_route: 'ops', messages_per_minute: 60, runbook_base: 'https://example.com' } };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  Object.assign(process.env, {
    ...environmentOn(aws, table),
    RULES_FILE: join(folder, 'rules.json'),
    CONFIG_FILE: join(folder, 'config.json'),
    // Of the operations route, and of no other.
    SLACK_WEBHOOK_URLS: JSON.stringify({ ops: `${slack.url}/services/T/B/ops` }),
  });
  ({ handler: alert } = await import('../../functions/alert.js'));
  ({ handler: sweep } = await import('../../functions/sweep.js'));
  ({ metrics } = await import('../../functions/alert/report.js'));
});
afterAll(async () => {
  await slack.stop();
  await table.stop();
  await aws.stop();
});
beforeEach(() => {
  for (const level of ['info', 'warn', 'error'] as const)
    jest.spyOn(console, level).mockImplementation(() => undefined);
});

const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
let events = 0;

/** As https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html has it, without what nobody reads. */
function change(alarmName: string, value: string, time = new Date()): EventBridgeEvent<string, unknown> {
  return {
    ...{ version: '0', id: `c4c1c1c9-6542-e61b-6ef0-${events++}`, 'detail-type': 'CloudWatch Alarm State Change' },
    ...{ source: 'aws.cloudwatch', account: '111122223333', time: time.toISOString(), region: 'us-east-1' },
    resources: [`arn:aws:cloudwatch:us-east-1:111122223333:alarm:${alarmName}`],
    detail: {
      alarmName,
      configuration: { description: 'What to do: docs/alarms' },
      previousState: { value: value === 'OK' ? 'ALARM' : 'OK', reason: 'before' },
      state: { value, reason: 'Threshold Crossed: 1 datapoint [7.0] was greater than the threshold (0.0)' },
    },
  };
}

const toSweep = (event: EventBridgeEvent<string, unknown>) => sweep(event, context);
function toAlert(...bodies: readonly object[]) {
  const records = bodies.map((event, at) => ({
    ...{ messageId: `message-${at}`, body: JSON.stringify(event) },
    attributes: { SentTimestamp: `${Date.now()}` },
  }));
  return alert({ Records: records } as unknown as SQSEvent, context);
}
const everyMinute = () => sweep({ 'detail-type': 'Scheduled Event' } as ScheduledEvent, context);
const told = (alarm: string) => inbox.messages().filter(({ text }) => text.includes(`Alarm ${alarm} `));

describe('an alarm of CloudWatch', () => {
  it.each([
    ['stream-late', 'the alert function', (event: EventBridgeEvent<string, unknown>) => toAlert(event)],
    ['alert-failing', 'the sweep', (event: EventBridgeEvent<string, unknown>) => toSweep(event)],
  ])('%s is told by %s alone: the other is broken', async (alarm, _, send) => {
    await send(change(`firesplit-test-${alarm}`, 'ALARM'));
    expect(told(alarm)).toHaveLength(1);
    const message = JSON.stringify(told(alarm));
    expect(message).toContain('Threshold Crossed: 1 datapoint [7.0]');
    expect(message).toContain(`<https://example.com/docs/alarms/${alarm}.md|`);
  });

  it('is told once when both hear of it, and once when it is over', async () => {
    const [rings, ends] = ['ALARM', 'OK'].map((state) => change('firesplit-test-no-lines', state));
    if (!rings || !ends) throw new Error('no events');
    await Promise.all([toSweep(rings), toAlert(rings)]);
    await toAlert(rings);
    expect(told('no-lines')).toHaveLength(1);
    await everyMinute();
    expect(told('no-lines')).toHaveLength(1);

    await toSweep(ends);
    expect(await toAlert(ends)).toEqual({ batchItemFailures: [] });
    await everyMinute();
    await everyMinute();
    expect(told('no-lines').map(({ text }) => text)).toEqual([
      expect.stringMatching(/^🟠 Alarm no-lines/),
      expect.stringMatching(/^✅ Over: Alarm no-lines/),
    ]);
  });

  it('is no alert that could not be told while the other tells of it', async () => {
    const rings = change('firesplit-test-alerts-owed', 'ALARM');
    const counted = jest.spyOn(metrics, 'add');
    const again: unknown[] = [];
    beforePost = async () => {
      beforePost = async () => undefined;
      again.push(await toAlert(rings));
    };
    await toSweep(rings);
    // It comes again, in case the sweep dies.
    expect(again).toEqual([{ batchItemFailures: [{ itemIdentifier: 'message-0' }] }]);
    expect(await toAlert(rings)).toEqual({ batchItemFailures: [] });
    expect(told('alerts-owed')).toHaveLength(1);
    expect(counted.mock.calls.map(([name]) => name)).not.toContain('AlertsUndelivered');
    expect(counted).toHaveBeenCalledWith('AlertsNotified', 1);
  });

  it('goes on when an end comes late that is older than its ringing', async () => {
    const before = change('firesplit-test-lines-late', 'OK', new Date(Date.now() - 60_000));
    await toSweep(change('firesplit-test-lines-late', 'ALARM'));
    await toAlert(before);
    await everyMinute();
    expect(told('lines-late')).toHaveLength(1);
  });

  it.each(['firesplit-test-eu-stream-late', 'firesplit-test-unknown', 'payments-down'])(
    'of others, such as %s, is passed over',
    async (name) => {
      const before = inbox.messages().length;
      expect(await toAlert(change(name, 'ALARM'), change(name, 'OK'))).toEqual({ batchItemFailures: [] });
      await toSweep(change(name, 'ALARM'));
      expect(inbox.messages()).toHaveLength(before);
    },
  );

  it('that did not ring is not told to be over', async () => {
    await toSweep(change('firesplit-test-sweep-slow', 'OK'));
    await everyMinute();
    expect(told('sweep-slow')).toEqual([]);
  });

  it('of which nothing can be read ends among the dead letters', async () => {
    const answer = await toAlert({ 'detail-type': 'CloudWatch Alarm State Change' });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
  });
});
