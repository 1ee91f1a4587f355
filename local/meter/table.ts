import type { LineItem } from '../../shared/cost/lineItem.js';
import { oneOf } from '../../shared/text/wording.js';
import { bytes, count, dollars } from '../terminal/screen.js';
import type { Aggregation, Bill } from './bill.js';
import type { Usage } from './usage.js';

/** Rows to show; the first one names the columns. */
export type Rows = readonly (readonly string[])[];

export function billRows(bill: Bill): Rows {
  return [
    ['service', 'for', 'counted', 'so far'],
    ...bill.items.map((item) => [item.service, item.what, quantityText(item), money(item.dollars)]),
  ];
}

/** The same for a month that is estimated, with the prices. */
export function estimateRows(items: readonly LineItem[]): Rows {
  return [
    ['stage', 'service', 'for', 'a month', 'price', 'dollars'],
    ...items.map((item) => [
      item.stage,
      item.service,
      item.what,
      quantityText(item),
      priceText(item),
      money(item.dollars),
    ]),
  ];
}

export function streamRows(usage: Usage): Rows {
  return [
    ['stream', 'records', 'sent', 'billed'],
    ...Object.entries(usage.streams).map(([name, stream]) => [
      name,
      count(stream.records),
      bytes(stream.bytes),
      bytes(stream.billedBytes),
    ]),
  ];
}

export function aggregationRows(aggregation: Aggregation): Rows {
  const { sentDollars, lineByLineDollars, sentDollarsPerTb, lineByLineDollarsPerTb } = aggregation;
  return [
    ['Firehose ingestion', 'so far', 'for 1 TB of lines'],
    ['as sent', money(sentDollars), money(sentDollarsPerTb)],
    ['had each line been a record', money(lineByLineDollars), money(lineByLineDollarsPerTb)],
  ];
}

/** What sending lines the way they are sent saves, or costs, in one sentence. */
export function aggregationVerdict({ sentDollars, lineByLineDollars, ...seen }: Aggregation): string {
  const lines = `${seen.isEstimate ? 'about ' : ''}${count(seen.lines)} lines, ${bytes(seen.rawBytes)}`;
  const factor = lineByLineDollars / sentDollars;
  if (factor < 1.1) return `${lines}: each is a record of its own. Aggregated and gzipped they would cost far less.`;
  return `${lines}: ${factor.toFixed(factor < 10 ? 1 : 0)} times less than with a record for each line.`;
}

/** Cents from one cent up, two digits that count below. */
export function money(amount: number): string {
  if (amount === 0 || amount >= 0.01) return dollars(amount);
  return `$${amount.toLocaleString('en-US', { maximumSignificantDigits: 2 })}`;
}

export function monthly({ monthlyDollars }: Bill): string {
  return monthlyDollars === undefined ? 'told after a minute' : money(monthlyDollars);
}

/** A quantity with its unit: what is counted on a laptop is often far less than a GB. */
function quantityText({ quantity, unit }: Pick<LineItem, 'quantity' | 'unit'>): string {
  if (unit === 'GB' && quantity < 1) return bytes(quantity * 2 ** 30);
  if (Number.isInteger(quantity) || quantity >= 100) return `${count(Math.round(quantity))} ${unit}`;
  return `${quantity.toLocaleString('en-US', { maximumSignificantDigits: 3 })} ${unit}`;
}

/** `$0.40 a million requests`. */
function priceText({ unitDollars, per, unit }: LineItem): string {
  const number = `$${unitDollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumSignificantDigits: 4 })}`;
  if (per === 1) return `${number} ${oneOf(unit)}`;
  return `${number} a ${per === 1e6 ? 'million' : count(per)} ${unit}`;
}
