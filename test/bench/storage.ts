import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { duckDbEngine } from '../../functions/adapters/duckDbEngine.js';
import { writeTables } from '../../local/glue/tableFile.js';
import { openDatabase } from '../../local/query/database.js';
import { viewDefinition, viewText } from '../../shared/athena/views.js';
import { compactType } from '../../shared/compact/compactType.js';
import { recordHourOf } from '../../shared/compact/windows.js';
import { compaction } from '../../shared/limits.js';
import { arrivedHour, landedPrefix } from '../../shared/line/partition.js';
import { formatTimestamp } from '../../shared/line/timestamp.js';
import { MemoryCatalog, MemoryStore } from '../helpers/compaction/memoryStore.js';
import { withData } from '../helpers/up.js';
import { buildCorpus } from './corpus.js';
import { recordsOf, type Transform } from './invocation.js';
import type { ReportTable } from './report.js';

const HOUR = 3_600_000;
const DAY_START = Date.parse('2026-11-22T00:00:00Z');
const MEMBER_ROWS = 2000;
const OBJECT_ROWS = 10_000;

/** What people ask most. @param client one of the clients */
const questionsOf = (client: string): Readonly<Record<string, string>> => ({
  'requests by status, a day': `SELECT status, count(*) FROM access WHERE dt = '2026-11-22' GROUP BY status`,
  'errors by path, an hour': `SELECT path, count(*) FROM access WHERE dt = '2026-11-22' AND hour = '14' AND status >= 500 GROUP BY path`,
  'slowest paths, a day': `SELECT path, approx_percentile(duration_ms, 0.95), count(*) FROM access WHERE dt = '2026-11-22' GROUP BY path ORDER BY 2 DESC LIMIT 20`,
  'one client, a day': `SELECT ts, method, path, status FROM access WHERE dt = '2026-11-22' AND client_ip = '${client}' ORDER BY ts`,
  'latest 50 errors': `SELECT ts, service, path, status FROM access WHERE dt = '2026-11-22' AND status >= 500 ORDER BY ts DESC LIMIT 50`,
});

/**
 * `npm run bench -- --storage`: access lines of a day, asked as they landed and as Parquet. The rows are the transform's, the
 * same in each hour but for their times and records.
 */
export async function measureStorage(lines: number, transform: Transform, gzipLevel: number): Promise<ReportTable[]> {
  return withData(async (data) => {
    const store = new MemoryStore();
    const json = await land(store, lines, transform, gzipLevel);
    const landed = await copyOut(store, data, 'logs/');
    const before = await ask(data);

    const catalog = new MemoryCatalog();
    const begun = performance.now();
    const cpu = process.cpuUsage();
    const done = await compactType(
      'access',
      { id: 'bench', until: Number.MAX_SAFE_INTEGER },
      { store, catalog, engine: duckDbEngine({ memoryMB: 2122, threads: 2, unpackedBytes: 1e9 }), now: () => DAY_START + 26 * HOUR },
      {
        window: 'hour',
        landedDays: 14,
        retentionDays: 395,
        closingTime: compaction.closingTime,
        manifestBytes: compaction.maxManifestBytes,
        unpackedBytes: 1e9,
        view: (type, boundary) => viewDefinition(type, 'bench', boundary),
      },
    );
    const took = performance.now() - begun;
    const { user, system } = process.cpuUsage(cpu);
    const parquet = await copyOut(store, data, 'parquet/');
    const view = { ViewOriginalText: viewText((await catalog.read('access'))?.definition ?? '') };
    await writeTables(data, { 'bench.access': { input: view, version: 1 } });
    const after = await ask(data);
    const sizeOf = (prefix: string) =>
      [...store.objects].reduce((sum, [key, { body }]) => sum + (key.startsWith(prefix) ? body.length : 0), 0);
    return [
      {
        title: `${lines.toLocaleString('en')} access lines of a day`,
        columns: ['', ''],
        rows: [
          ['JSON', megabytes(json)],
          ['landed', `${megabytes(sizeOf('logs/'))}, ${landed} objects`],
          ['Parquet', `${megabytes(sizeOf('parquet/'))}, ${parquet} files`],
          ['identities', megabytes(sizeOf('compact/index/'))],
          ['rows and duplicates', `${done.rows.toLocaleString('en')}, ${done.duplicates}`],
          ['compacted in', `${(took / 1000).toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of CPU`],
        ],
      },
      {
        title: 'Asked as it landed, and as Parquet',
        columns: ['question', 'landed: CPU', 'read', 'Parquet: CPU', 'read'],
        rows: Object.keys(questionsOf('')).map((name, at) => [name, ...cells(before[at]), ...cells(after[at])]),
      },
    ];
  });
}

