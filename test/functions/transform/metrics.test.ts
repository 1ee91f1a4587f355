import { expect, it, jest } from '@jest/globals';
import type { Context } from 'aws-lambda';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { aRule } from '../../helpers/alerts.js';
import { fireLens, transformEvent } from '../../helpers/firehose.js';

// The tests' setup turns EMF off; in development mode it goes to the console that the test sees.
process.env.POWERTOOLS_METRICS_DISABLED = 'false';
process.env.POWERTOOLS_DEV = 'true';
const printed: string[] = [];
jest.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line));
jest.unstable_mockModule('../../../functions/adapters/deployedRules.js', () => ({
  deployedRules: () => [
    aRule({ name: 'card-refused', where: { message: { contains: 'declined' } } }),
    aRule({
      name: 'server-errors',
      type: 'ratio',
      on: ['access'],
      where: {},
      of: { status: { gte: 500 } },
    } as Partial<Rule>),
  ],
}));
jest.unstable_mockModule('../../../functions/adapters/deployedConfig.js', () => ({
  deployedConfig: () => ({ metrics: { services: ['web', 'café', 'gone'], rules: ['card-refused'] } }),
}));
jest.unstable_mockModule('../../../functions/adapters/sqsSignals.js', () => ({
  sqsSignals: () => ({ send: async () => undefined }),
}));
process.env.SIGNALS_QUEUE_URL = 'https://queue.example/signals';
const { handler } = await import('../../../functions/transform.js');

interface Emf {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly [
      { readonly Dimensions: readonly [readonly string[]]; readonly Metrics: readonly { readonly Name: string }[] },
    ];
  };
  readonly [key: string]: unknown;
}

async function transform(...data: (string | Buffer)[]): Promise<Emf[]> {
  printed.length = 0;
  await handler(transformEvent(data), { functionName: 'transform' } as Context);
  return printed.map((line) => JSON.parse(line));
}

it('writes EMF of numbers and names: in all, and of the services and rules that are listed', async () => {
  const lines = [
    fireLens('203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET /a?token=hunter2 HTTP/1.1" 200 12 "-" "curl/8.5.0"'),
    fireLens('{"level":50,"msg":"payment declined"}', { container_name: 'café' }),
    fireLens('{"level":30,"msg":"paid"}', { container_name: 'cart' }),
    fireLens('listening on :8080'),
    fireLens('    until it is stopped'),
  ];
  const emf = await transform(...lines);
  const find = (...dimensions: string[]) =>
    emf.filter(({ _aws }) => String(_aws.CloudWatchMetrics[0].Dimensions[0]) === `service,${dimensions}`);

  expect(find('log_service')).toEqual([
    expect.objectContaining({ log_service: 'web', AccessLines: 1, AppLines: 1 }),
    expect.objectContaining({ log_service: 'caf?', ErrorLines: 1 }),
  ]);
  expect(find('log_service')[0]).not.toHaveProperty('ErrorLines');
  expect(find('rule')).toEqual([expect.objectContaining({ rule: 'card-refused', MatchedLines: 1 })]);
  expect(emf).toHaveLength(4);
  const totals = emf.at(-1);
  expect(namesOf(totals)).toEqual(['AccessLines', 'ErrorLines', 'AppLines', 'LinesIn', 'BytesIn']);
  expect(totals).toMatchObject({
    AccessLines: 1,
    ErrorLines: 1,
    AppLines: 2,
    JoinedLines: 1,
    UnparsedLines: 1,
    Signals: 2,
    by_rule: { MatchedLines: { 'card-refused': 1 }, RedactedValues: { tokens: 1 } },
  });
  expect(totals).not.toHaveProperty('RuleErrors');
  expect(totals).not.toHaveProperty('BlankLines');
  expect(printed.join('\n')).not.toMatch(/hunter2|declined|listening|203\.0\.113/);
});

it('writes a line a minute while it is busy, and at once when something is wrong', async () => {
  const at = jest.spyOn(Date, 'now');
  const start = Date.now() + 600_000;
  const lineAfter = async (seconds: number, data: string | Buffer = fireLens('listening on :8081')) => {
    at.mockReturnValue(start + seconds * 1000);
    return (await transform(data)).filter(({ log_service }) => log_service === undefined);
  };
  expect(await lineAfter(0)).toHaveLength(1);
  expect(await lineAfter(20)).toEqual([]);
  expect(await lineAfter(40)).toEqual([]);
  expect(await lineAfter(60)).toEqual([expect.objectContaining({ AppLines: 3 })]);
  expect(await lineAfter(61)).toEqual([]);
  const [wrong] = await lineAfter(62, '');
  expect(wrong).toMatchObject({ AppLines: 1, UndecodableRecords: 1 });
  expect(namesOf(wrong)).toContain('UndecodableRecords');
  expect(await lineAfter(63, '')).toEqual([]);
  expect(await lineAfter(113)).toEqual([expect.objectContaining({ UndecodableRecords: 1 })]);
  at.mockRestore();
});

function namesOf(emf: Emf | undefined): string[] | undefined {
  return emf?._aws.CloudWatchMetrics[0].Metrics.map(({ Name }) => Name);
}
