import { readFile } from 'node:fs/promises';
import { afterAll, expect, it, jest } from '@jest/globals';
import { FunctionMetrics, metricsHold } from '../../functions/adapters/functionMetrics.js';
import { parseConfig } from '../../shared/config/load.js';
import { type MetricName, metricsOf } from '../../shared/metrics/catalogue.js';
import { metricsCost } from '../../shared/metrics/cost.js';
import { prices } from '../../shared/prices.js';
import { defaultNames } from '../../shared/redact/defaults.js';
import { loadRules } from '../../shared/rules/language/loadRules.js';

process.env.POWERTOOLS_METRICS_DISABLED = 'false';
process.env.POWERTOOLS_DEV = 'true';
process.env.POWERTOOLS_METRICS_NAMESPACE = 'Firesplit/production';
const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
afterAll(() => printed.mockRestore());

const page = await readFile('docs/metrics.md', 'utf8');
const GB = 2 ** 30;
const MONTH = 30 * 24 * 3600;

/** The longest line of the transform: every number, and as many rules as a line names. */
async function longestLine(): Promise<number> {
  const metrics = new FunctionMetrics('transform');
  for (const name of Object.keys(metricsOf.transform)) metrics.add(name as MetricName<'transform'>, 123_456_789);
  for (const { name } of await loadRules('infra/rules')) metrics.addFor('MatchedLines', name, 123_456);
  for (const name of defaultNames) metrics.addFor('RedactedValues', name, 123_456);
  printed.mockClear();
  metrics.publish();
  // CloudWatch Logs adds so much to each event: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
  return printed.mock.calls.reduce((sum, [line]) => sum + Buffer.byteLength(String(line)) + 26, 0);
}

it('says what the lines cost at 100 TB a day, and all of it is below $10', async () => {
  const megabytesPerSecond = Number(
    /^\| mix \| transform \| ([\d.]+) \|/m.exec(await readFile('docs/performance.md', 'utf8'))?.[1],
  );
  const bytesPerSecond = 100e12 / (24 * 3600);
  const environments = bytesPerSecond / (megabytesPerSecond * 1e6);
  const bytes = await longestLine();
  const dollars = (lines: number) => (lines * bytes * prices.cloudwatchLogsPerGb) / GB;
  const held = dollars((environments * MONTH * 1000) / metricsHold);
  // An invocation has 3 MB of gzip, 60 MB of lines (shared/limits.ts).
  const each = dollars((bytesPerSecond * MONTH) / 60e6);
  expect(page).toContain('less than $2 and some $40 of log bytes');
  expect(held).toBeLessThan(2);
  expect(each).toBeGreaterThan(35);
  expect(each).toBeLessThan(45);
  expect(metricsCost().most + held).toBeLessThan(10);
});

it('has an example that is right', async () => {
  const [, text = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const { config, problems } = await parseConfig({ path: 'docs/metrics.md', text });
  expect(problems).toEqual([]);
  expect(config.metrics?.services).toHaveLength(2);
});
