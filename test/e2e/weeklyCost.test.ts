import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, it, jest } from '@jest/globals';
import type { SlackMessage } from '../../local/slack/message.js';
import { fireLens } from '../helpers/firehose.js';
import { query, startUp, withData } from '../helpers/up.js';

jest.setTimeout(120_000);

const rule = `- name: declined
  type: match
  where: { message: { contains: declined } }
  by: [service]
  severity: critical
  title: Cards are declined
`;

it('tells once a week what the stored lines cost, by the deployed function and the alert function', () =>
  withData(async (folder) => {
    await mkdir(join(folder, 'rules'));
    await writeFile(join(folder, 'rules/rules.yml'), rule);
    await writeFile(join(folder, 'firesplit.yml'), 'alerts: { weekly_cost_route: money }\n');
    const data = join(folder, 'up');
    const options = ['--flush', '1', '--rules', join(folder, 'rules'), '--config', join(folder, 'firesplit.yml')];
    const up = await startUp(data, ...options);
    const client = new LambdaClient({
      endpoint: up.ready.firehose,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    try {
      const lines = Array.from(
        { length: 50 },
        (_, n) => `10.0.0.1 - - [${clf()}] "GET /assets/${n}.js HTTP/1.1" 200 9`,
      );
      await up.put([lines.map((line) => fireLens(line, { container_name: 'web' }))]);
      while (Number((await query(data, 'SELECT count(*) FROM access'))[0]?.[0]) < lines.length) await sleep(100);

      for (const _ of [1, 2]) {
        const { FunctionError } = await client.send(new InvokeCommand({ FunctionName: 'firesplit-local-cost' }));
        expect(FunctionError).toBeUndefined();
      }
      // What comes behind them in the queue.
      await up.put([[fireLens(JSON.stringify({ level: 50, msg: 'card declined' }), { container_name: 'pay' })]]);
      for (;;) {
        const messages = (await (await fetch(up.ready.slack)).json()) as SlackMessage[];
        if (messages.some(({ text }) => text.includes('Cards are declined'))) {
          const told = messages.map((message) => JSON.stringify(message)).filter((text) => text.includes('lines cost'));
          expect(told).toHaveLength(1);
          expect(told[0]).toContain('web GET /assets/#.js, 50 lines');
          expect(told[0]).toContain("path: { regex: '^/assets/[0-9]+\\\\.js$' }");
          return;
        }
        await sleep(50);
      }
    } finally {
      client.destroy();
      await up.kill();
    }
  }));

/** Now, as access logs have it. */
function clf(): string {
  const [, day, month, year, time] = /, (\d+) (\w+) (\d+) (\S+)/.exec(new Date().toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
