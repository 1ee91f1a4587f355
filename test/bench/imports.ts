import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { albLine } from '../helpers/albLines.js';
import { invokeReplay, s3Of, untilReplayed } from '../helpers/replays.js';
import { query, startUp, withData } from '../helpers/up.js';
import type { ReportTable } from './report.js';

/** As many as one object of a busy load balancer has. */
const LINES_OF_OBJECT = 10_000;

/**
 * `npm run bench -- --import`: lines of a load balancer, spread over a year, imported by functions/replay on a laptop: from
 * the start until all of them can be queried. Whatever is missing or there twice is told.
 */
export async function measureImport(lines: number): Promise<ReportTable> {
  return withData(async (data) => {
    const up = await startUp(data, '--flush', '1');
    const s3 = s3Of(up.ready.firehose);
    let [raw, compressed] = [0, 0];
    for (let start = 0; start < lines; start += LINES_OF_OBJECT) {
      const size = Math.min(LINES_OF_OBJECT, lines - start);
      const text = `${Array.from({ length: size }, (_, index) => albLine(start + index, lines)).join('\n')}\n`;
      const body = gzipSync(text);
      raw += text.length;
      compressed += body.length;
      const key = `import/alb/${String(start).padStart(9, '0')}.log.gz`;
      await s3.send(new PutObjectCommand({ Bucket: up.ready.bucket, Key: key, Body: body }));
    }
    s3.destroy();
    const begun = performance.now();
    const { replay } = await invokeReplay(data, { source: 'import', prefix: 'import/alb/', dryRun: false });
    await untilReplayed(data, replay);
    const put = performance.now();
    await up.stop();
    const ended = performance.now();
    const counts = 'count(*), count(DISTINCT (record, line)), count(DISTINCT request_id), count(DISTINCT dt)';
    const [[rows, distinct, requests, days] = []] = await query(data, `SELECT ${counts} FROM access`);
    const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
    return {
      title: `Import of ${lines.toLocaleString('en')} lines of a load balancer, spread over a year`,
      columns: ['', ''],
      rows: [
        ['objects', String(Math.ceil(lines / LINES_OF_OBJECT))],
        ['bytes, and as objects', `${Math.round(raw / 1e6)} MB, ${Math.round(compressed / 1e6)} MB`],
        ['on the stream after', seconds(put - begun)],
        ['stored after', seconds(ended - begun)],
        ['lines a second', Math.round(lines / ((ended - begun) / 1000)).toLocaleString('en')],
        [
          'rows, by record and line, by request',
          [rows, distinct, requests].map((count) => Number(count).toLocaleString('en')).join(', '),
        ],
        ['days', String(days)],
      ],
    };
  });
}
