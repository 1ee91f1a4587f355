/** A line as a log router sends it. */
export interface LogLine {
  readonly service: string;
  readonly task: string;
  /** Several lines of one container stand in one text, such as a stack trace. */
  readonly text: string;
}

/** Tasks of `web`, which answers 20 requests a minute with each of them. */
export const webTasks = 40;
const requestsOfTask = 20;

/** What each of the other services logs in a minute: ordinary lines, and an error it always had now and then. */
const services: Readonly<Record<string, { readonly lines: number; readonly text: string; readonly error?: string }>> = {
  cart: {
    lines: 30,
    text: '{"level":"info","message":"cart was paid"}',
    error: '{"level":"error","message":"no stock"}',
  },
  orders: { lines: 30, text: '2026-11-22 16:00:00.123  INFO 1 --- [main] c.shop.Orders    : order was taken' },
  billing: { lines: 20, text: '{"level":"info","message":"payment accepted"}', error: 'ERROR retrying the ledger' },
  search: { lines: 20, text: 'INFO query answered in 12 ms' },
  mailer: { lines: 10, text: 'INFO a mail was sent' },
  stock: { lines: 10, text: '{"level":"warn","message":"price list is a day old"}' },
  session: { lines: 20, text: 'level=info msg="session renewed"' },
  images: { lines: 10, text: '[22-Nov-2026 16:00:00] NOTICE: [pool www] child 31 started' },
  'task-api': { lines: 10, text: 'INFO a task was added' },
};

/** The time that access lines state, which is to be made that of the minute. The others name no zone, so the router's counts. */
export const statedTime = '22/Nov/2026:16:00:00 +0000';

/** A minute of ten services in which nothing happens. One request in 400 fails, and one error in ten minutes is logged. */
export function quietMinute(minute: number): LogLine[] {
  const lines: LogLine[] = [];
  for (let task = 0; task < webTasks; task++) {
    for (let request = 0; request < requestsOfTask; request++) {
      const fails = (task * requestsOfTask + request + minute * 7) % 400 === 0;
      lines.push(webLine(task, fails ? 502 : 200));
    }
  }
  for (const [service, { lines: count, text, error }] of Object.entries(services)) {
    for (let index = 0; index < count; index++) lines.push({ service, task: `${service}-${index % 2}`, text });
    if (error && minute % 10 === 0) lines.push({ service, task: `${service}-0`, text: error });
  }
  return lines;
}

/** A request that `web` answered. */
export function webLine(task: number, status: number, address = '203.0.113.9'): LogLine {
  const text = `${address} - - [${statedTime}] "GET /cart HTTP/1.1" ${status} 512 "-" "curl/8"`;
  return { service: 'web', task: `web-${task}`, text };
}
