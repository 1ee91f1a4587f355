import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it, jest } from '@jest/globals';
import type { SlackMessage } from '../../local/slack/message.js';
import { startUp, withData } from '../helpers/up.js';

jest.setTimeout(120_000);

it('tells of an alarm once, whichever of the deployed functions hears of it, and of its end', () =>
  withData(async (folder) => {
    const up = await startUp(join(folder, 'up'), '--sweep', '1');
    const options = {
      ...{ endpoint: up.ready.firehose, region: 'us-east-1' },
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    };
    const lambda = new LambdaClient(options);
    const sqs = new SQSClient({ ...options, useQueueUrlAsEndpoint: false });
    const messages = async () => {
      const all = (await (await fetch(up.ready.slack)).json()) as SlackMessage[];
      return all.map(({ text }) => text).filter((text) => text.includes('Alarm '));
    };
    const until = async (count: number) => {
      while ((await messages()).length < count) await sleep(50);
    };
    /** As EventBridge does, to both of its targets. */
    const change = async (alarm: string, value: string, to: readonly ('sweep' | 'alert')[]) => {
      const event = JSON.stringify({
        ...{ id: `${alarm} ${value}`, 'detail-type': 'CloudWatch Alarm State Change', time: new Date().toISOString() },
        detail: { alarmName: `firesplit-local-${alarm}`, state: { value, reason: 'Threshold Crossed' } },
      });
      if (to.includes('sweep')) {
        const answer = await lambda.send(new InvokeCommand({ FunctionName: 'firesplit-local-sweep', Payload: event }));
        expect(answer.FunctionError).toBeUndefined();
      }
      const QueueUrl = `${up.ready.firehose}/000000000000/firesplit-local-signals`;
      if (to.includes('alert')) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: event }));
    };
    try {
      await change('alert-failing', 'ALARM', ['sweep']);
      await until(1);
      await change('sweep-failing', 'ALARM', ['alert']);
      await until(2);
      await change('no-lines', 'ALARM', ['sweep', 'alert']);
      await until(3);
      await change('no-lines', 'OK', ['sweep', 'alert']);
      await until(4);
      expect((await messages()).map((text) => text.replace(/ \(.*/, ''))).toEqual([
        '🟠 Alarm alert-failing',
        '🟠 Alarm sweep-failing',
        '🟠 Alarm no-lines',
        '✅ Over: Alarm no-lines',
      ]);
    } finally {
      lambda.destroy();
      sqs.destroy();
      await up.kill();
    }
  }));
