import { bytesText } from '../../../shared/text/wording.js';
import type { ReportTable } from '../report.js';
import type { StorageResult } from './day.js';
import { type Deployed, keepsUpWith } from './keepsUpWith.js';
import type { Effort, JobSample, WorkerSample } from './worker.js';

/** Of one result for each number of lines. */
export function storageTables(results: readonly StorageResult[], deployed: Deployed): ReportTable[] {
  const { memoryMb } = deployed;
  const row = (name: string, cell: (result: StorageResult) => string) => [name, ...results.map(cell)];
  return [
    {
      title: 'Access lines of a day',
      columns: ['', ...results.map(({ landed }) => `${count(landed.lines)} lines`)],
      rows: [
        row('raw lines', ({ landed }) => bytesText(landed.raw)),
        row('as JSON', ({ landed }) => bytesText(landed.json)),
        row('landed, gzip', ({ landed }) => `${bytesText(landed.landed)} in ${count(landed.objects)} objects`),
        row('Parquet, zstd', ({ parquet }) => `${bytesText(parquet.bytes)} in ${count(parquet.objects)} files`),
        row('identities', ({ indexes }) => bytesText(indexes.bytes)),
        row('rows left out as repeated', ({ hourly }) => count(hourly.duplicates)),
        row('compaction, hourly windows', ({ hourly }) => `${count(hourly.jobs.length)} manifests`),
        row('CPU for a million rows: DuckDB', ({ hourly }) => seconds(perMillion(hourly, engineMs(hourly.jobs)))),
        row('CPU for a million rows: the whole worker', ({ hourly }) =>
          seconds(perMillion(hourly, hourly.whole.cpuMs)),
        ),
        row(`peak memory, of ${count(memoryMb)} MB`, ({ hourly }) => bytesText(hourly.peakBytes)),
        row('compaction, windows of a day', ({ daily }) => `${count(daily.jobs.length)} manifests`),
        row('CPU for a million rows: DuckDB', ({ daily }) => seconds(perMillion(daily, engineMs(daily.jobs)))),
        row('CPU for a million rows: the whole worker', ({ daily }) => seconds(perMillion(daily, daily.whole.cpuMs))),
        row(`peak memory, of ${count(memoryMb)} MB`, ({ daily }) => bytesText(daily.peakBytes)),
      ],
    },
    ...results.map(questionTable),
  ];
}

function questionTable({ landed, questions }: StorageResult): ReportTable {
  const cells = ({ cpuMs, readBytes }: Effort & { readonly readBytes: number }) => [
    `${count(cpuMs)} ms`,
    bytesText(readBytes),
  ];
  return {
    title: `Questions to ${count(landed.lines)} lines, as they landed and as Parquet`,
    columns: ['question', 'landed: CPU', 'read', 'Parquet: CPU', 'read'],
    rows: questions.map(({ name, before, after }) => [name, ...cells(before), ...cells(after)]),
  };
}

/** What shared/cost/measured.ts takes, of the largest result. */
export function modelTable(results: readonly StorageResult[]): ReportTable {
  const { landed, parquet, indexes, hourly, daily, questions } = largestOf(results);
  const ofManifest = (requests: number) => (requests / hourly.jobs.length).toFixed(1);
  const read = questions.reduce((sum, { after }) => sum + after.readBytes, 0) / questions.length;
  const rows: [string, string][] = [
    ['rows as JSON, for a raw byte', (landed.json / landed.raw).toFixed(2)],
    ['Parquet, for a landed byte', (parquet.bytes / landed.landed).toFixed(3)],
    ['identities, for a landed byte', (indexes.bytes / landed.landed).toFixed(5)],
    ['CPU for a landed GB', seconds(daily.whole.cpuMs / (landed.landed / 2 ** 30))],
    ['landed bytes of the largest manifest', bytesText(Math.max(...daily.jobs.map(({ landedBytes }) => landedBytes)))],
    ['PUT and LIST of a manifest', ofManifest(hourly.whole.requests.putOrList)],
    ['GET of a manifest, beside its objects', ofManifest(hourly.whole.requests.get - landed.objects)],
    ['a worker that finds nothing: CPU', seconds(hourly.idle.cpuMs)],
    ['its PUT and LIST', count(hourly.idle.requests.putOrList)],
    ['its GET', count(hourly.idle.requests.get)],
    ['a question reads, of the landed bytes of its day', (read / landed.landed).toFixed(3)],
  ];
  return { title: 'For the model of the bill', columns: ['', 'measured'], rows };
}

/** One sentence for the pages that tell what a worker keeps up with. */
export function keepingUp(results: readonly StorageResult[], deployed: Deployed): string {
  const largest = largestOf(results);
  const { landedGbPerHour, rawTbPerDay } = keepsUpWith(largest, deployed);
  const { memoryMb, vcpus } = deployed;
  return `A worker of ${count(memoryMb)} MB, with ${vcpus} vCPUs, keeps up with ${landedGbPerHour.toFixed(1)} GB of landed access lines an hour, ${rawTbPerDay.toFixed(1)} TB of raw lines a day, when both are always busy, and with half of that when one is (\`npm run bench -- --storage\`: ${(largest.daily.whole.cpuMs / 1000 / (largest.landed.landed / 2 ** 30)).toFixed(0)} s of CPU for a landed GB).`;
}

function largestOf(results: readonly StorageResult[]): StorageResult {
  const [largest] = [...results].sort((a, b) => b.landed.lines - a.landed.lines);
  if (!largest) throw new Error('nothing was measured');
  return largest;
}

function engineMs(jobs: readonly JobSample[]): number {
  return jobs.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

function perMillion({ rows }: WorkerSample, ms: number): number {
  return ms / (rows / 1e6);
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
