import { type Alarm, alarms, billedMetrics } from '../../shared/metrics/alarms.js';
import { allMetrics, type Metered, metricsOf, namedMetrics } from '../../shared/metrics/catalogue.js';
import { metricsCost } from '../../shared/metrics/cost.js';
import { prices } from '../../shared/prices.js';

/** docs/metrics.md: what each function counts, and what it costs. */
export const metricSections = {
  ...Object.fromEntries(Object.keys(metricsOf).map((of) => [of, () => table(of as Metered)])),
  named: () => [
    '',
    '| Metric | Of each listed | A month | What it counts |',
    '| --- | --- | --: | --- |',
    ...Object.entries(namedMetrics).map(
      ([name, { of, by, whose, doc }]) =>
        `| \`${name}\` | ${whose} (\`service=${of}\`, \`${by}\`) | up to ${dollars(prices.cloudwatchPerMetric)} | ${doc} |`,
    ),
    '',
  ],
  sum: () => {
    const { usual, most } = metricsCost();
    const count = allMetrics().filter(({ written }) => written !== 'log').length;
    const always = allMetrics().filter(({ written }) => written === 'always').length;
    return [
      '',
      `${count} metrics, whatever the load: **${dollars(most)}** a month if every one of them were written in each hour. While nothing is wrong,`,
      `${always} are, and with forwarding or alerts ${Math.round(usual / prices.cloudwatchPerMetric)}: **${dollars(always * prices.cloudwatchPerMetric)} to ${dollars(usual)}** for a stream that logs around the clock.`,
      '',
    ];
  },
  alarms: () => [
    '',
    '| Alarm | Rings when | It says |',
    '| --- | --- | --- |',
    ...alarms.map((alarm) => `| [\`${alarm.name}\`](alarms/${alarm.name}.md) | ${whenRung(alarm)} | ${alarm.says} |`),
    '| [`cost-a-day`](alarms/cost-a-day.md) | a budget of AWS, with `dailyBudget` | More was billed today than is meant to. |',
    '',
  ],
  atRest: () => {
    const always = allMetrics().filter(({ written }) => written === 'always').length * prices.cloudwatchPerMetric;
    const ofAlarms = (which: readonly Alarm[]) =>
      which.reduce((sum, alarm) => sum + billedMetrics(alarm), 0) * prices.cloudwatchPerAlarm;
    const usual = ofAlarms(alarms.filter(({ condition }) => condition === undefined));
    return [
      '',
      `${dollars(usual)} a month for the alarms (${dollars(ofAlarms(alarms))} with forwarding), ${dollars(always)} for the metrics that are always there, nothing for the budget, the topic and its`,
      `e-mails, and nothing for the dashboard while it is one of the first three of the account: **${dollars(usual + always)}** in all, and less by CloudWatch's free tier of ten metrics and`,
      'ten alarms.',
      '',
    ];
  },
} as const;

function whenRung({ watches, rings, period, periods, missing }: Alarm): string {
  const { namespace, metric, dimension } = watches;
  const whose =
    namespace === 'AWS/SQS' || namespace === 'AWS/Lambda'
      ? ` of \`${dimension.value.replace(/^\$.*?\}-\$.*?\}-/, '')}\``
      : '';
  const limit =
    'band' in rings
      ? `${rings.band} standard deviations below what is usual`
      : 'above' in rings
        ? `> ${rings.above.toLocaleString('en')}`
        : `< ${rings.below}`;
  const minutes = (period * periods) / 60;
  return `\`${metric}\`${whose} ${limit}, ${minutes} minutes${missing === undefined ? '' : ', or absent'}`;
}

function table(of: Metered): string[] {
  return [
    '',
    '| Metric | Unit | Written | A month | What it counts |',
    '| --- | --- | --- | --: | --- |',
    ...allMetrics()
      .filter((metric) => metric.of === of)
      .map(({ name, unit, keeps, written, doc }) => {
        const what = keeps === 'highest' ? `${doc} (the highest of a minute)` : doc;
        return `| \`${name}\` | ${unit} | ${when[written]} | ${price[written]} | ${what} |`;
      }),
    '',
  ];
}

const when = { always: 'always', some: 'above zero', wrong: 'above zero, at once', log: 'in the log' } as const;

const price = {
  always: dollars(prices.cloudwatchPerMetric),
  some: `up to ${dollars(prices.cloudwatchPerMetric)}`,
  wrong: `up to ${dollars(prices.cloudwatchPerMetric)}`,
  log: '–',
} as const;

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
