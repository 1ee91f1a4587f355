import { type Price, type PriceName, priceList, type Unit } from '../prices.js';

/** Parts of the pipeline, in the order of a line's journey. */
const stages = [
  'ingestion',
  'transform',
  'delivery',
  'alerts',
  'sweep',
  'compaction',
  'storage',
  'queries',
  'forwarding',
  'monitoring',
] as const;
export type Stage = (typeof stages)[number];

/** Something that AWS counts: so much of it in a month, or in whatever time is asked about. */
export interface Quantity {
  readonly stage: Stage;
  readonly price: PriceName;
  /** What it is, for people: `PUT of landed objects`. */
  readonly what: string;
  /** In units of the price. */
  readonly quantity: number;
}

/** A line of the bill. */
export interface LineItem {
  readonly stage: Stage;
  readonly service: Service;
  readonly what: string;
  readonly quantity: number;
  readonly unit: Unit;
  /** For `per` units: of the price's tiers, the mean of those that the whole bill reaches. */
  readonly unitDollars: number;
  readonly per: number;
  readonly dollars: number;
}

type Service = 'Firehose' | 'Lambda' | 'S3' | 'SQS' | 'DynamoDB' | 'CloudWatch' | 'Athena' | 'Transfer';

const services: Readonly<Record<PriceName, Service>> = {
  firehoseIngestion: 'Firehose',
  firehosePartitioning: 'Firehose',
  firehoseObjects: 'Firehose',
  lambdaDuration: 'Lambda',
  lambdaRequests: 'Lambda',
  s3Puts: 'S3',
  s3Gets: 'S3',
  s3Standard: 'S3',
  s3Infrequent: 'S3',
  s3ArchiveInstant: 'S3',
  s3Monitoring: 'S3',
  s3Transitions: 'S3',
  sqsRequests: 'SQS',
  dynamodbWrites: 'DynamoDB',
  dynamodbReads: 'DynamoDB',
  dynamodbStorage: 'DynamoDB',
  cloudwatchMetrics: 'CloudWatch',
  cloudwatchAlarms: 'CloudWatch',
  cloudwatchLogs: 'CloudWatch',
  cloudwatchLogStorage: 'CloudWatch',
  athena: 'Athena',
  transferOut: 'Transfer',
};

/**
 * The bill for a month's quantities, which share the tiers of their price. Its items are in the order of the quantities.
 */
export function priced(quantities: readonly Quantity[]): LineItem[] {
  const totals = new Map<PriceName, number>();
  for (const { price, quantity } of quantities) totals.set(price, (totals.get(price) ?? 0) + quantity);
  return quantities.map(({ stage, price: name, what, quantity }) => {
    const price: Price = priceList[name];
    const unitDollars = meanDollars(price, totals.get(name) ?? 0);
    const dollars = (quantity / price.per) * unitDollars;
    return { stage, service: services[name], what, quantity, unit: price.unit, unitDollars, per: price.per, dollars };
  });
}

export function totalOf(items: readonly { readonly dollars: number }[]): number {
  return items.reduce((sum, { dollars }) => sum + dollars, 0);
}

/** Dollars of each stage that has an item. */
export function byStage(items: readonly LineItem[]): ReadonlyMap<Stage, number> {
  return new Map(
    stages.flatMap((stage) => {
      const those = items.filter((item) => item.stage === stage);
      return those.length > 0 ? [[stage, totalOf(those)] as const] : [];
    }),
  );
}

/** For `per` units, when so many units are bought. */
function meanDollars({ dollars, tiers = [] }: Price, quantity: number): number {
  if (quantity <= 0) return dollars;
  const steps = [{ beyond: 0, dollars }, ...tiers];
  const sum = steps.reduce((total, step, at) => {
    const end = Math.min(quantity, steps[at + 1]?.beyond ?? Number.POSITIVE_INFINITY);
    return total + Math.max(0, end - step.beyond) * step.dollars;
  }, 0);
  return sum / quantity;
}
