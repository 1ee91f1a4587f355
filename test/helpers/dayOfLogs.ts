import { gzipSync } from 'node:zlib';
import { fireLens } from './firehose.js';

/** An hour of a small web shop, as records for the stream. */
export interface HourOfLogs {
  readonly records: readonly (Buffer | string)[];
  /** Of them those that Fluent Bit has sent, with nanoseconds: their content names them. */
  readonly fromFluentBit: number;
  readonly lines: number;
  /** Rows that these lines become. */
  readonly rows: Readonly<Record<'access' | 'error' | 'app', number>>;
}

const HOUR = 3_600_000;

/** The 24 hours before `end` (ms since the epoch), the oldest first. */
export function dayOfLogs(end: number): HourOfLogs[] {
  return Array.from({ length: 24 }, (_, hour) => hourOfLogs(end - (24 - hour) * HOUR));
}

/** How much each container says in an hour. */
const requests = 100;
const orders = 60;
const jobs = 20;
const passed = 20;
const backups = 5;

function hourOfLogs(start: number): HourOfLogs {
  const web = spread(requests, start).map((at, index) => fireLens(request(at, index), collected('web', at, index)));
  const shop = spread(orders, start).map((at, index) => fireLens(order(at, index), collected('shop', at, index)));
  const worker = spread(jobs, start).flatMap((at, index) =>
    job(at, index).map((log, line) => fireLens(log, collected('worker', at, index * 10 + line))),
  );
  // A collector that knows milliseconds, and no container by its id.
  const edge = spread(passed, start).map((at, index) => {
    const date = new Date(at).toISOString();
    return `${JSON.stringify({ date, container_name: 'edge', source: 'stdout', log: request(at, index) })}\n`;
  });
  // Sent by hand, one as the other.
  const cron = Array.from({ length: backups }, () => 'backup finished\n');
  return {
    records: [gzipSync(web.join('')), gzipSync(worker.join('')), ...shop, ...edge, ...cron],
    fromFluentBit: 2 + orders,
    lines: web.length + worker.length + orders + passed + backups,
    rows: {
      access: requests + passed,
      error: orders / 12 + jobs / 5,
      app: orders - orders / 12 + jobs - jobs / 5 + backups,
    },
  };
}

/** So many times of an hour, whole seconds apart. */
function spread(count: number, start: number): number[] {
  return Array.from({ length: count }, (_, index) => start + Math.floor(((index + 1) * HOUR) / (count + 1)));
}

function collected(service: string, at: number, index: number) {
  const nanoseconds = `${new Date(at).toISOString().slice(0, -1)}${String(index * 10 + 1).padStart(6, '0')}Z`;
  return { container_name: service, container_id: service.padEnd(64, '0'), time: nanoseconds };
}

/** As nginx writes it. */
function request(at: number, index: number): string {
  const [, day, month, year, time] = /(\d\d) (\w{3}) (\d{4}) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? [];
  return `10.0.0.${index} - - [${day}/${month}/${year}:${time} +0000] "GET /item/${index}?page=1 HTTP/1.1" 200 ${500 + index} "-" "Mozilla/5.0"`;
}

/** As pino writes it: each twelfth has failed, and one of them ends the program. */
function order(time: number, index: number): string {
  if (index === orders - 1) return JSON.stringify({ level: 60, time, msg: 'cannot open the ledger' });
  if (index % 12 !== 11) return JSON.stringify({ level: 30, time, msg: `order ${index} placed`, order: index });
  const stack = `Error: card declined\n    at charge (/app/pay.js:${index}:7)\n    at place (/app/order.js:3:1)`;
  return JSON.stringify({
    level: 50,
    time,
    msg: `order ${index} failed`,
    err: { type: 'Error', message: 'card declined', stack },
  });
}

/** As Python's logging writes it: each fifth has failed, with a trace. */
function job(at: number, index: number): string[] {
  const time = new Date(at).toISOString().slice(0, -1).replace('T', ' ').replace('.', ',');
  if (index % 5 !== 4) return [`${time} INFO worker.jobs: job ${index} done`];
  return [
    `${time} ERROR worker.jobs: job ${index} failed`,
    'Traceback (most recent call last):',
    `  File "/app/jobs.py", line ${index}, in run`,
    '    charge(order)',
    `ValueError: no such order ${index}`,
  ];
}
