import { fingerprint } from '../../line/fingerprint.js';
import type { LogType } from '../../line/schema/index.js';
import { RecordReader } from '../../record/read.js';
import type { GivenLines } from '../../rules/language/ruleTest.js';
import type { RuleSet, SignalCollector } from '../../rules/matching/match.js';
import { fromBinary } from '../../text/binary.js';
import type { LinePolicy } from '../../treatment/policy.js';
import { fieldsPrefix, type ViewedRow } from '../../where/compileWhere.js';
import type { Invocation } from './simulate.js';

/** A line as rules see it. */
export interface ReadLine {
  readonly type: LogType;
  readonly row: ViewedRow;
  /** When it comes, ms since the epoch. */
  readonly arrival: number;
}

/**
 * Shows the lines of a test to rules, as the transform does: what comes at the same time comes in one invocation.
 *
 * @param start the time that the lines' own are counted from, ms since the epoch
 */
export function showLines(
  given: readonly GivenLines[],
  start: number,
  rules: RuleSet,
  policy: LinePolicy,
): { readonly invocations: readonly Invocation[]; readonly lines: readonly ReadLine[] } {
  const reader = new RecordReader(policy);
  const lines = given.flatMap((each) =>
    timesOf(each, start).flatMap((time) => {
      const arrival = each.arrives === undefined ? time : start + each.arrives;
      return readLines(each, time, reader).map((line): ReadLine => ({ ...line, arrival }));
    }),
  );
  const collectors = new Map<number, SignalCollector>();
  for (const { type, row, arrival } of lines.sort((a, b) => a.arrival - b.arrival || a.row.ts - b.row.ts)) {
    const collector = collectors.get(arrival) ?? rules.collector();
    collectors.set(arrival, collector);
    collector.observe(type, row);
  }
  const invocations = [...collectors].map(([at, collector]) => ({
    at,
    signals: collector.signals(),
    failures: collector.failures(),
  }));
  return { invocations, lines };
}

function timesOf({ at, repeat, every }: GivenLines, start: number): number[] {
  return Array.from({ length: repeat }, (_, index) => start + at + index * every);
}

/** A line as it is read, whenever it comes. */
type TypedRow = Omit<ReadLine, 'arrival'>;

/** A blank line is no row. */
function readLines(given: GivenLines, ts: number, reader: RecordReader): TypedRow[] {
  switch (given.kind) {
    case 'line':
      return readRaw(given, ts, reader);
    case 'row':
      return [{ type: given.type, row: rowOf(given, ts) }];
  }
}

/**
 * Raw lines, read, joined and redacted as a collector's record of them would be. They happen when the test says so,
 * whatever time they state themselves.
 */
function readRaw(given: GivenLines & { kind: 'line' }, ts: number, reader: RecordReader): TypedRow[] {
  const lines: TypedRow[] = [];
  const reading = reader.begin({
    row(type, json) {
      lines.push({ type, row: { ...(JSON.parse(fromBinary(json)) as ViewedRow), ts } });
    },
    entry: () => undefined,
    blank: () => undefined,
  });
  const data = Buffer.from(recordOf(given, ts)).toString('base64');
  reading.read({ recordId: 'test', approximateArrivalTimestamp: ts, data });
  reading.end();
  return lines;
}

/** What the log router of ECS sends: each line of the text is a line of the container. */
function recordOf(given: GivenLines & { kind: 'line' }, ts: number) {
  const { line, service, source = 'stdout', task, cluster, task_definition } = given;
  const origin = {
    ...{ container_name: service, source, ecs_task_arn: task, ecs_cluster: cluster },
    ecs_task_definition: task_definition,
  };
  const time = new Date(ts).toISOString();
  return line
    .replace(/\n$/, '')
    .split('\n')
    .map((log) => JSON.stringify({ ...origin, log, time }))
    .join('\n');
}

/** A row given by its columns; those called `fields.<path>` are what the line had beside them. */
function rowOf({ type, columns }: GivenLines & { kind: 'row' }, ts: number): ViewedRow {
  const entries = Object.entries(columns);
  const beside = entries.filter(([name]) => name.startsWith(fieldsPrefix));
  const row: ViewedRow = { ...Object.fromEntries(entries.filter(([name]) => !name.startsWith(fieldsPrefix))), ts };
  if (beside.length > 0) {
    row.fields = JSON.stringify(
      Object.fromEntries(beside.map(([name, value]) => [name.slice(fieldsPrefix.length), value])),
    );
  }
  return type === 'error' ? { fingerprint: fingerprint(row), ...row } : row;
}
