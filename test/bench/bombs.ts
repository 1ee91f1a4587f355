import { gzipSync } from 'node:zlib';
import { invocation, record } from '../../shared/bounds.js';
import type { IncomingRecord } from '../../shared/record/read.js';
import { arrival } from './corpus.js';
import { invokeAlone } from './memory.js';
import type { ReportTable } from './report.js';

/**
 * `npm run bench -- --bombs`: what an invocation costs whose records are small and hold as much as the bounds allow, or
 * more. Each is one invocation of the built function in a process of its own.
 */
export async function measureBombs(): Promise<ReportTable> {
  const rows: string[][] = [];
  for (const [name, contents] of Object.entries(bombs)) {
    const records = contents().map(incoming);
    const sent = records.reduce((sum, { data }) => sum + Buffer.byteLength(data, 'base64'), 0);
    const { cpuSeconds, peakBytes } = await invokeAlone(records, 1);
    rows.push([
      name,
      `${Math.round(sent / 1000)} kB`,
      `${cpuSeconds.toFixed(1)} s`,
      `${Math.round(peakBytes / 2 ** 20)} MiB`,
    ]);
  }
  return {
    title: 'Invocations of records that inflate to as much as may be, and to more',
    columns: ['records', 'sent', 'CPU', 'peak memory'],
    rows,
  };
}

/** One line of 100 bytes, as short lines are. */
const line = `${'a word of ten '.repeat(7)}\n`;
const bombs: Readonly<Record<string, () => readonly Buffer[]>> = {
  'one of 60,000,000 lines of a letter (over the bound)': () => [gzipSync('a\n'.repeat(60_000_000))],
  'one of 1,000,000 lines of a letter (the most there may be)': () => [gzipSync('a\n'.repeat(record.maxLines))],
  'one of 64 MiB in lines of 100 bytes': () => [linesOf(record.maxInflatedBytes)],
  'nine of 60 MB, each a line': () => Array.from({ length: 9 }, () => gzipSync('a'.repeat(60_000_000))),
  'eight of 64 MiB in lines of 100 bytes (the most there may be)': () =>
    Array.from({ length: invocation.maxInflatedBytes / record.maxInflatedBytes }, () =>
      linesOf(record.maxInflatedBytes),
    ),
};

function linesOf(bytes: number): Buffer {
  return gzipSync(line.repeat(Math.floor(bytes / line.length)));
}

function incoming(content: Buffer, index: number): IncomingRecord {
  return { recordId: `bomb-${index}`, approximateArrivalTimestamp: arrival, data: content.toString('base64') };
}
