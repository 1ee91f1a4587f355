import type { CostInput } from '../../../shared/cost/input.js';
import { GB, month } from '../../../shared/cost/traffic.js';

/** What another service takes for the same lines, of what its list price counts. */
export interface Other {
  readonly name: string;
  /** Prices in US dollars, us-east-1 where there are regions. */
  readonly prices: string;
  readonly source: string;
  /** What is counted, and what is not. */
  readonly counted: string;
  /** A month, all lines kept for 30 days. */
  dollars(input: CostInput): number;
}

const keptDays = 30;

/** GB of a month, and GB that are there at a time once as much expires as arrives. */
const monthGb = ({ gbPerDay }: CostInput) => gbPerDay * month.days;
const keptGb = ({ gbPerDay }: CostInput) => gbPerDay * keptDays;
const millionLines = (input: CostInput) => (monthGb(input) * GB) / input.lineBytes / 1e6;

/** A GB of CloudWatch logs is stored as 0.15, which AWS's examples take. */
const cloudwatch = (perGb: number) => (input: CostInput) => {
  const scanned = (input.queriesPerDay * month.days * input.gbPerDay) / 3;
  return monthGb(input) * perGb + keptGb(input) * 0.15 * 0.03 + scanned * 0.005;
};

export const others: readonly Other[] = [
  {
    name: 'CloudWatch Logs',
    prices: '$0.50 a GB, $0.03 a GB-month stored as 0.15 of it, $0.005 a GB that a query reads',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    counted:
      'ingestion, 30 days, queries that each read a third of a day, less with a log group for each service; no metric filters, alarms or live tail',
    dollars: cloudwatch(0.5),
  },
  {
    name: 'CloudWatch Logs, Infrequent Access',
    prices: '$0.25 a GB, the rest as above',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    counted: 'the same; it has no metric filters, subscriptions or live tail, so nothing of alerts',
    dollars: cloudwatch(0.25),
  },
  {
    name: 'Datadog',
    prices: '$0.10 a GB ingested, $2.50 a million lines indexed for 30 days, when committed for a year',
    source: 'https://www.datadoghq.com/pricing/?product=log-management',
    counted: 'every line indexed; whoever indexes a tenth pays some tenth of that part',
    dollars: (input) => monthGb(input) * 0.1 + millionLines(input) * 2.5,
  },
  {
    name: 'OpenSearch Serverless, at least',
    prices: '$0.24 an OCU-hour, $0.024 a GB-month',
    source: 'https://aws.amazon.com/opensearch-service/pricing/',
    counted:
      'two OCUs, and for each 120 GB of the newest day one to index and one to search; an index as large as the lines. Real ones need more',
    dollars: (input) => Math.max(2, 2 * Math.ceil(input.gbPerDay / 120)) * 730 * 0.24 + keptGb(input) * 0.024,
  },
  {
    name: 'Grafana Cloud Logs',
    prices: '$0.05 a GB processed, $0.40 a GB written, 30 days included; $19 a month for the plan',
    source: 'https://grafana.com/docs/grafana-cloud/cost-management-and-billing/understand-your-invoice/logs-invoice/',
    counted: 'every line written; queries up to a hundred times that are included',
    dollars: (input) => 19 + monthGb(input) * 0.45,
  },
  {
    name: 'S3 Tables',
    prices: '$0.0265 a GB-month, $0.005 a GB compacted, $0.025 a 1,000 objects watched; $0.029 a GB by Firehose',
    source: 'https://aws.amazon.com/s3/pricing/',
    counted:
      'Firehose for the lines as they are, without its 5 KB, which makes small lines 20 times that; Parquet of 0.05 of the lines, compacted once, in objects of 100 MB. What parses lines, queries and alerts come on top',
    dollars: (input) => {
      const [month, kept] = [monthGb(input) * 0.05, keptGb(input) * 0.05];
      return monthGb(input) * 0.029 + month * 0.005 + kept * 0.0265 + ((kept * 10) / 1000) * 0.025;
    },
  },
];
