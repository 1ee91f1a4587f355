import { setTimeout as sleep } from 'node:timers/promises';
import { billOf } from '../../local/meter/bill.js';
import { readUsage } from '../../local/meter/meter.js';
import { estimate } from '../../shared/cost/estimate.js';
import { defaultInput } from '../../shared/cost/input.js';
import type { LineItem } from '../../shared/cost/lineItem.js';
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
/** As many bytes a second and container as with a TB a day and a hundred of them; a tenth of these is what a laptop takes beside other work. */
const containers = 10;
const gbPerDay = 102.4;
const bytesPerSecond = (gbPerDay * 2 ** 30) / 86_400;
/** A flush of such a container is two records of so many bytes, with their envelopes. */
const recordBytes = 700_000;
/** Of the mix. */
const services = 8;

/** The stack as it is deployed and with AWS's own intervals: real handlers, queue and table. */
export async function measureBill(seconds: number): Promise<BillResult> {
  return withData(async (data) => {
    const spread = seconds * 1000;
    const corpus = buildCorpus('mix', bytesPerSecond * seconds, 0, { recordBytes, start: Date.now(), spread });
    const up = await startUp(data, '--as-aws');
    const begun = Date.now();
    for (const [at, record] of inTurn(corpus.records).entries()) {
      await sleep(begun + (at / corpus.records.length) * spread - Date.now());
      await up.put([[Buffer.from(record, 'base64')]]);
    }
    const code = await up.stop();
    if (code !== 0) throw new Error(`firesplit up ended with ${code}`);
    const usage = await readUsage(data);
    if (!usage) throw new Error('nothing was counted');
    const [whole, month] = [TB / corpus.rawBytes, 1024 / (gbPerDay * (730 / 24))];
    return {
      rawBytes: corpus.rawBytes,
      seconds,
      metered: billOf(usage).items.map((item) => times(item, whole)),
      model: estimate({ ...defaultInput, gbPerDay, containers, services }).map((item) => times(item, month)),
    };
  });
}

/** Stages that work as lines come: of the others, which go by the clock, a minute has another part than a month. */
const withLines = new Set(['ingestion', 'transform', 'delivery', 'alerts']);

export function billTable({ rawBytes, seconds, metered, model }: BillResult): ReportTable {
  const ofModel = (item: LineItem) =>
    model.find(({ stage, service, unit }) => stage === item.stage && service === item.service && unit === item.unit);
  const amount = (item: LineItem | undefined) =>
    item ? `${item.quantity.toLocaleString('en-US', { maximumSignificantDigits: 4 })} ${item.unit}` : '';
  const dollars = (item: LineItem | undefined) => (item ? `$${item.dollars.toFixed(3)}` : '');
  return {
    title: `For a TB of lines, from ${(rawBytes / 1e6).toFixed(0)} MB in ${seconds} s`,
    columns: ['stage', 'for', 'metered', 'dollars', 'model', 'dollars'],
    rows: metered
      .filter(({ quantity, stage, unit }) => quantity > 0 && withLines.has(stage) && unit !== 'GB-seconds')
      .map((item) => [
        item.stage,
        item.what,
        amount(item),
        dollars(item),
        amount(ofModel(item)),
        dollars(ofModel(item)),
      ]),
  };
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
