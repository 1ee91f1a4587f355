import { fingerprintText } from '../line/fingerprint.js';
import { arrivedHour, landedPrefix } from '../line/partition.js';
import { renderFields, renderRow } from '../line/row.js';
import type { EntryRow, LogType } from '../line/schema/index.js';
import { isError, parseLevel } from '../parse/values/level.js';
import { RecordReader } from '../record/read.js';
import type { RuleSet } from '../rules/matching/match.js';
import { fromBinary, toBinary } from '../text/binary.js';
import type { LinePolicy, ReadingReasons } from '../treatment/policy.js';
import type { ViewedRow } from '../where/compileWhere.js';
import { columnSources } from './columnSources.js';
import { type Delivered, deliveredAs, type Sender } from './delivered.js';
import type {
  ColumnSource,
  ExplainedColumn,
  ExplainedEntry,
  ExplainedField,
  ExplainedFingerprint,
  Explanation,
  Storage,
  TypeReason,
} from './explanation.js';
import { explainRules } from './ruleReasons.js';
import { type KeptRow, type ReadLine, WatchedPolicy } from './watchedPolicy.js';

export interface ExplainOptions extends Sender {
  /** When the record reached Firehose, ms since the epoch. */
  readonly arrival: number;
}

/**
 * Tells what the pipeline makes of lines and why, by having it read them: of one line or several, each a log line or a
 * collector's record (FireLens, CloudWatch Logs).
 *
 * @param policy one that nobody else counts with: what it counted is taken
 *
 * @example
 * const { entries } = explain(line, { service: 'web', source: 'stdout', arrival: Date.now() }, compilePolicy(config), compileRules(rules));
 */
export function explain(text: string, options: ExplainOptions, policy: LinePolicy, rules: RuleSet): Explanation {
  const { arrival } = options;
  const delivered = deliveredAs(text, options);
  const entries: ExplainedEntry[] = [];
  let blankLines = 0;
  /** A row on its way to the sink. */
  let pending: KeptRow | undefined;
  const add = (type: LogType, json: string, kept: KeptRow | undefined) => {
    entries.push(explainRow({ type, json, kept, ...watched.take(), arrival, delivered }, policy, rules));
  };
  const watched = new WatchedPolicy(policy, (kept) => {
    if (kept.kept.kind === 'stored') pending = kept;
    else add(kept.row.type, toBinary(`${renderRow(kept.row, renderFields(kept.row))}}`), kept);
  });
  const reading = new RecordReader(watched).begin({
    row(type, json) {
      add(type, json, pending);
      pending = undefined;
    },
    entry: () => undefined,
    blank: () => blankLines++,
  });
  const read = reading.read({
    recordId: 'explained',
    approximateArrivalTimestamp: arrival,
    data: Buffer.from(delivered.data).toString('base64'),
  });
  if (read.kind === 'failed') throw new Error(`the lines can't be read: ${read.reason}`);
  reading.end();
  return { entries, blankLines };
}

/** A row as it went to the sink, or would have gone. */
interface WrittenRow {
  readonly type: LogType;
  /** A binary string. */
  readonly json: string;
  /** Undefined for a piece of an entry that was cut: nobody asks whether to keep it. */
  readonly kept: KeptRow | undefined;
  readonly line: ReadLine | undefined;
  readonly redacted: ReadonlyMap<string, number>;
  readonly arrival: number;
  readonly delivered: Delivered;
}

function explainRow(written: WrittenRow, policy: LinePolicy, rules: RuleSet): ExplainedEntry {
  const { type, kept, line, redacted, arrival } = written;
  // Of the record that explain makes, the place says nothing.
  const { fields = '{}', record: _, line: __, lines: ___, ...row } = JSON.parse(fromBinary(written.json)) as StoredRow;
  const ts = Date.parse(`${row.ts}Z`);
  const reasons = line && policy.reasons(line.log, line.origin);
  const columns = explainColumns(row, ts, written, reasons, policy);
  const format = reasons?.formats.find(({ verdict }) => verdict === 'took the line')?.name ?? 'plain-text';
  const storage = storageOf(kept);
  // What this run counted beside the row is of no interest to the next one.
  policy.takeCounts();
  return {
    format,
    formats: reasons?.formats ?? [],
    lines: typeof line?.log === 'string' ? line.log.split('\n').length : 1,
    type,
    typeReason: typeReason(reasons, format, columns, type, policy),
    columns,
    fields: explainFields(JSON.parse(fields) as Readonly<Record<string, unknown>>, line),
    redacted: [...redacted].map(([rule, count]) => ({ rule, count })),
    fingerprint: explainFingerprint(row),
    prefix: landedPrefix({ type }, arrivedHour(arrival)),
    storage,
    rules: explainRules(
      type,
      { ...row, ts, ...(fields !== '{}' && { fields }) } as ViewedRow,
      rules,
      storage.kind !== 'dropped',
    ),
  };
}

