/**
 * Every platform limit the project relies on, once, with its source: a page of documentation ("docs"), in stored copies of 2025 and 2026,
 * or the API reference, in the models of AWS's SDKs (botocore 1.43.67). The date is when they were last read; what they don't say is marked
 * with where it is from instead. Nothing was tried in a live account.
 * Sizes are bytes, times are milliseconds, unless the name says otherwise.
 */

const KiB = 1024;
const MiB = 1024 * KiB;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 3600 * SECOND;

/** Amazon Data Firehose: https://docs.aws.amazon.com/firehose/latest/dev/limits.html and the API reference of PutRecordBatch, read 2026-11-30. */
export const firehose = {
  /** The largest `Data` of one record, before base64. */
  maxRecordBytes: 1000 * KiB,
  /** Records in one PutRecordBatch. */
  maxBatchRecords: 500,
  /** Raw bytes in one PutRecordBatch. */
  maxBatchBytes: 4 * MiB,
  /**
   * What one stream takes of DirectPut in a second until AWS raises it, which it also does by itself under throttling: puts, whatever is in them,
   * records, and bytes as they are sent (docs: limits). A put is one flush of one container.
   */
  streamQuotas: (region: string) =>
    ['us-east-1', 'us-west-2', 'eu-west-1'].includes(region)
      ? { requestsPerSecond: 2000, recordsPerSecond: 500_000, bytesPerSecond: 5 * MiB }
      : { requestsPerSecond: 1000, recordsPerSecond: 100_000, bytesPerSecond: 1 * MiB },
  /** Age of the oldest record from which AWS advises an alarm: the longest buffer (docs: firehose-cloudwatch-metrics-best-practices). */
  alarmedFreshness: 15 * MINUTE,
  /** Each record is billed as a multiple of this (docs: limits). */
  billingIncrementBytes: 5 * KiB,
  /** DeliveryStreamName: 1 to 64 of these. */
  streamName: /^[a-zA-Z0-9_.-]{1,64}$/,
  /** Tags of one stream (API reference: TagDeliveryStream). */
  maxTags: 50,
  /** Streams of an account in us-east-1 and four other regions; fewer elsewhere. */
  maxStreams: 5000,
  /** Calls of Start- and StopDeliveryStreamEncryption for one stream in 24 hours (API reference of both). */
  maxEncryptionCalls: 25,
  encryptionCallsWindow: 24 * HOUR,
  /** Lambda processor: invocations that a stream to S3 has outstanding at a time (docs: limits). */
  maxOutstandingInvocations: 5,
  /** RecordDeAggregation: a record that holds more than this goes on whole (API reference: ProcessorParameter). */
  maxSubRecords: 500,
  /** Dynamic partitioning: distinct prefixes that are being gathered at a time (docs: limits). */
  maxActivePartitions: 500,
  /** An evaluated S3 prefix is at most this many characters (docs: s3-prefixes). */
  maxPrefixLength: 512,
  /** Lambda processor: a failed invocation is attempted 1 + this many times unless the template says otherwise. */
  defaultLambdaRetries: 3,
  /** Lambda processor hints when the template names none (docs: data-transformation). */
  defaultLambdaBufferBytes: 1 * MiB,
  defaultLambdaBufferInterval: 60 * SECOND,
  /** S3 destination hints when the template names none (CloudFormation: ExtendedS3DestinationConfiguration). */
  defaultBufferBytes: 5 * MiB,
  defaultBufferInterval: 300 * SECOND,
  /** Dynamic partitioning: the least hints of the destination (bytes: the service's error as AWS CDK quotes it; docs: limits). */
  minPartitionedBufferBytes: 64 * MiB,
  minPartitionedBufferInterval: 60 * SECOND,
  /** Keys of one MetadataExtraction query (docs: create-destination). */
  maxQueryKeys: 50,
  /** Dynamic partitioning: RetryOptions.DurationInSeconds when the template names none (an answer of AWS that LocalStack recorded). */
  defaultPartitioningRetry: 300 * SECOND,
} as const;

