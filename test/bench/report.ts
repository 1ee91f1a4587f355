import { lambda } from '../../shared/limits.js';
import type { AlertLatencyResult } from './alertLatency.js';
import type { ColdStartResult } from './coldStart.js';
import type { EndpointResult } from './endpoint.js';
import type { FormatResult } from './formats.js';
import type { GzipLevelResult } from './gzipLevels.js';
import type { InvocationResult } from './invocations.js';
import type { LaneResult, LaneResults } from './lanes.js';
import type { MemoryResult } from './memory.js';
import type { RuleSetResult } from './rules.js';

/** What `npm run bench --json FILE` writes. */
export interface Report {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string };
  readonly quick: boolean;
  readonly gzipLevel: number;
  readonly invocations: readonly InvocationResult[];
  readonly lanes: LaneResults;
  readonly ruleSets: readonly RuleSetResult[];
  readonly memory: MemoryResult;
  readonly coldStart: ColdStartResult;
  readonly gzipLevels: readonly GzipLevelResult[];
  readonly formats: readonly FormatResult[];
  readonly endpoint: EndpointResult;
  readonly alertLatency: AlertLatencyResult;
}

/** A part of the report to read. */
export interface ReportTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function tablesOf(report: Report): ReportTable[] {
  return [
    throughput(report),
    ratios(report),
    ...laneTables(report.lanes),
    ...(report.ruleSets.length === 0 ? [] : [ruleTable(report.ruleSets)]),
    memory(report.memory),
    coldStart(report.coldStart),
    levelTable(report.gzipLevels),
    formats(report.formats),
    endpointRate(report.endpoint),
    slowHandler(report.endpoint),
    alertLatency(report.alertLatency),
  ];
}

function throughput({ invocations, gzipLevel }: Report): ReportTable {
  return {
    title: `Throughput of one core, gzip level ${gzipLevel}`,
    columns: ['lines', '', 'MB/s', 'events/s', 'CPU s/GB', 'floor s/GB', 'own s/GB'],
    rows: invocations.flatMap(({ corpus, transform, baseline }) =>
      [['transform', transform] as const, ['baseline', baseline] as const].map(([name, speed]) => [
        name === 'transform' ? corpus : '',
        name,
        speed.mbPerSecond.toFixed(1),
        count(speed.eventsPerSecond),
        speed.cpuPerGb.toFixed(1),
        (speed.cpuPerGb - speed.ownPerGb).toFixed(1),
        speed.ownPerGb.toFixed(1),
      ]),
    ),
  };
}

function ratios({ invocations }: Report): ReportTable {
  return {
    title: "The baseline's own time by the transform's",
    columns: ['lines', 'as deployed', 'without rules'],
    rows: invocations.map(({ corpus, ratio }) => [
      corpus,
      `${ratio.deployed.toFixed(2)}x`,
      `${ratio.withoutRules.toFixed(2)}x`,
    ]),
  };
}

export function laneTables({ corpora, services, shapes }: LaneResults): ReportTable[] {
  return [
    {
      title: 'Lanes: lines of other programs, from records to rows',
      columns: ['lines', 'events/s', 'read by a lane', 'at first', 'errors'],
      rows: corpora.map(({ corpus, lines, share, cpu, errors }) => [
        corpus,
        count(lines / (cpu.known / 1000)),
        percent(share.known),
        percent(share.first),
        percent(errors),
      ]),
    },
    {
      title: 'Lanes: many services, and one service that writes many shapes',
      columns: ['lines of', 'CPU', 'by one', 'at first', 'by one at first', 'read by a lane at first'],
      rows: [services, shapes].flatMap(growthRows),
    },
  ];
}

function growthRows(results: readonly LaneResult[]): string[][] {
  const [one] = results;
  return results.map(({ corpus, share, cpu }) => [
    corpus,
    `${cpu.known.toFixed(0)} ms`,
    `${(cpu.known / (one?.cpu.known ?? 0)).toFixed(2)}x`,
    `${cpu.first.toFixed(0)} ms`,
    `${(cpu.first / (one?.cpu.first ?? 0)).toFixed(2)}x`,
    percent(share.first),
  ]);
}

export function ruleTable(results: readonly RuleSetResult[]): ReportTable {
  return {
    title: "Rules: part of the transform's CPU time",
    columns: ['lines', 'set', 'rules', 'ns/line', 'part', 'by none'],
    rows: results.map(({ corpus, set, rules, nsPerLine, share }) => [
      corpus,
      set,
      count(rules),
      count(nsPerLine),
      percent(share),
      `${(1 / (1 - share)).toFixed(2)}x`,
    ]),
  };
}

