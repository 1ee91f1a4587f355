import { dayMs, filled, hourMs, type LogLine, lineOf, minuteMs } from './lines.js';
import type { Random } from './random.js';

/** Tasks of `web`. */
const webTasks = 40;

/** What nobody has seen before, sixty times a day: an error of a service that rarely meets it. */
function rareError(random: Random): string {
  const verb = random.pick(['load', 'store', 'render', 'send', 'parse', 'lock', 'refund', 'merge']);
  const thing = random.pick([
    'the invoice',
    'a voucher',
    'the address',
    'a parcel',
    'the price list',
    'a picture',
    'the stock count',
    'a wish list',
  ]);
  const whose = random.pick(['guest', 'member', 'supplier', 'branch', 'partner', 'courier']);
  const why = random.pick([
    'deadline exceeded',
    'value is empty',
    'unknown currency',
    'broken pipe',
    'checksum differs',
    'too many rows',
    'not a date',
  ]);
  return `could not ${verb} ${thing} of ${whose} {id}: ${why}`;
}

/** Whose logs they are. */
export interface Company {
  readonly services: readonly Service[];
  /** Errors that nobody has seen before, of all services in a day; what they say, and the services that log them. */
  readonly rareErrors: number;
  readonly rareError: (random: Random) => string;
  readonly rareIn: readonly string[];
}

/** A service as it is on a day when nothing happens. */
export interface Service {
  readonly name: string;
  readonly tasks: number;
  /** Tasks at a time, where they are not always the same. */
  readonly running?: (at: number) => number;
  /** Ordinary lines a minute, on the mean of a day. */
  readonly lines: number;
  /** It is as busy by night as by day. */
  readonly steady?: true;
  readonly line: (random: Random, task: number) => string;
  /** What goes wrong now and then, and how often a day. */
  readonly errors: readonly (readonly [perDay: number, text: string])[];
  /** When it is meant to say nothing. */
  readonly asleep?: (at: number) => boolean;
  /** What it says at certain times beside that. */
  readonly planned?: (at: number, random: Random) => LogLine[];
}

const paths = ['/', '/cart', '/search?q=lamp', '/items/{n}', '/api/orders/{id}', '/img/{n}.webp', '/healthz'] as const;

/** A request as nginx logs it. */
export function request(
  status: number,
  random: Random,
  { ip = '{ip}', path = random.pick<string>(paths), method = 'GET' } = {},
): string {
  return filled(
    `${ip} - - [{time}] "${method} ${path} HTTP/1.1" ${status} ${200 + random.below(9000)} "-" "Mozilla/5.0 (X11; Linux x86_64)"`,
    random,
  );
}

/** One request in 400 fails, and scanners are told 404, 401 and 403. */
function anyStatus(random: Random): number {
  const dice = random.below(4000);
  if (dice < 10) return random.pick([500, 502, 503, 504]);
  if (dice < 100) return 404;
  if (dice < 116) return random.pick([401, 403]);
  return dice < 300 ? 304 : 200;
}

