/** List prices in US dollars, us-east-1, on demand, first tier. */
export const prices = {
  /** For each GB put on the stream, each record rounded up to 5 KB: https://aws.amazon.com/firehose/pricing/ */
  firehoseIngestPerGb: 0.029,
  /** For each GB that dynamic partitioning delivers, and for each 1,000 objects it writes: the same page. */
  firehosePartitioningPerGb: 0.02,
  firehosePartitioningPer1000Objects: 0.005,
  /** For each GB of memory and second: https://aws.amazon.com/lambda/pricing/ */
  lambdaPerGbSecond: { x86_64: 0.0000166667, arm64: 0.0000133334 },
  /** For each million invocations: the same page. */
  lambdaPerMillionRequests: 0.2,
  /** S3 Standard, for each 1,000 PUT or LIST requests: https://aws.amazon.com/s3/pricing/ */
  s3Per1000Puts: 0.005,
  /** S3 Standard, for each 1,000 GET or HEAD requests: the same page. */
  s3Per1000Gets: 0.0004,
  /** Standard queues, for each million requests of up to 64 KB: https://aws.amazon.com/sqs/pricing/ */
  sqsPerMillionRequests: 0.4,
  /** On demand, for each million write request units of up to 1 KB: https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  dynamodbPerMillionWrites: 0.625,
  /** For each TB that queries read: https://aws.amazon.com/athena/pricing/ */
  athenaPerTb: 5,
  /** What a query is billed for at least, in bytes: the same page. */
  athenaLeastBytes: 10 * 2 ** 20,
  /** From AWS to the internet, for each GB: https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer */
  transferOutPerGb: 0.09,
  /** S3 Standard, for each GB and month: https://aws.amazon.com/s3/pricing/ */
  s3PerGbMonth: 0.023,
} as const;
