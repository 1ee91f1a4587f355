/** List prices in US dollars, us-east-1, on demand, first tier. */
export const prices = {
  /** For each GB put on the stream, each record rounded up to 5 KB: https://aws.amazon.com/firehose/pricing/ */
  firehoseIngestPerGb: 0.029,
  /** For each GB that dynamic partitioning delivers. */
  firehosePartitioningPerGb: 0.02,
  /** For each GB of memory and second: https://aws.amazon.com/lambda/pricing/ */
  lambdaPerGbSecond: { x86_64: 0.0000166667, arm64: 0.0000133334 },
  /** S3 Standard, for each GB and month: https://aws.amazon.com/s3/pricing/ */
  s3PerGbMonth: 0.023,
} as const;
