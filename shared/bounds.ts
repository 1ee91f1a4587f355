/**
 * The bounds that we set ourselves; what a platform sets stands in limits.ts. Sizes are bytes, times are milliseconds, unless the name says
 * otherwise.
 */

const KiB = 1024;
const MiB = 1024 * KiB;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 3600 * SECOND;

/** On forwarding (shared/forward). */
export const forward = {
  /** A sink that has not answered by then is tried again. */
  requestTimeout: 10 * SECOND,
  /** Before the end of an invocation: an answer that has come is noted in this time. */
  reserve: 5 * SECOND,
  /** How long an object belongs to the worker that has noted its progress last; it says so again before it is over. */
  lease: 30 * SECOND,
  /** A sink that wants to be left alone for longer is waited for by the queue. */
  longestPause: 10 * SECOND,
  /** Before the second and further attempts at a request within an invocation; then the queue waits. */
  retries: [1, 2, 4, 8].map((seconds) => seconds * SECOND),
  /** From an attempt at an object that failed to the next one, twice as long after each, up to the longest: eight hours in all. */
  retryAfter: { first: 1 * MINUTE, longest: 30 * MINUTE },
  /** Attempts before its message is a dead letter, as the redrive policy of infra/resources/forward.yml has it. */
  maxAttempts: 20,
  /** Days that notes of progress are kept, as infra/resources/storage.yml has them expire: longer than any message of SQS. */
  progressDays: 30,
} as const;

/** On what all rules remember of one key, which is one item of DynamoDB: what is in it is less than that may hold, however badly it compresses. */
export const keyItem = {
  /** A larger state, as JSON, has an item of its own. */
  maxStateBytes: 12 * KiB,
  /** States beyond these have items of their own. */
  maxStates: 24,
} as const;

/**
 * On one invocation of the transform, over which further records go to `failed/`: 3 MB of gzip, the largest
 * buffer that Firehose fills for a transformation, holds 60 MB of ordinary lines.
 */
export const invocation = {
  maxInflatedBytes: 512 * MiB,
  maxLines: 2_000_000,
} as const;

/** On one incoming record. */
export const record = {
  /**
   * What one record may inflate to. Fluent Bit aggregates at most 1,024,000 bytes and CloudWatch Logs sends a few MB;
   * beyond this it is a bomb, and would take the invocation's neighbours with it.
   */
  maxInflatedBytes: 64 * MiB,
  /** Lines in one record. An aggregate of Fluent Bit has some 7,000; a million empty ones take seconds. */
  maxLines: 1_000_000,
  /** An event that was joined from several lines or parts is cut into rows of at most this much text. */
  maxEventBytes: 1_000_000,
} as const;

/** On replays (shared/replay). */
export const replay = {
  /** Workers at a time, as infra/functions.yml has it: the pace is shared between them. */
  workers: 2,
  /** Lines that are imported are put together up to this, so that a record of them fits however badly they compress. */
  maxImportedBytes: 1_000_000,
  /** The transform reads a record once: what Firehose bills of it counts more than what gzip takes. */
  gzipLevel: 1,
  /** Room for a label of a replay, its signature included. */
  labelBytes: 256,
  /** An object of Firehose's backup, which is read whole: its buffer holds 128 MB, and what was joined compresses again. */
  maxObjectBytes: 512 * MiB,
  /** Bytes of one put: small, so that the pace is even. */
  maxBatchBytes: 1 * MiB,
  /** How long what failed is kept, as expire-failed of infra/resources/storage.yml has it; S3 deletes it within a day of that. */
  failedDays: 90,
  /** Objects in one document of a replay's progress. */
  objectsInPart: 100,
  /** Attempts at an object before it is parked, as the redrive policy of infra/resources/replay.yml has it. */
  maxAttempts: 5,
  /** From an attempt that failed to the next one, twice as long after each: a quarter of an hour for all of them. */
  retryAfter: 1 * MINUTE,
  /** An object that is being worked on is noted more often: twice as long as its message is hidden. */
  lostAfter: 1 * HOUR,
  /** Between two notes of how far an object is. */
  noteInterval: 5 * SECOND,
  /** Before the end of an invocation: what is under way is acknowledged and noted in this time. */
  reserve: 20 * SECOND,
  /** A survey lists at most so many objects, and reads of them at most so many bytes, for at most this long. */
  surveyedObjects: 50_000,
  surveyedBytes: 64 * MiB,
  surveyTime: 8 * SECOND,
} as const;