/** @returns how many bytes the rows are */
async function land(store: MemoryStore, lines: number, transform: Transform, gzipLevel: number): Promise<number> {
  const groups = await transform.run(recordsOf(buildCorpus('access', (lines / 24) * 250)), gzipLevel);
  const members = groups.filter(({ partition }) => partition.type === 'access').flatMap((group) => group.members);
  const rows = members.flatMap((member) => gunzipSync(member).toString().split('\n').filter(Boolean));
  let bytes = 0;
  for (let hour = 0; hour < 24; hour++) {
    const start = DAY_START + hour * HOUR;
    const count = Math.round((lines * (hour + 1)) / 24) - Math.round((lines * hour) / 24);
    for (let from = 0; from < count; from += OBJECT_ROWS) {
      const texts = Array.from({ length: Math.min(OBJECT_ROWS, count - from) }, (_, at) =>
        retimed(rows[(from + at) % rows.length] ?? '', start + Math.floor(((from + at) * HOUR) / count), from + at),
      );
      const packed: Buffer[] = [];
      for (let at = 0; at < texts.length; at += MEMBER_ROWS) {
        const text = texts.slice(at, at + MEMBER_ROWS).join('');
        bytes += text.length;
        packed.push(gzipSync(text, { level: gzipLevel }));
      }
      const name = `${landedPrefix({ type: 'access' }, arrivedHour(start))}logs-1-${from}.json.gz`;
      store.put(name, Buffer.concat(packed));
    }
  }
  return bytes;
}

/** The row at another time, as a line of another record: 5,000 lines make one. */
function retimed(row: string, time: number, number: number): string {
  const record = `${recordHourOf(time)}${String(Math.floor(number / 5000)).padStart(16, 'a')}`;
  const end = row.replace(/,"record":"[^"]*","line":\d+/, `,"record":"${record}","line":${number % 5000}`);
  return `{"ts":"${formatTimestamp(time)}"${end.slice(end.indexOf(',"'))}\n`;
}

async function copyOut(store: MemoryStore, data: string, prefix: string): Promise<number> {
  let files = 0;
  for (const [key, { body }] of store.objects) {
    if (!key.startsWith(prefix)) continue;
    const path = join(data, 's3', 'bucket', key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, body);
    files++;
  }
  return files;
}

interface Cost {
  readonly cpu: number;
  readonly read: number;
}

/** The least CPU of three turns, and what was read from files. */
async function ask(data: string): Promise<Cost[]> {
  const costs: Cost[] = [];
  const first = await openDatabase(data);
  const [[client] = []] = (await first.query('SELECT max(client_ip) FROM access')).rows;
  first.close();
  for (const sql of Object.values(questionsOf(String(client)))) {
    const turns: Cost[] = [];
    for (let turn = 0; turn < 3; turn++) {
      // Afresh, so that nothing is remembered of the files.
      const database = await openDatabase(data);
      const [cpu, read] = [process.cpuUsage(), bytesRead()];
      await database.query(sql);
      const { user, system } = process.cpuUsage(cpu);
      turns.push({ cpu: (user + system) / 1000, read: bytesRead() - read });
      database.close();
    }
    const least = (of: (cost: Cost) => number) => Math.min(...turns.map(of));
    costs.push({ cpu: least(({ cpu }) => cpu), read: least(({ read }) => read) });
  }
  return costs;
}

/** What this process has read so far, as Linux counts it; NaN elsewhere. */
function bytesRead(): number {
  if (process.platform !== 'linux') return Number.NaN;
  return Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

function cells(cost: Cost | undefined): string[] {
  return cost ? [`${Math.round(cost.cpu)} ms`, megabytes(cost.read)] : ['', ''];
}

function megabytes(bytes: number): string {
  return Number.isNaN(bytes) ? 'not known here' : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
}