/** As it is read back from NDJSON. */
type StoredRow = Readonly<Record<string, string | number>> & { readonly ts: string; readonly fields?: string };

function explainColumns(
  row: Readonly<Record<string, string | number>>,
  ts: number,
  { line, delivered }: WrittenRow,
  reasons: ReadingReasons | undefined,
  policy: LinePolicy,
): ExplainedColumn[] {
  const sourceOf: (name: string, stored: unknown) => ColumnSource = line
    ? columnSources({ line, ts, service: reasons?.service, delivered }, policy)
    : () => ({ kind: 'derived', from: 'an entry that was cut' });
  return Object.entries(row).map(([name, value]) => ({ name, value, from: sourceOf(name, value) }));
}

function typeReason(
  reasons: ReadingReasons | undefined,
  format: string,
  columns: readonly ExplainedColumn[],
  type: LogType,
  { logTypeField }: LinePolicy,
): TypeReason {
  switch (reasons?.type) {
    case 'key of the collector':
      return { by: 'collector', key: logTypeField };
    case 'key of the line':
      return { by: 'line', key: logTypeField };
    case 'service':
      return { by: 'service' };
    case 'format':
      return { by: 'format', format };
  }
  if (type === 'access') return { by: 'format', format };
  const [level, stack, exception] = ['level', 'stack', 'exception'].map((name) =>
    columns.find((column) => column.name === name),
  );
  if (level && !isOfTrace(level, stack) && isError(parseLevel(level.value)) === (type === 'error'))
    return { by: 'level', level: String(level.value) };
  if (type === 'app') return { by: 'nothing' };
  if (stack) return { by: 'stack trace' };
  return exception ? { by: 'exception' } : { by: 'format', format };
}

/** Whether the line states no level, and has one because it has a stack trace. */
function isOfTrace(level: ExplainedColumn, stack: ExplainedColumn | undefined): boolean {
  if (level.from.kind === 'derived') return level.from.from === 'the stack trace';
  return stack !== undefined && JSON.stringify(level.from) === JSON.stringify(stack.from);
}

function explainFields(fields: Readonly<Record<string, unknown>>, line: ReadLine | undefined): ExplainedField[] {
  const own = new Set(line?.fields.map(([key]) => key));
  const collectors = new Set(line?.origin.extra.map(([key]) => key));
  const sourceOf = (key: string): ExplainedField['from'] => {
    if (own.has(key) || own.has(key.replace(/#\d+$/, ''))) return 'line';
    return collectors.has(key.replace(/^collector\./, '')) || collectors.has(key) ? 'collector' : 'pipeline';
  };
  return Object.entries(fields).map(([key, value]) => ({ key, value, from: sourceOf(key) }));
}

function explainFingerprint(row: Readonly<Record<string, string | number>>): ExplainedFingerprint | undefined {
  if (typeof row.fingerprint !== 'string') return undefined;
  const [exception = '', logger = '', message = '', ...frames] = fingerprintText(row as Partial<EntryRow>).split('\n');
  return { value: row.fingerprint, exception, logger, message, frames: frames.filter((frame) => frame !== '') };
}

function storageOf(kept: KeptRow | undefined): Storage {
  if (kept === undefined) return { kind: 'stored' };
  if (kept.kept.kind !== 'stored') return { kind: kept.kept.kind, rule: kept.rule ?? '' };
  const keep =
    kept.kept.row === kept.row ? undefined : kept.kept.row.fields.find(([key]) => key === 'sample_keep')?.[1];
  return typeof keep === 'number' ? { kind: 'stored', keep } : { kind: 'stored' };
}
