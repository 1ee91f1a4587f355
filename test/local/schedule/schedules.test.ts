import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Infra } from '../../../local/infra/infra.js';
import { schedulesOf } from '../../../local/schedule/schedules.js';
import { tempFolder } from '../../helpers/tempFolder.js';

/** The schedules of a function `sweep` with these events, each a line of YAML. */
async function schedules(...events: readonly string[]) {
  const root = await tempFolder();
  await mkdir(join(root, 'infra'));
  await writeFile(join(root, 'serverless.yml'), `service: shop\nfunctions: \${file(infra/functions.yml)}\n`);
  const lines = ['alert:', '  handler: a.handler', 'sweep:', '  handler: b.handler', '  events:'];
  await writeFile(
    join(root, 'infra/functions.yml'),
    [...lines, ...events.map((event) => `    - ${event}`), ''].join('\n'),
  );
  const account = { region: 'eu-west-1', id: '000000000000', stage: 'local', queueUrl: () => '' };
  return schedulesOf(await Infra.load(root, account));
}

describe('schedulesOf', () => {
  it('finds every rate of every function', async () => {
    const found = await schedules('sqs: { arn: a }', 'schedule: rate(1 minute)', 'schedule: rate(2 hours)');
    const arn = 'arn:aws:events:eu-west-1:000000000000:rule/shop-local-SweepEventsRuleSchedule';
    expect(found).toEqual([
      { function: 'sweep', every: 60_000, ruleArn: `${arn}1` },
      { function: 'sweep', every: 7_200_000, ruleArn: `${arn}2` },
    ]);
  });

  it.each([
    ['schedule: { rate: rate(5 minutes) }', [300_000]],
    ['schedule: { rate: [rate(1 day), rate(2 days)] }', [86_400_000, 172_800_000]],
    ['schedule: { rate: rate(5 minutes), enabled: false }', []],
    ['sqs: { arn: a }', []],
    // At its time in AWS, and on a laptop when somebody invokes it.
    ['schedule: cron(0 8 ? * MON *)', []],
  ])('reads %s', async (event, every) => {
    expect((await schedules(event)).map((schedule) => schedule.every)).toEqual(every);
  });

  it.each(['cron(0 12 * *)', 'rate(0 minutes)', 'rate(1 week)', '1 minute'])('refuses %s', async (expression) => {
    await expect(schedules(`schedule: ${expression}`)).rejects.toThrow(
      `infra/functions.yml:3: the schedule of sweep is ${expression}, which is not run on a laptop: write a rate such as rate(1 minute).`,
    );
  });
});
