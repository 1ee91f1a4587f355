import { flushFor } from '../../../local/firelens/flush.js';
import { estimate } from '../../../shared/cost/estimate.js';
import { type CostInput, defaultInput } from '../../../shared/cost/input.js';
import { byStage, type LineItem, totalOf } from '../../../shared/cost/lineItem.js';
import { type Price, priceList } from '../../../shared/prices.js';
import { oneOf } from '../../../shared/text/wording.js';
import { others } from './others.js';

/** docs/cost.md: what the model says. */
export const costSections = {
  small: () => itemTable(estimate(small)),
  rest: () => itemTable(estimate({ ...small, gbPerDay: 0, canary: false, queriesPerDay: 0 })),
  'a tb': () => stageTable(estimate(terabyte), terabyte),
  sizes: sizeTable,
  others: otherTable,
  'who counts what': othersCounted,
  prices: priceTable,
} as const;

/** A team with a GB a day, and one service with a TB a day. */
const small = defaultInput;
const terabyte: CostInput = { ...defaultInput, gbPerDay: 1024, containers: 100, services: 1 };

/** Each with the services and queries that come with so many lines. */
const sizes = [
  { name: '1 GB', gbPerDay: 1, services: 5, queriesPerDay: 20 },
  { name: '10 GB', gbPerDay: 10, services: 20, queriesPerDay: 20 },
  { name: '100 GB', gbPerDay: 100, services: 50, queriesPerDay: 50 },
  { name: '1 TB', gbPerDay: 1024, services: 100, queriesPerDay: 100 },
  { name: '10 TB', gbPerDay: 10 * 1024, services: 500, queriesPerDay: 200 },
  { name: '100 TB', gbPerDay: 100 * 1024, services: 1000, queriesPerDay: 500 },
] as const;
const containers = [50, 500, 5000, 50_000] as const;

const ofSize = ({ name: _, ...size }: (typeof sizes)[number], routers: number): CostInput => ({
  ...defaultInput,
  ...size,
  containers: routers,
  flushSeconds: flushFor((size.gbPerDay * 2 ** 30) / 86_400 / routers),
});

function itemTable(items: readonly LineItem[]): string[] {
  return table(
    ['stage', 'service', 'for', 'a month', 'dollars'],
    [
      ...items
        .filter(({ dollars: amount }) => amount >= 0.005)
        .map((item) => [
          item.stage,
          item.service,
          item.what,
          `${number(item.quantity)} ${item.unit}`,
          dollars(item.dollars),
        ]),
      ['less than a cent each', '', '', '', dollars(totalOf(items.filter(({ dollars: amount }) => amount < 0.005)))],
      ['**sum**', '', '', '', `**${dollars(totalOf(items))}**`],
    ],
  );
}

/** Stages that bring a line to S3 and judge it there, and those that depend on how long it is kept and how often asked about. */
const toS3 = new Set(['ingestion', 'transform', 'delivery', 'alerts', 'sweep', 'monitoring']);

function stageTable(items: readonly LineItem[], { gbPerDay }: CostInput): string[] {
  const tbs = (gbPerDay * (730 / 24)) / 1024;
  const stages = [...byStage(items)];
  const row = (name: string, amount: number) => [name, dollars(amount), dollars(amount / tbs)];
  const reached = totalOf(items.filter(({ stage }) => toS3.has(stage)));
  return table(
    ['stage', 'a month', 'for a TB of lines'],
    [
      ...stages.filter(([stage]) => toS3.has(stage)).map(([stage, amount]) => row(stage, amount)),
      row('**to S3, with alerts and monitoring**', reached),
      ...stages.filter(([stage]) => !toS3.has(stage)).map(([stage, amount]) => row(stage, amount)),
      row('**sum**', totalOf(items)),
    ],
  );
}

function sizeTable(): string[] {
  return table(
    ['lines a day', 'services', ...containers.map((routers) => `${number(routers)} containers`)],
    sizes.map((size) => [
      size.name,
      number(size.services),
      ...containers.map((routers) => dollars(totalOf(estimate(ofSize(size, routers))))),
    ]),
  );
}

/** All keep lines for 30 days; Firesplit has 500 containers, or 50 with a GB. */
function otherTable(): string[] {
  const input = (size: (typeof sizes)[number]) => ({
    ...ofSize(size, size.gbPerDay < 10 ? 50 : 500),
    retentionDays: 30,
  });
  const row = (name: string, amount: (input: CostInput) => number) => [
    name,
    ...sizes.map((size) => dollars(amount(input(size)))),
  ];
  return table(
    ['kept for 30 days', ...sizes.map(({ name }) => `${name} a day`)],
    [
      row('Firesplit', (each) => totalOf(estimate(each))),
      ...others.map((other) => row(other.name, (each) => other.dollars(each))),
    ],
  );
}

function othersCounted(): string[] {
  return table(
    ['service', 'list prices', 'counted'],
    others.map(({ name, prices, source, counted }) => [`[${name}](${source})`, prices, counted]),
  );
}

function priceTable(): string[] {
  return table(
    ['price', 'dollars', 'for', 'beyond in a month'],
    Object.entries(priceList).map(([name, price]: [string, Price]) => [
      `[\`${name}\`](${price.source})`,
      exact(price.dollars),
      price.per === 1 ? oneOf(price.unit) : `${number(price.per)} ${price.unit}`,
      (price.tiers ?? []).map(({ beyond, dollars: less }) => `${number(beyond)}: ${exact(less)}`).join('; '),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const isFigure = head.map((_, at) => rows.every((row) => /^(\**[$\d].*)?$/.test(row[at] ?? '')) && at > 0);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return ['', line(head), line(isFigure.map((figure) => (figure ? '--:' : '---'))), ...rows.map(line), ''];
}

function dollars(amount: number): string {
  const digits = amount < 100 ? 2 : 0;
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

function exact(amount: number): string {
  return `$${amount.toLocaleString('en-US', { maximumFractionDigits: 10 })}`;
}

function number(value: number): string {
  if (value >= 1000) return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
