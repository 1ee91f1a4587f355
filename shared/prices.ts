/** List prices in US dollars, us-east-1, on demand: https://aws.amazon.com/firehose/pricing/ (first 500 TB a month). */
export const prices = {
  /** For each GB put on the stream, each record rounded up to 5 KB. */
  firehoseIngestPerGb: 0.029,
  /** For each GB that dynamic partitioning delivers. */
  firehosePartitioningPerGb: 0.02,
} as const;
