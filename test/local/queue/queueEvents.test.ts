import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Infra } from '../../../local/infra/infra.js';
import { queueEventsOf } from '../../../local/queue/queueEvents.js';
import { tempFolder } from '../../helpers/tempFolder.js';

/** What feeds a function `work` with these events, each a line of YAML, where `Jobs` is the only queue. */
async function queueEvents(...events: readonly string[]) {
  const root = await tempFolder();
  const functions = ['functions:', '  work:', '    handler: a.handler', '    events:'];
  const resources = ['resources:', '  Resources: { Jobs: { Type: AWS::SQS::Queue } }', ''];
  const lines = ['service: shop', ...functions, ...events.map((event) => `      - ${event}`), ...resources];
  await writeFile(join(root, 'serverless.yml'), lines.join('\n'));
  const account = { region: 'eu-west-1', id: '000000000000', stage: 'local', queueUrl: () => '' };
  return queueEventsOf(await Infra.load(root, account));
}

const queueArn = 'arn:aws:sqs:eu-west-1:000000000000:shop-local-Jobs';
const defaults = { function: 'work', queueArn, batchSize: 10, maximumConcurrency: undefined };

describe('queueEventsOf', () => {
  it.each([
    ['sqs: !GetAtt Jobs.Arn', [defaults]],
    ['sqs: { arn: !GetAtt Jobs.Arn }', [defaults]],
    [
      'sqs: { arn: !GetAtt Jobs.Arn, batchSize: 1, maximumConcurrency: 2 }',
      [{ ...defaults, batchSize: 1, maximumConcurrency: 2 }],
    ],
    ['sqs: { arn: !GetAtt Jobs.Arn, enabled: false }', []],
    ['schedule: rate(1 minute)', []],
  ])('reads %s', async (event, expected) => {
    expect(await queueEvents(event)).toEqual(expected);
  });

  it.each([
    ['sqs: arn:aws:sqs:eu-west-1:000000000000:other', 'which no resource is; there are: shop-local-Jobs.'],
    ['sqs: { arn: !GetAtt Jobs.Arn, filterPatterns: [{ a: [1] }] }', 'the queue of work has filterPatterns'],
  ])('refuses %s', async (event, problem) => {
    await expect(queueEvents(event)).rejects.toThrow(problem);
  });
});
