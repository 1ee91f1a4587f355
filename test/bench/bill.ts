import { setTimeout as sleep } from 'node:timers/promises';
import { billOf } from '../../local/meter/bill.js';
import { readUsage } from '../../local/meter/meter.js';
import { estimate } from '../../shared/cost/estimate.js';
import { defaultInput } from '../../shared/cost/input.js';
import { type LineItem, totalOf } from '../../shared/cost/lineItem.js';
import { groupBy } from '../../shared/text/groupBy.js';
import { startUp, withData } from '../helpers/up.js';
import { buildCorpus } from './corpus.js';
import type { ReportTable } from './report.js';

/** What the local meter counted of a load, for each TB (2^40 bytes) of raw lines, beside what the model says of it. */
export interface BillResult {
  readonly rawBytes: number;
  readonly seconds: number;
  readonly metered: readonly LineItem[];
  readonly model: readonly LineItem[];
}

const TB = 2 ** 40;
/** A TB a day, of a hundred containers of one service: which docs/cost.md has as an example. */
const load = { gbPerDay: 1024, containers: 100, services: 1, canary: false } as const;
const bytesPerSecond = (load.gbPerDay * 2 ** 30) / 86_400;
/** A flush of such a container is two records of so many bytes, with their envelopes. */
const recordBytes = 700_000;

/** The stack as it is deployed and with AWS's own intervals: real handlers, queue and table. */
export async function measureBill(seconds: number): Promise<BillResult> {
  return withData(async (data) => {
    const spread = seconds * 1000;
    const shape = { service: 'shop', recordBytes, start: Date.now(), spread };
    const corpus = buildCorpus('mix', bytesPerSecond * seconds, 0, shape);
    const up = await startUp(data, '--as-aws');
    const begun = Date.now();
    for (const [at, record] of inTurn(corpus.records).entries()) {
      await sleep(begun + (at / corpus.records.length) * spread - Date.now());
      await up.put([[Buffer.from(record, 'base64')]]);
    }
    const took = (Date.now() - begun) / 1000;
    const code = await up.stop();
    if (code !== 0) throw new Error(`firesplit up ended with ${code}`);
    const usage = await readUsage(data);
    if (!usage) throw new Error('nothing was counted');
    const [whole, month] = [TB / corpus.rawBytes, 1024 / (load.gbPerDay * (730 / 24))];
    return {
      rawBytes: corpus.rawBytes,
      seconds: took,
      metered: billOf(usage).items.map((item) => times(item, whole)),
      model: estimate({ ...defaultInput, ...load }).map((item) => times(item, month)),
    };
  });
}

/** Stages that work as lines come: what goes by the clock has another part in a minute than in a month. */
const withLines = new Set(['ingestion', 'transform', 'delivery', 'alerts']);
/** Stages that bring a line to S3 and judge it there. */
const toS3 = new Set([...withLines, 'sweep', 'monitoring']);

export function billTable({ rawBytes, seconds, metered, model }: BillResult): ReportTable {
  const counted = new Map(metered.filter(isCounted).map((item) => [kindOf(item), item]));
  const stated = groupBy(
    model.filter(({ stage }) => toS3.has(stage)),
    kindOf,
  );
  const kinds = [...new Set([...stated.keys(), ...counted.keys()])];
  const rows = kinds.map((kind) => {
    const [count, items] = [counted.get(kind), stated.get(kind) ?? []];
    const modelled = totalOf(items);
    const [item = count] = items;
    return {
      words: [item?.stage ?? '', (count ?? item)?.what ?? ''],
      cells: [amount(count?.quantity, count), dollars(count?.dollars), amount(sumOf(items), item), dollars(modelled)],
      best: count?.dollars ?? modelled,
      modelled,
    };
  });
  const sum = (of: (row: (typeof rows)[number]) => number) => dollars(rows.reduce((all, row) => all + of(row), 0));
  return {
    title: `For a TB of lines, from ${(rawBytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(0)} s`,
    columns: ['stage', 'for', 'metered', 'dollars', 'model', 'dollars'],
    rows: [
      ...rows.filter(({ best, modelled }) => best + modelled >= 0.001).map(({ words, cells }) => [...words, ...cells]),
      ['**to S3, with alerts and monitoring**', '', '', sum(({ best }) => best), '', sum(({ modelled }) => modelled)],
    ],
  };
}

/** The seconds of functions on a busy laptop, which wait for each other, are none of Lambda's. */
function isCounted({ quantity, stage, unit }: LineItem): boolean {
  return quantity > 0 && withLines.has(stage) && unit !== 'GB-seconds';
}

function kindOf({ stage, service, unit }: LineItem): string {
  return `${stage} ${service} ${unit}`;
}

function sumOf(items: readonly LineItem[]): number {
  return items.reduce((sum, { quantity }) => sum + quantity, 0);
}

function amount(quantity: number | undefined, item: LineItem | undefined): string {
  if (!quantity || !item) return '';
  return `${quantity.toLocaleString('en-US', { maximumSignificantDigits: 4 })} ${item.unit}`;
}

function dollars(amount: number | undefined): string {
  return amount === undefined ? '' : `$${amount.toFixed(3)}`;
}

function times(item: LineItem, factor: number): LineItem {
  return { ...item, quantity: item.quantity * factor, dollars: item.dollars * factor };
}

/** Records of the services in turn, which the corpus has one after the other. */
function inTurn(records: readonly string[]): string[] {
  const strides = 8;
  const each = Math.ceil(records.length / strides);
  return Array.from({ length: each }, (_, at) =>
    Array.from({ length: strides }, (_, stride) => records[stride * each + at]),
  )
    .flat()
    .filter((record) => record !== undefined);
}
