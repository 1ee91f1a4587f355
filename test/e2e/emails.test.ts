import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, jest } from '@jest/globals';
import type { SlackMessage } from '../../local/slack/message.js';
import { fireLens } from '../helpers/firehose.js';
import { startUp, withData } from '../helpers/up.js';

jest.setTimeout(120_000);

const rule = `- name: declined
  type: match
  where: { message: { contains: declined } }
  by: [service]
  severity: warning
  cooldown: 1m
  title: Cards are declined in {service}
`;

it('shows what is published to a topic of any region in the inbox', async () => {
  await withData(async (folder) => {
    await mkdir(join(folder, 'rules'));
    await writeFile(join(folder, 'rules/rules.yml'), rule);
    const topic = 'arn:aws:sns:ap-southeast-2:123456789012:Team_Alerts';
    await writeFile(join(folder, 'firesplit.yml'), `alerts: { routes: { default: { sns: { topic: "${topic}" } } } }\n`);
    const options = ['--flush', '1', '--sweep', '1', '--rules', join(folder, 'rules')];
    const up = await startUp(join(folder, 'up'), ...options, '--config', join(folder, 'firesplit.yml'));
    await up.put([[fireLens(JSON.stringify({ level: 50, msg: 'declined' }), { container_name: 'pay' })]]);
    const shown = async () => (await (await fetch(`${up.ready.slack}/sns-team-alerts`)).json()) as SlackMessage[];
    let emails = await shown();
    for (; emails.length === 0; emails = await shown()) await sleep(50);
    expect(emails).toMatchObject([{ route: 'sns-team-alerts', text: '[WARNING] Cards are declined in pay' }]);
    expect(JSON.stringify(emails[0]?.blocks)).toContain('warning, service pay');
    await up.kill();
  });
});
