/**
 * When a number becomes a metric of CloudWatch, which bills each name and dimension by the hours in which it is written
 * (https://aws.amazon.com/cloudwatch/pricing/):
 *
 * - `always`: whenever its function counts, zeros included, since its absence has to be told from a zero;
 * - `some`: only above zero;
 * - `wrong`: only above zero, and when it begins without waiting for the end of a minute: somebody has to act;
 * - `log`: never. It stands in the line of the log that carries the metrics, and costs its bytes.
 */
type Written = 'always' | 'some' | 'wrong' | 'log';

export interface Metric {
  readonly written: Written;
  readonly unit: 'Count' | 'Bytes' | 'Milliseconds';
  /** What becomes of two values of a minute: their sum, unless the highest is said. */
  readonly keeps?: 'highest';
  /** What docs/metrics.md says of it. */
  readonly doc: string;
}

/** Every metric, by the `service` that it has as its dimension. A function can write no other. */
export const metricsOf = {
  transform: {
    AccessLines: always('Rows stored in the table `access`'),
    ErrorLines: always('Rows stored in the table `error`'),
    AppLines: always('Rows stored in the table `app`'),
    LinesIn: always('Lines of all records as their collectors sent them, without canaries'),
    BytesIn: { ...always('Records as they were read, decompressed'), unit: 'Bytes' },
    RouterLines: always(
      'Lines that routers read since the canary before; absent without [canaries](no-loss.md#the-canary), as the next two are',
    ),
    CanaryLag: highest(
      'always',
      'Milliseconds',
      "From the router's clock to the transform's, of the canary that took longest",
    ),
    RouterDiskBytes: highest('always', 'Bytes', 'What waits on the fullest disk of a router'),
    UndecodableRecords: wrong('Records that could not be read: Firehose keeps them under `failed/`'),
    PutBackObjects: wrong('Partitions that the stream refused to take back: written to S3 instead'),
    RuleErrors: wrong('Rows on which an alert rule failed; the row is stored, the rule passed over it'),
    RouterDroppedLines: wrong('Lines that routers gave up since the canary before'),
    LowMemory: wrong("Invocations after which less than an eighth of the function's memory was left"),
    BytesOut: { ...log('Stored rows, compressed'), unit: 'Bytes' },
    PutBackRecords: log('Partitions for which an invocation had too few records: put back on the stream'),
    LaneLines: log(
      'Lines that were read quickly, by their likeness to earlier ones ([lanes](../shared/lanes/README.md)); the others cost two to three times as much',
    ),
    UnparsedLines: log('Lines that no format recognised: stored with their text in `message`'),
    JoinedLines: log(
      'Lines that belong to the row of a line before them: frames of a stack trace, further lines of a message ([multiline](multiline.md))',
    ),
    BlankLines: log('Lines with nothing in them: not stored'),
    Signals: log('What the alert rules told functions/alert: one for each rule, key and bucket of event time'),
    CanaryLines: log('Canaries: one a minute for each task whose lines arrive'),
    RouterRetries: log('Chunks that routers tried again since the canary before'),
    RouterPausedInputs: log('Inputs of routers that stood still'),
  },
  alert: {
    AlertsNotified: some('Alerts that people were told of in a message of their own'),
    AlertsOwed: wrong(
      "Alerts that one of their routes could not be told; it is told later, and the others did not wait: the function's log says which, and why",
    ),
    AlertsUndelivered: wrong('Alerts that could not be told; they are tried again'),
    AlertsRefused: wrong("Alerts that a destination refused for good: the function's log says why"),
    SignalLag: highest(
      'some',
      'Milliseconds',
      'From when the transform sent a message of signals until it is handled, of the one that waited longest',
    ),
    UnreadableBatches: wrong('Messages of the signal queue that are not from the transform'),
    AlertsDigested: log(
      'Alerts that are told by the message of their group, or by a digest, since there were too many in a minute',
    ),
    AlertsSuppressed: log('Matches in a cooldown: told when it ends'),
    AlertsHeld: log('Alerts held back by a silence, a mute time or a rule of `unless_firing`: told when that ends'),
    AlertsInShadow: log("What rules in shadow mode would have told people; each is in the function's log"),
    AlertsCounted: log('Matches that were counted and called for no message'),
    AlertsAlreadyCounted: log('Matches of a batch that was delivered again'),
    AlertsOfUnknownRules: log('Matches of rules that the function was deployed without'),
  },
  sweep: {
    SweepProblems: wrong("Parts of a sweep that failed: the function's log says which, and the next sweep tries again"),
    DigestsPosted: log('Digests, and messages of groups, that the sweep told people'),
    ReturnedBatches: log('Batches that the signal queue had refused and that were put back on it'),
  },
  compact: {
    WindowsBehind: highest(
      'always',
      'Count',
      'Closed windows that are not yet Parquet, of the type that has most of them, whether its workers succeed or fail',
    ),
    ParkedObjects: highest(
      'wrong',
      'Count',
      "Landed objects, of all types, that can't become Parquet and are still there",
    ),
    UnreadableRows: wrong(
      "Rows of nulls: lines of landed objects that are no JSON. Firesplit writes none; each is somebody else's object, or a damaged one",
    ),
    CompactedRows: log('Rows that have become Parquet'),
    DuplicateRows: log('Rows that were left out, since they were stored before'),
  },
  forward: {
    ForwardedRows: log('Rows that the sink has acknowledged'),
    ForwardLag: highest('some', 'Milliseconds', 'From the landing of an object to its last acknowledgement'),
    ForwardFailures: wrong(
      'Attempts at an object that failed, and objects that were gone before they were forwarded; the log says why',
    ),
    ForwardRefusedRows: wrong(
      'Rows that were refused for good: too large even alone, rejected by an OTLP endpoint, or no rows at all. All but those of OTLP are under `forward/refused/`',
    ),
    ForwardOldRows: log('Rows that were older than `max_age` when they landed: not forwarded'),
    ForwardedBytes: { ...log('Bytes of acknowledged requests, before compression'), unit: 'Bytes' },
    ForwardRequests: log('Requests that were acknowledged'),
  },
  silence: {
    SilenceLinkFailures: wrong('Requests that could not be answered, since the table could not be read or written'),
    SilencesByLink: log("Silences that a link made, changed or ended: the function's log says which, and who"),
    SilenceLinksRefused: log(
      "Expired links, and forms that were refused. Of requests without a link that was ever ours nothing is written: Lambda's own `Invocations` counts them",
    ),
  },
  replay: {
    ReplayFailures: wrong('Attempts at an object that failed; it is tried again, and parked after five'),
    ReplayedRecords: log('Records that were put back on the stream'),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Metric>>>>;

/** The value of the dimension `service`. */
export type Metered = keyof typeof metricsOf;
export type MetricName<F extends Metered> = keyof (typeof metricsOf)[F] & string;

interface NamedMetric {
  readonly of: Metered;
  /** Its dimension beside `service`. */
  readonly by: 'log_service' | 'rule';
  readonly whose: 'service' | 'alert rule' | 'redaction rule' | 'drop rule' | 'sample rule';
  readonly doc: string;
}

/**
 * Numbers by whom they are about, in lines of the log: metrics only for the services and rules that `metrics` of
 * infra/firesplit.yml lists, since there is no telling how many there are.
 */
export const namedMetrics = {
  AccessLines: {
    of: 'transform',
    by: 'log_service',
    whose: 'service',
    doc: 'Rows of the service in the table `access`',
  },
  ErrorLines: { of: 'transform', by: 'log_service', whose: 'service', doc: 'Rows of the service in the table `error`' },
  AppLines: { of: 'transform', by: 'log_service', whose: 'service', doc: 'Rows of the service in the table `app`' },
  MatchedLines: {
    of: 'transform',
    by: 'rule',
    whose: 'alert rule',
    doc: "Lines that an alert rule's `where` matched, and of a ratio its `of`",
  },
  RuleErrors: { of: 'transform', by: 'rule', whose: 'alert rule', doc: 'Rows on which the alert rule failed' },
  RedactedValues: {
    of: 'transform',
    by: 'rule',
    whose: 'redaction rule',
    doc: 'Values that a redaction rule replaced',
  },
  DroppedLines: {
    of: 'transform',
    by: 'rule',
    whose: 'drop rule',
    doc: 'Access lines that a `drop` rule of `infra/firesplit.yml` left out',
  },
  SampledLines: {
    of: 'transform',
    by: 'rule',
    whose: 'sample rule',
    doc: 'Access lines that a `sample` rule left out',
  },
  LateLines: {
    of: 'alert',
    by: 'rule',
    whose: 'alert rule',
    doc: "Lines that came too late for every window of a rule, those of [late lines](rules.md#lines-that-come-late) included. They don't count; the function's log says by how much",
  },
  MissingNumbers: {
    of: 'alert',
    by: 'rule',
    whose: 'alert rule',
    doc: 'Numbers that a rule of type [`gap`](rules.md#gap) began to miss, since a higher one came',
  },
  LateNumbers: { of: 'alert', by: 'rule', whose: 'alert rule', doc: 'Those of them that came after all' },
  DoubledNumbers: {
    of: 'alert',
    by: 'rule',
    whose: 'alert rule',
    doc: 'Lines whose number had come before: the router sent them again',
  },
} as const satisfies Readonly<Record<string, NamedMetric>>;

export type NamedMetricName = keyof typeof namedMetrics;

/** Of all functions, as rows. */
export function allMetrics(): readonly (Metric & { readonly of: Metered; readonly name: string })[] {
  return Object.entries(metricsOf).flatMap(([of, metrics]) =>
    Object.entries<Metric>(metrics).map(([name, metric]) => ({ of: of as Metered, name, ...metric })),
  );
}

/** What `metrics` of infra/firesplit.yml says. */
export interface MetricsConfig {
  /** Names, as the column `service` has them, whose lines are metrics: up to three each. */
  readonly services?: readonly string[];
  /** Names of alert rules, of redaction rules and of rules that drop or sample whose numbers are metrics: one for each number. */
  readonly rules?: readonly string[];
}

function always(doc: string): Metric & { readonly written: 'always' } {
  return { written: 'always', unit: 'Count', doc };
}

function some(doc: string): Metric & { readonly written: 'some' } {
  return { written: 'some', unit: 'Count', doc };
}

function wrong(doc: string): Metric & { readonly written: 'wrong' } {
  return { written: 'wrong', unit: 'Count', doc };
}

function log(doc: string): Metric & { readonly written: 'log' } {
  return { written: 'log', unit: 'Count', doc };
}

function highest(written: Written, unit: Metric['unit'], doc: string): Metric {
  return { written, unit, doc, keeps: 'highest' };
}
