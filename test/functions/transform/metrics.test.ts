import { expect, it, jest } from '@jest/globals';
import type { Context } from 'aws-lambda';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { aRule } from '../../helpers/alerts.js';
import { fireLens, transformEvent } from '../../helpers/firehose.js';

// The tests' setup turns EMF off; in development mode it goes to the console that the test sees.
process.env.POWERTOOLS_METRICS_DISABLED = 'false';
process.env.POWERTOOLS_DEV = 'true';
// As Lambda sets it for a function without provisioned concurrency.
process.env.AWS_LAMBDA_INITIALIZATION_TYPE = 'on-demand';
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
jest.unstable_mockModule('../../../functions/adapters/sqsSignals.js', () => ({
  sqsSignals: () => ({ send: async () => undefined }),
}));
process.env.SIGNALS_QUEUE_URL = 'https://queue.example/signals';
const { handler } = await import('../../../functions/transform.js');

interface Emf {
  readonly _aws: { readonly CloudWatchMetrics: readonly [{ readonly Dimensions: readonly [readonly string[]] }] };
  readonly [key: string]: unknown;
}

async function transform(...data: string[]): Promise<Emf[]> {
  printed.length = 0;
  await handler(transformEvent(data), { functionName: 'transform' } as Context);
  return printed.map((line) => JSON.parse(line));
}

it('writes EMF of numbers and names: by service, by rule, and for the first invocation of a process', async () => {
  const lines = [
    fireLens('203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET /a?token=hunter2 HTTP/1.1" 200 12 "-" "curl/8.5.0"'),
    fireLens('{"level":50,"msg":"payment declined"}', { container_name: 'café' }),
    fireLens('listening on :8080'),
    fireLens('    until it is stopped'),
  ];
  const emf = await transform(...lines);
  const find = (...dimensions: string[]) =>
    emf.filter(({ _aws }) => String(_aws.CloudWatchMetrics[0].Dimensions[0]) === `service,${dimensions}`);

  expect(find('function_name')).toEqual([expect.objectContaining({ ColdStart: 1, function_name: 'transform' })]);
  expect(find('log_service')).toEqual([
    expect.objectContaining({ log_service: 'web', AccessLines: 1, AppLines: 1 }),
    expect.objectContaining({ log_service: 'caf?', ErrorLines: 1 }),
  ]);
  expect(find('log_service')[0]).not.toHaveProperty('ErrorLines');
  expect(find('rule')).toEqual([
    // Of the ratio no line matched, which is no metric.
    expect.objectContaining({ rule: 'card-refused', MatchedLines: 1 }),
    expect.objectContaining({ RedactedValues: 1 }),
  ]);
  const totals = emf.at(-1);
  expect(totals).toMatchObject({
    AccessLines: 1,
    ErrorLines: 1,
    AppLines: 1,
    LaneLines: 0,
    JoinedLines: 1,
    UnparsedLines: 1,
    BlankLines: 0,
    Signals: 2,
    RuleErrors: 0,
  });
  expect(printed.join('\n')).not.toMatch(/hunter2|declined|listening|203\.0\.113/);

  const second = await transform(fireLens('listening on :8081'));
  expect(second.some((each) => 'ColdStart' in each)).toBe(false);
  expect(second.at(-1)).toMatchObject({ UnparsedLines: 1 });
});
