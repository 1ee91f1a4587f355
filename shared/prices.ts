/**
 * List prices in US dollars, us-east-1, on demand, without free tiers: each once, with the page that states it. The pages show their
 * prices by a program, so that copies of them have few: these were looked up on 2026-11-30 in texts that cite them or AWS's
 * price list, never in a live account. The pages themselves decide.
 */
export interface Price {
  /** For `per` units, of the first tier. */
  readonly dollars: number;
  readonly per: number;
  readonly unit: Unit;
  /** What a unit costs beyond so many units a month. */
  readonly tiers?: readonly { readonly beyond: number; readonly dollars: number }[];
  readonly source: string;
}

/** GB are 2^30 bytes, as AWS bills them. */
export type Unit =
  | 'GB'
  | 'GB-months'
  | 'GB-seconds'
  | 'requests'
  | 'objects'
  | 'write units'
  | 'read units'
  | 'metrics'
  | 'alarms'
  | 'TB';

const TB = 1024;
const PB = 1024 * TB;

/** Everything that Firesplit is billed for. */
export const priceList = {
  /** What is put on the stream, each record rounded up to 5 KB. */
  firehoseIngestion: {
    dollars: 0.029,
    per: 1,
    unit: 'GB',
    tiers: [
      { beyond: 500 * TB, dollars: 0.025 },
      { beyond: 2 * PB, dollars: 0.02 },
    ],
    source: 'https://aws.amazon.com/firehose/pricing/',
  },
  /** What dynamic partitioning delivers. */
  firehosePartitioning: { dollars: 0.02, per: 1, unit: 'GB', source: 'https://aws.amazon.com/firehose/pricing/' },
  firehoseObjects: { dollars: 0.005, per: 1000, unit: 'objects', source: 'https://aws.amazon.com/firehose/pricing/' },
  /** On arm64, which serverless.yml deploys. */
  lambdaDuration: {
    dollars: 0.0000133334,
    per: 1,
    unit: 'GB-seconds',
    tiers: [
      { beyond: 7.5e9, dollars: 0.0000120001 },
      { beyond: 18.75e9, dollars: 0.0000106667 },
    ],
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  lambdaRequests: { dollars: 0.2, per: 1e6, unit: 'requests', source: 'https://aws.amazon.com/lambda/pricing/' },
  /** PUT, POST, COPY and LIST of S3 Standard. */
  s3Puts: { dollars: 0.005, per: 1000, unit: 'requests', source: 'https://aws.amazon.com/s3/pricing/' },
  /** GET, HEAD and all others. */
  s3Gets: { dollars: 0.0004, per: 1000, unit: 'requests', source: 'https://aws.amazon.com/s3/pricing/' },
  s3Standard: {
    dollars: 0.023,
    per: 1,
    unit: 'GB-months',
    tiers: [
      { beyond: 50 * TB, dollars: 0.022 },
      { beyond: 500 * TB, dollars: 0.021 },
    ],
    source: 'https://aws.amazon.com/s3/pricing/',
  },
  /**
   * S3 Intelligent-Tiering of objects of 128 KB or more: as Standard until nobody has read one for 30 days, then less, after 90
   * days least. Reading costs nothing and brings it back for 30 days.
   */
  s3Infrequent: { dollars: 0.0125, per: 1, unit: 'GB-months', source: 'https://aws.amazon.com/s3/pricing/' },
  s3ArchiveInstant: { dollars: 0.004, per: 1, unit: 'GB-months', source: 'https://aws.amazon.com/s3/pricing/' },
  /** A month of watching an object for it, and its transition there, for which no text newer than 2021 was found. */
  s3Monitoring: { dollars: 0.0025, per: 1000, unit: 'objects', source: 'https://aws.amazon.com/s3/pricing/' },
  s3Transitions: { dollars: 0.01, per: 1000, unit: 'objects', source: 'https://aws.amazon.com/s3/pricing/' },
  /** Standard queues: each 64 KB of a payload is a request, and so is a receive that finds nothing. */
  sqsRequests: { dollars: 0.4, per: 1e6, unit: 'requests', source: 'https://aws.amazon.com/sqs/pricing/' },
  /** Each KB of an item, in the table and again in the index. */
  dynamodbWrites: {
    dollars: 0.625,
    per: 1e6,
    unit: 'write units',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  /** Each 4 KB, read consistently; half as much otherwise. */
  dynamodbReads: {
    dollars: 0.125,
    per: 1e6,
    unit: 'read units',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  /** The table with its index: $0.25, and $0.20 for its point-in-time recovery. */
  dynamodbStorage: {
    dollars: 0.45,
    per: 1,
    unit: 'GB-months',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  cloudwatchMetrics: {
    dollars: 0.3,
    per: 1,
    unit: 'metrics',
    tiers: [
      { beyond: 10_000, dollars: 0.1 },
      { beyond: 250_000, dollars: 0.05 },
      { beyond: 1_000_000, dollars: 0.02 },
    ],
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  /** Of standard resolution, for each metric. */
  cloudwatchAlarms: { dollars: 0.1, per: 1, unit: 'alarms', source: 'https://aws.amazon.com/cloudwatch/pricing/' },
  /** Logs of Lambda functions. */
  cloudwatchLogs: {
    dollars: 0.5,
    per: 1,
    unit: 'GB',
    tiers: [
      { beyond: 10 * TB, dollars: 0.25 },
      { beyond: 30 * TB, dollars: 0.1 },
      { beyond: 50 * TB, dollars: 0.05 },
    ],
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  /** Of a log group, compressed. */
  cloudwatchLogStorage: {
    dollars: 0.03,
    per: 1,
    unit: 'GB-months',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  /** What queries read, each at least `prices.athenaLeastBytes`. */
  athena: { dollars: 5, per: 1, unit: 'TB', source: 'https://aws.amazon.com/athena/pricing/' },
  /** From AWS to the internet. */
  transferOut: {
    dollars: 0.09,
    per: 1,
    unit: 'GB',
    tiers: [
      { beyond: 10 * TB, dollars: 0.085 },
      { beyond: 50 * TB, dollars: 0.07 },
      { beyond: 150 * TB, dollars: 0.05 },
    ],
    source: 'https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer',
  },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof priceList;

/** Of the first tiers, as numbers, for who multiplies one or two of them. */
export const prices = {
  firehoseIngestPerGb: priceList.firehoseIngestion.dollars,
  firehosePartitioningPerGb: priceList.firehosePartitioning.dollars,
  lambdaPerGbSecond: { x86_64: 0.0000166667, arm64: priceList.lambdaDuration.dollars },
  s3Per1000Puts: priceList.s3Puts.dollars,
  dynamodbPerMillionWrites: priceList.dynamodbWrites.dollars,
  athenaPerTb: priceList.athena.dollars,
  /** What a query is billed for at least, in bytes: https://aws.amazon.com/athena/pricing/ */
  athenaLeastBytes: 10 * 2 ** 20,
  cloudwatchPerMetric: priceList.cloudwatchMetrics.dollars,
  cloudwatchPerAlarm: priceList.cloudwatchAlarms.dollars,
  cloudwatchLogsPerGb: priceList.cloudwatchLogs.dollars,
  transferOutPerGb: priceList.transferOut.dollars,
  s3PerGbMonth: priceList.s3Standard.dollars,
} as const;