function memory(result: MemoryResult): ReportTable {
  return {
    title: 'Memory of one invocation',
    columns: ['what', 'measured', 'limit'],
    rows: [
      ['records in', `${megabytes(result.compressedBytes)} in ${result.records}`, '3.1 MB'],
      ['FireLens lines in them', `${megabytes(result.inflatedBytes)}, ${count(result.lines)} lines`, ''],
      ['peak of the process', megabytes(result.peakBytes), '512 MB wanted'],
      ['peak after five invocations', megabytes(result.warmPeakBytes), `${lambdaMemory} MB of the function`],
      ['response', megabytes(result.responseBytes), megabytes(lambda.maxPayloadBytes)],
    ],
  };
}

/** infra/functions.yml */
const lambdaMemory = '1,769';

function coldStart({ transform, empty, ratio }: ColdStartResult): ReportTable {
  const row = (name: string, { bytes, importMs }: ColdStartResult['empty']) => [
    name,
    `${(bytes / 1000).toFixed(0)} kB`,
    `${importMs.toFixed(1)} ms`,
  ];
  return {
    title: 'Cold start',
    columns: ['', 'loaded', 'import'],
    rows: [
      row('transform', transform),
      row('empty middy handler and Firehose client', empty),
      ['ratio', `${(transform.bytes / empty.bytes).toFixed(2)}x`, `${ratio.toFixed(2)}x`],
    ],
  };
}

export function levelTable(results: readonly GzipLevelResult[]): ReportTable {
  const least = Math.min(...results.map(({ total }) => total));
  return {
    title: 'Gzip levels: the bill for a TB of raw lines of the mix',
    columns: [
      'level',
      'CPU s/GB',
      'stored',
      'Lambda x86',
      'Lambda arm64',
      'partitioning',
      'S3, 14 days',
      'queries',
      'sum',
    ],
    rows: results.map(({ level, cpuPerGb, stored, lambda: compute, partitioning, storage, queries, total }) => [
      String(level),
      cpuPerGb.toFixed(1),
      percent(stored),
      dollars(compute.x86_64),
      dollars(compute.arm64),
      dollars(partitioning),
      dollars(storage),
      dollars(queries),
      `${dollars(total)}${total === least ? ' ←' : ''}`,
    ]),
  };
}

function formats(results: readonly FormatResult[]): ReportTable {
  return {
    title: 'Formats, the full parse: recognise, redact, print',
    columns: ['format', 'samples', 'bytes', 'ns/line', 'lines/s'],
    rows: results.map(({ format, samples, bytesPerLine, nsPerLine, linesPerSecond }) => [
      format,
      String(samples),
      bytesPerLine.toFixed(0),
      count(nsPerLine),
      count(linesPerSecond),
    ]),
  };
}

function endpointRate({ single, aggregated }: EndpointResult): ReportTable {
  return {
    title: 'The local Firehose: acknowledged each second',
    columns: ['put as', 'records', 'lines', 'MB of lines', 'wanted', 'throttled'],
    rows: [
      [
        'batches of 500 lines',
        count(single.recordsPerSecond),
        count(single.linesPerSecond),
        single.mbPerSecond.toFixed(1),
        '20,000 records',
        count(single.throttled),
      ],
      [
        'gzip aggregates',
        count(aggregated.recordsPerSecond),
        count(aggregated.linesPerSecond),
        aggregated.mbPerSecond.toFixed(1),
        '60 MB',
        count(aggregated.throttled),
      ],
    ],
  };
}

function slowHandler({ slowHandler: slow }: EndpointResult): ReportTable {
  return {
    title: `The local Firehose when its handler is ${slow.timesSlower.toFixed(0)} times slower than the puts`,
    columns: ['what', 'measured', 'wanted'],
    rows: [
      ['records acknowledged', count(slow.acknowledged), ''],
      ['records throttled', count(slow.throttled), ''],
      ['rows delivered in the end', count(slow.delivered), count(slow.acknowledged)],
      ['peak of the process while throttled', megabytes(slow.peakBytes), '600 MB'],
      ['peak while the rest is delivered', megabytes(slow.drainPeakBytes), ''],
    ],
  };
}

function alertLatency({ alerts, told, otherLinesPerSecond, cold, p50, p99, max }: AlertLatencyResult): ReportTable {
  return {
    title: `From the put of a line to its message in Slack, beside ${count(otherLinesPerSecond)} other lines a second`,
    columns: ['what', 'measured', 'wanted'],
    rows: [
      ['alerts that were told', count(told), count(alerts)],
      ['median', seconds(p50), ''],
      ['p99', seconds(p99), '3.00 s'],
      ['longest', seconds(max), ''],
      ['the first, with functions that were not loaded yet', seconds(cold), ''],
    ],
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

function dollars(value: number): string {
  return `$${value.toFixed(2)}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