/** AWS Lambda: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html and the API reference of Invoke, read 2026-11-30. */
export const lambda = {
  /** Request and response payload of a synchronous invocation. */
  maxPayloadBytes: 6 * MiB,
  /** Request payload of an asynchronous invocation. */
  maxEventBytes: 1 * MiB,
  /** Before the second and the third attempt at an asynchronous invocation (docs: invocation-async-error-handling). */
  asyncRetryDelays: [60 * SECOND, 120 * SECOND],
  /** What `LogType: Tail` tells of an invocation's log (API reference: Invoke). */
  maxLogTail: 4 * KiB,
  /** Where a response is really cut off, as the error of Function.ResponseSizeTooLarge says. */
  maxResponseBytes: 6 * MiB + 100,
  /** MB of memory that come with a vCPU (docs: configuration-memory); less memory comes with as much less of one. */
  memoryOfVcpu: 1769,
  /** The longest timeout. */
  maxDuration: 900 * SECOND,
  /** Loading a function (docs: lambda-runtime-environment). */
  maxInitDuration: 10 * SECOND,
  /** What a function's zip may unpack to, layers included. */
  maxUnpackedBytes: 250 * MiB,
  /** Firehose gives a transformation at most 5 minutes (docs: data-transformation). */
  maxTransformTimeout: 300 * SECOND,
  /** 1 to 64 of these; CreateFunction takes an ARN too (API reference). */
  functionName: /^[a-zA-Z0-9_-]{1,64}$/,
  /** MB of memory and of /tmp that a function may be given. */
  memory: { min: 128, max: 10_240 },
  ephemeralStorage: { min: 512, max: 10_240 },
  /** Of an event source: messages, seconds and functions at a time (API reference: CreateEventSourceMapping). */
  batchSize: { min: 1, max: 10_000 },
  batchingWindowSeconds: { min: 0, max: 300 },
  sourceConcurrency: { min: 2, max: 1000 },
  /** Of asynchronous invocations (API reference: PutFunctionEventInvokeConfig). */
  eventAgeSeconds: { min: 60, max: 21_600 },
  asyncRetries: { min: 0, max: 2 },
  /** Names and values of a function's environment variables together. */
  maxEnvironmentBytes: 4 * KiB,
  /** Queues that a function polls hide a message for so many of its timeouts, says AWS, and refuses less than one (docs: services-sqs-configure). */
  advisedVisibility: 6,
  /** BatchSize above which an event source needs a batching window (API reference: CreateEventSourceMapping). */
  maxUnwaitedBatch: 10,
  /** Node.js runtimes that functions can still be created with (docs: lambda-runtimes; Node.js 26 is announced there). */
  nodeRuntimes: ['nodejs22.x', 'nodejs24.x'],
} as const;

/**
 * What one transform response may weigh as JSON: the payload limit less a margin for the envelope that
 * Lambda itself adds and for whatever is counted differently on the other side.
 */
export const responseBudgetBytes = lambda.maxPayloadBytes - 256 * KiB;

/**
 * Amazon SQS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html, and the API reference
 * of SetQueueAttributes, SendMessage and SendMessageBatch, read 2026-11-30.
 */
export const sqs = {
  /**
   * A message with its attributes: the greatest MaximumMessageSize and that of a queue that names none, since August 2025
   * (256 KiB before, https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb/).
   * The entries of one batch have as much together.
   */
  maxMessageBytes: MiB,
  /** Each of so many bytes of a message is billed as a request (https://aws.amazon.com/sqs/pricing/, as texts of 2026 cite it). */
  billedTogether: 64 * KiB,
  /** The longest MessageRetentionPeriod: no redelivery and no redrive from a dead-letter queue comes later. */
  maxRetention: 14 * 24 * HOUR,
  /** MessageRetentionPeriod and VisibilityTimeout of a queue that names none, and the longest of the latter. */
  defaultRetention: 4 * 24 * HOUR,
  defaultVisibility: 30 * SECOND,
  maxVisibility: 12 * HOUR,
  /** The longest DelaySeconds and WaitTimeSeconds. */
  maxDelay: 900 * SECOND,
  maxWait: 20 * SECOND,
  /** Messages of one receive, and entries of one batch. */
  maxBatchEntries: 10,
  /** Attributes of one message. */
  maxMessageAttributes: 10,
  /** 1 to 80 of these, `.fifo` included (API reference: CreateQueue). */
  queueName: /^(?=.{1,80}$)[a-zA-Z0-9_-]+(\.fifo)?$/,
  /** The shortest MessageRetentionPeriod, and the least MaximumMessageSize (API reference: SetQueueAttributes). */
  minRetention: 60 * SECOND,
  leastMessageBytes: KiB,
  /** Of a redrive policy (several stand-ins of SQS agree; no page of AWS's says so). */
  receiveCount: { min: 1, max: 1000 },
  /** PurgeQueue can be called once in this time. */
  purgeWindow: 60 * SECOND,
} as const;

/** AWS CloudFormation: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html, read 2026-11-30. */
export const cloudFormation = {
  /** A template that is read from S3, as serverless has it. */
  maxTemplateBytes: 1 * MiB,
  maxResources: 500,
  maxOutputs: 200,
  maxDescriptionBytes: 1024,
} as const;