const services: readonly Service[] = [
  {
    name: 'web',
    tasks: webTasks,
    lines: 400,
    line: (random) => request(anyStatus(random), random),
    errors: [
      [
        40,
        '{slashed} [error] 31#31: *{id} open() "/usr/share/nginx/html/favicon.ico" failed (2: No such file or directory), client: {ip}, server: , request: "GET /favicon.ico HTTP/1.1", host: "shop"',
      ],
      [
        4,
        '{slashed} [error] 31#31: *{id} upstream timed out (110: Connection timed out) while reading response header from upstream, client: {ip}, server: , request: "GET /search HTTP/1.1", upstream: "http://10.0.0.7:8080/search", host: "shop"',
      ],
      [
        12,
        '{slashed} [warn] 31#31: *{id} a client request body is buffered to a temporary file /var/cache/nginx/{n}, client: {ip}, server: , request: "POST /upload HTTP/1.1", host: "shop"',
      ],
    ],
  },
  {
    name: 'cart',
    tasks: 4,
    lines: 30,
    line: (random) =>
      filled(
        `{"level":30,"time":{ms},"pid":1,"msg":"${random.pick(['cart was paid', 'item added', 'item removed', 'voucher applied'])}","cart":{id}}`,
        random,
      ),
    errors: [
      [120, '{"level":50,"time":{ms},"pid":1,"msg":"no stock of item {n}","cart":{id}}'],
      [
        6,
        '{"level":50,"time":{ms},"pid":1,"msg":"checkout failed","err":{"type":"TypeError","message":"Cannot read properties of undefined (reading \'price\')","stack":"TypeError: Cannot read properties of undefined (reading \'price\')\\n    at total (/app/cart.js:{n}:7)\\n    at checkout (/app/checkout.js:31:3)"}}',
      ],
      [
        3,
        '{"level":50,"time":{ms},"pid":1,"msg":"request to http://stock:8080/items/{n} failed, reason: connect ECONNREFUSED 10.0.3.{n}:8080"}',
      ],
    ],
  },
  {
    name: 'orders',
    tasks: 4,
    lines: 30,
    line: (random) => filled(`{time}  INFO 1 --- [nio-8080-exec-{n}] c.shop.Orders    : order {id} was taken`, random),
    errors: [
      [
        20,
        "{time} ERROR 1 --- [nio-8080-exec-{n}] c.shop.Orders    : order {id} can't be shipped\ncom.shop.NoAddressException: customer {n} has no address\n\tat com.shop.Orders.ship(Orders.java:42)\n\tat com.shop.Orders.take(Orders.java:17)",
      ],
      [2, '{time} ERROR 1 --- [scheduling-1] c.shop.Outbox    : could not acquire lock for {uuid}'],
    ],
    planned: deployedAt('orders', 10, 'Started OrdersApplication in 4.2 seconds (process running for 5.0)'),
  },
  {
    name: 'billing',
    tasks: 2,
    lines: 20,
    line: (random) => filled(`{time} INFO billing.api: payment {uuid} accepted`, random),
    errors: [
      [30, '{time} ERROR billing.ledger: retrying entry {id} of the ledger'],
      [
        2,
        '{time} ERROR billing.api: payment {uuid} failed\nTraceback (most recent call last):\n  File "/app/api.py", line 31, in pay\n    provider.charge(card)\nTimeoutError: provider did not answer within 10 s',
      ],
    ],
  },
  {
    name: 'search',
    tasks: 3,
    lines: 20,
    line: (random) => filled(`time={time} level=INFO msg="query answered" ms={n} hits={n}`, random),
    errors: [[10, 'time={time} level=ERROR msg="shard did not answer" shard={n} err="context deadline exceeded"']],
    planned: deployedAt('search', 14, 'time={time} level=INFO msg="listening on :8080"'),
  },
  {
    name: 'mailer',
    tasks: 2,
    lines: 10,
    line: (random) => filled(`I, [{time} #1]  INFO -- : mail {uuid} was sent`, random),
    errors: [[60, 'E, [{time} #1] ERROR -- : mail {uuid} bounced: 550 no such user']],
  },
  {
    name: 'stock',
    tasks: 2,
    lines: 10,
    line: (random) => filled(`{"@t":"{iso}","@mt":"item {Item} was counted","Item":{n}}`, random),
    errors: [[8, '{"@t":"{iso}","@mt":"price list of {Shop} is a day old","@l":"Error","Shop":{n}}']],
  },
  {
    name: 'session',
    tasks: 3,
    lines: 20,
    line: (random) =>
      filled(`{"level":"info","ts":"{iso}","logger":"session","msg":"session renewed","user":{id}}`, random),
    errors: [[15, '{"level":"error","ts":"{iso}","logger":"session","msg":"token of user {id} has expired"}']],
  },
  {
    name: 'reports',
    tasks: 1,
    lines: 12,
    steady: true,
    line: (random) => filled(`{time} INFO reports: report {id} was rendered`, random),
    errors: [[2, '{time} ERROR reports: report {id} has no rows']],
    // People ask for reports in office hours.
    asleep: (at) => hourOf(at) < 8 || hourOf(at) >= 18,
  },
  {
    name: 'task-api',
    tasks: 2,
    lines: 12,
    line: (random) => filled(`{time} INFO tasks: task {id} was added`, random),
    errors: [[1, '{time} ERROR tasks: task {id} has no owner']],
  },
  {
    name: 'nightly-batch',
    tasks: 1,
    lines: 0,
    line: () => '',
    errors: [],
    // Twenty minutes from 2 o'clock on: 6,000 rows, of which one in 15 has no price.
    planned: (at, random) =>
      hourOf(at) === 2 && at % hourMs < 20 * minuteMs
        ? Array.from({ length: 300 }, (_, index) =>
            lineOf(
              'nightly-batch',
              0,
              at + index * 200,
              filled(
                index % 15 === 0
                  ? '{time} ERROR batch: row {id} has no price'
                  : '{time} INFO batch: row {id} was imported',
                random,
              ),
            ),
          )
        : [],
  },
];

/** A shop of eleven services. Text is what those log that say what is rare. */
export const shop: Company = { services, rareErrors: 60, rareError, rareIn: ['orders', 'billing', 'task-api'] };

function hourOf(at: number): number {
  return Math.floor((at % dayMs) / hourMs);
}

/** Each task is replaced, one a minute, at an hour of each day: the old one is asked to end, the new one says that it is up. */
function deployedAt(name: string, hour: number, up: string): NonNullable<Service['planned']> {
  const tasks = name === 'orders' ? 4 : 3;
  return (at) => {
    const task = Math.floor((at % hourMs) / minuteMs);
    if (hourOf(at) !== hour || task >= tasks) return [];
    return [
      lineOf(name, task, at + 1000, up),
      lineOf(name, task, at + 31_000, `received SIGTERM, exited with code 143`),
    ];
  };
}