/** On an entry that is joined from several lines. */
export const joining = {
  /** Java prints at most 1,024 frames for each exception (-XX:MaxJavaStackTraceDepth), and its causes as well. */
  maxLines: 3000,
  /** UTF-16 units; {@link record.maxEventBytes} cuts what is larger into rows. */
  maxCharacters: 1_000_000,
  /** Of containers, and of what their collectors say of single lines, that have an entry open at a time. */
  maxStreams: 10_000,
  /** Of PostgreSQL, whose max_connections is 100 unless set otherwise. */
  maxProcesses: 1000,
  /** Between the times at which the collector read two lines of an entry. */
  maxGap: 5 * SECOND,
  /** Lines without a frame that may stand between an error and its trace. */
  maxWaitingLines: 20,
  /** Access lines of the same stream that an entry may go on behind. */
  maxPassing: 20,
  /** In a row, within an entry. */
  maxBlankLines: 2,
} as const;

/** On the links that silence an alert (shared/alerts/links). */
export const silenceLinks = {
  /** Of a link: a message of Friday evening can be acted on until Monday evening. */
  life: 3 * 24 * HOUR,
  /** A silence until the alert is over ends by then: what still goes on after a week is told again. */
  longest: 7 * 24 * HOUR,
  /** What may be off between the clocks of two functions. */
  clockSkew: 5 * MINUTE,
  /** Characters of a signing key: as hexadecimal digits, 128 bits. */
  minKeyLength: 32,
  /** Bytes of a form as it is posted: name and reason at four bytes a character, percent-encoded, and some. */
  maxFormBytes: 8 * KiB,
  maxName: 60,
  maxReason: 200,
  /** Of one alert. As many are remembered, so that a form that is posted twice acts once. */
  maxActsAnHour: 20,
} as const;

/** On compaction. */
export const compaction = {
  /**
   * From a window's end until it counts as closed. An object's name has the arrival of its oldest record, so it appears
   * later by Firehose's buffers (60 s each, and up to 1.5 times as long) and by the retries of an invocation: some 10 minutes.
   */
  closingTime: 20 * MINUTE,
  /** Landed (gzipped) bytes of one manifest: some 600 MB of JSON. One object is taken whatever it weighs. */
  maxManifestBytes: 64 * MiB,
  /**
   * Bytes that they may become when they are unpacked: the function has 4 GiB of disk (infra/functions.yml), and DuckDB needs
   * as much again where it sorts what its memory doesn't hold.
   */
  maxUnpackedBytes: 1536 * MiB,
  /** Small streams leave many small objects. */
  maxManifestObjects: 1000,
  /** Windows before the boundary that every run looks through for objects that came late. */
  recentHours: 6,
  /** Between two looks through all windows that still have landed objects. */
  lookInterval: 1 * HOUR,
  /** Between two looks for files that are on no list. */
  sweepInterval: 24 * HOUR,
  /** How long a manifest may name an object that is gone before it is given up: no worker lives as long. */
  giveUpTime: 1 * HOUR,
  /** Failures of the engine on a manifest after which what it fails on is looked for. */
  maxFailures: 3,
  /** Days that indexes of identities are kept, as infra/resources/storage.yml has them expire. */
  indexDays: 92,
  /**
   * Days that landed objects and backups may be kept: at least until one that came late is compacted (the last day is not looked
   * at), and no longer than the manifests and identities that tell what has been compacted.
   */
  landedDays: { min: 3, max: 90 },
  backupDays: { min: 1, max: 90 },
  /** Of an invocation's time, what one manifest may take: a worker begins none with less left. */
  manifestTime: 5 * MINUTE,
} as const;

/** Requests to the object store that one invocation makes at a time. */
export const storeRequests = 16;