/** AWS IAM: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, read 2026-11-30. White space does not count. */
export const iam = {
  roleName: /^[\w+=,.@-]{1,64}$/,
  /** All inline policies of a role together. */
  maxInlineCharacters: 10_240,
  /** Ten such policies can be attached to a role. */
  maxManagedCharacters: 6144,
  /** A role's trust policy, unless the account has asked for more. */
  maxTrustCharacters: 2048,
} as const;

/** Amazon CloudWatch: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, read 2026-11-30. */
export const cloudWatch = {
  alarmName: /^.{1,255}$/,
  /** Of a log group (API reference: CreateLogGroup). */
  logGroupName: /^[.\-_/#A-Za-z0-9]{1,512}$/,
  maxAlarmActions: 5,
  /** Period times EvaluationPeriods: of periods below an hour, and of longer ones. */
  maxEvaluated: { short: 24 * HOUR, long: 7 * 24 * HOUR },
  /** Days that a log group may keep its events (API reference: PutRetentionPolicy). */
  retentionDays: [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ] as readonly number[],
} as const;

/** Amazon Athena: https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateWorkGroup.html and API_CreateNamedQuery.html, read 2026-11-30. */
export const athena = {
  workGroupName: /^[a-zA-Z0-9._-]{1,128}$/,
  /** The least BytesScannedCutoffPerQuery. */
  minScanCutoffBytes: 10_000_000,
  /** Characters of a query. */
  maxQueryLength: 262_144,
} as const;

/**
 * Amazon ECS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html, and the log driver
 * of FireLens: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/firelens-docker-buffer-limit.html, read 2026-11-30. Memory is MiB.
 */
export const ecs = {
  /** A task definition as JSON (Amazon ECS endpoints and quotas, as texts of 2026 cite them; the page itself was last read in November 2026). */
  maxDefinitionBytes: 64 * KiB,
  /** `log-driver-buffer-limit` counts log lines, not bytes: at least 0, below this, and so many when it is not set. */
  driverBufferLines: { below: 536_870_912, default: 1_048_576 },
  /** Seconds from SIGTERM to SIGKILL: of a container that names none, and the most that Fargate takes. */
  stopTimeout: { default: 30, maxFargate: 120 },
  /** Seconds from the notice of Fargate Spot until the task is gone (docs: fargate-capacity-providers). */
  spotNotice: 120,
  /** The least seconds that a container has run before a restart policy starts it again (API reference: ContainerRestartPolicy). */
  minRestartPeriod: 60,
  /** Memory that goes with each number of CPU units on Fargate (docs: task-cpu-memory-error). */
  fargateMemory: {
    256: [512, 1024, 2048],
    512: steps(1, 4, 1),
    1024: steps(2, 8, 1),
    2048: steps(4, 16, 1),
    4096: steps(8, 30, 1),
    8192: steps(16, 60, 4),
    16384: steps(32, 120, 8),
  } as Readonly<Record<number, readonly number[]>>,
} as const;

/** Fluent Bit: https://docs.fluentbit.io/manual/administration/buffering-and-storage and, in the same manual, configuration-file, read 2026-11-30. */
export const fluentBit = {
  /** A chunk in memory is at most about this. */
  maxChunkBytes: 2_048_000,
  /** `storage.max_chunks_up` when the configuration names none. */
  defaultChunksUp: 128,
  /** `storage.backlog.mem_limit` when the configuration names none. */
  defaultBacklogBytes: 5 * MiB,
  /** `Grace` in seconds when the configuration names none. */
  defaultGrace: 5,
} as const;

/** Amazon S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html and the API reference of each operation, read 2026-11-30. */
export const s3 = {
  /** A bucket's name (docs: bucketnamingrules). */
  minBucketName: 3,
  maxBucketName: 63,
  /** Rules of a bucket's lifecycle configuration (API reference: PutBucketLifecycleConfiguration). */
  maxLifecycleRules: 1000,
  /** Days until an object may go to one of the infrequent access classes (docs: lifecycle-transition-general-considerations). */
  minInfrequentAccessDays: 30,
  /** A key, in UTF-8 (docs: object-keys). */
  maxKeyBytes: 1024,
  /** Names and values of `x-amz-meta-` headers together (docs: UsingMetadata). */
  maxMetadataBytes: 2 * KiB,
  /** Tags of an object; characters of their keys and values (docs: object-tagging). */
  maxTags: 10,
  maxTagKeyLength: 128,
  maxTagValueLength: 256,
  /** Keys, uploads or parts of one answer. */
  maxListed: 1000,
  /** Keys of one DeleteObjects. */
  maxDeletedKeys: 1000,
  /** Part numbers are from 1 to this. */
  maxParts: 10_000,
  /** Every part of an upload but the last. */
  minPartBytes: 5 * MiB,
} as const;

/** Amazon DynamoDB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html and ServiceQuotas.html, read 2026-11-30. */
export const dynamodb = {
  /** An item, with the names and the UTF-8 of the values of its attributes. */
  maxItemBytes: 400 * KiB,
  /** Keys in one BatchGetItem, each once (API reference: BatchGetItem). */
  maxBatchKeys: 100,
  /** Units that a second of one table on demand has, of each kind, unless AWS raised the quota (docs: ServiceQuotas). */
  maxTableUnits: 40_000,
  /** The same of one partition, so of all items of an index that share a key (docs: bp-partition-key-design). */
  maxPartitionWrites: 1000,
  /** So long a partition may use later what it did not use (docs: burst-adaptive-capacity). */
  burstTime: 300 * SECOND,
  /** Bytes of an item, or of all items that a query reads, for one unit: of writes, and of consistent reads, twice as many of others. */
  writeUnitBytes: 1 * KiB,
  readUnitBytes: 4 * KiB,
  /** 3 to 255 of these (API reference: CreateTable). */
  tableName: /^[a-zA-Z0-9_.-]{3,255}$/,
  /** Global secondary indexes of a table, unless the account has asked for more. */
  maxGlobalIndexes: 20,
} as const;

/** Slack incoming webhooks and Block Kit: https://docs.slack.dev/reference/block-kit/blocks, as @slack/types 3.2.0 has it, read 2026-11-30. */
export const slack = {
  maxBlocks: 50,
  maxSectionText: 3000,
  maxSectionFields: 10,
  maxFieldText: 2000,
  maxHeaderText: 150,
  maxContextElements: 10,
  maxActionElements: 25,
  maxButtonText: 75,
  maxButtonUrl: 3000,
  /** Top-level `text` is cut beyond this; Slack advises 4,000. */
  maxText: 40_000,
  advisedText: 4000,
  /** All blocks of a message together; beyond it the webhook answers `msg_blocks_too_long` (seen near 13,200). */
  maxBlocksText: 13_000,
  /** About one message a second for each webhook (https://docs.slack.dev/apis/web-api/rate-limits, as texts of 2026 cite it). */
  minInterval: 1 * SECOND,
} as const;

/** PagerDuty's Events API v2: https://developer.pagerduty.com/docs/events-api-v2/trigger-events/, read 2026-11-30. */
export const pagerduty = {
  /** Characters of `summary`. */
  maxSummary: 1024,
  /** A `dedup_key`. */
  maxDedupKey: 255,
  /** An event as JSON (https://developer.pagerduty.com/docs/events-api-v2/overview/). */
  maxEventBytes: 512 * KiB,
} as const;

/** Opsgenie's alerts: https://docs.opsgenie.com/docs/alerts-and-alert-fields, read 2026-11-30, and alert-api. All are characters. */
export const opsgenie = {
  maxMessage: 130,
  maxAlias: 512,
  maxDescription: 15_000,
  maxTag: 50,
  /** Read in November 2026, and not found again. */
  maxEntity: 512,
} as const;

/** Microsoft Teams: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook, read 2026-11-30 */
export const teams = {
  /** A message is refused with 413 beyond 28 KB, "about", says the connector's page; so less than that is sent. */
  maxMessageBytes: 24 * KiB,
} as const;

/** Amazon SNS: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html, read 2026-11-30: it still takes 256 KiB. */
export const sns = {
  /** 1 to 256 of these, `.fifo` included (API reference: CreateTopic). */
  topicName: /^(?=.{1,256}$)[a-zA-Z0-9_-]+(\.fifo)?$/,
  /** ASCII characters of a subject, which has to be "less than 100 characters long". */
  maxSubject: 99,
  /** A message in UTF-8. */
  maxMessageBytes: 256 * KiB,
} as const;

/** Datadog's intake of logs: https://docs.datadoghq.com/api/latest/logs/#send-logs, read 2026-11-30. Bytes are those before compression. */
export const datadog = {
  maxRequestBytes: 5_000_000,
  maxRequestEntries: 1000,
  /** Of a longer one Datadog keeps so much, and doesn't say so. */
  maxEntryBytes: 1_000_000,
  /** Before it is taken: the time of what is older is not kept. */
  maxAge: 18 * HOUR,
} as const;

/** From so many GiB to so many, in MiB. */
function steps(from: number, to: number, step: number): readonly number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);
}
