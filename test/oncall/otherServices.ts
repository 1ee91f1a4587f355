import { dayMs, filled, hourMs, type LogLine, lineOf, minuteMs } from './lines.js';
import type { Random } from './random.js';
import { type Company, request, type Service } from './services.js';

/** Minutes since midnight. */
function clockOf(at: number): number {
  return Math.floor((at % dayMs) / minuteMs);
}

function isBetween(at: number, from: number, to: number): boolean {
  return clockOf(at) >= from && clockOf(at) < to;
}

/** So many lines of a minute, evenly spread. */
function spread(service: string, at: number, count: number, text: (index: number) => string, task = 0): LogLine[] {
  return Array.from({ length: count }, (_, index) =>
    lineOf(service, task, at + Math.floor(((index + 0.5) * minuteMs) / count), text(index)),
  );
}

/** What a scanner asks for. */
const scanned = ['/wp-login.php', '/.env', '/phpmyadmin/', '/.git/config', '/actuator/env', '/cgi-bin/luci'] as const;

function goRequest(status: number, path: string, random: Random): string {
  return filled(
    `{"time":"{iso}","level":"INFO","msg":"request","method":"GET","path":"${path}","status":${status},"duration_ms":${1 + random.below(90)},"remote_addr":"{ip}:{n}"}`,
    random,
  );
}

/** 2 by night, 20 in the early afternoon. */
function scaled(at: number): number {
  const hour = (at % dayMs) / hourMs;
  return Math.round(2 + 18 * Math.max(0, Math.sin(((hour - 6) / 16) * Math.PI)));
}

const services: readonly Service[] = [
  {
    name: 'backoffice',
    tasks: 2,
    lines: 20,
    line: (random) =>
      random.pick([
        filled(
          `I, [{iso} #7]  INFO -- : [{uuid}] Completed 200 OK in {n}ms (Views: 3.1ms | ActiveRecord: 1.4ms)`,
          random,
        ),
        filled(`I, [{iso} #7]  INFO -- : [{uuid}] Started GET "/orders/{id}" for {ip} at {time}`, random),
      ]),
    errors: [
      [
        12,
        'F, [{iso} #7] FATAL -- : [{uuid}] \nF, [{iso} #7] FATAL -- : [{uuid}] ActionController::RoutingError (No route matches [GET] "/apple-touch-icon.png"):',
      ],
      [9, "E, [{iso} #7] ERROR -- : [{uuid}] ActiveRecord::RecordNotFound (Couldn't find Order with 'id'={id})"],
      [30, "W, [{iso} #7]  WARN -- : [{uuid}] Can't verify CSRF token authenticity."],
    ],
    // Every ten minutes a task of cron, of which one in three finds a row that it can't sync.
    planned: (at, random) =>
      clockOf(at) % 10 === 0
        ? [
            lineOf(
              'backoffice',
              0,
              at + 2000,
              filled('I, [{iso} #91]  INFO -- : [cron] sync_inventory started', random),
            ),
            ...(random.chance(0.33)
              ? spread('backoffice', at, 1 + random.below(3), () =>
                  filled(
                    'E, [{iso} #91] ERROR -- : [cron] sync_inventory: Net::ReadTimeout with #<TCPSocket:(closed)>',
                    random,
                  ),
                )
              : []),
          ]
        : [],
  },
  {
    // A batch of Java, every twenty minutes for three to six.
    name: 'price-import',
    tasks: 1,
    lines: 0,
    line: () => '',
    errors: [],
    planned: (at, random) =>
      clockOf(at) % 20 < 3 + (Math.floor(clockOf(at) / 20) % 4)
        ? spread('price-import', at, 60, (index) =>
            filled(
              index % 12 === 0
                ? '{time}  WARN 1 --- [main] c.acme.PriceImport : row {id} has no currency, EUR is taken'
                : index % 59 === 1
                  ? '{time} ERROR 1 --- [main] c.acme.PriceImport : row {id} is skipped: NumberFormatException: For input string: "n/a"'
                  : '{time}  INFO 1 --- [main] c.acme.PriceImport : row {id} of {n}',
              random,
            ),
          )
        : [],
  },
  {
    // An API of Go that logs its requests as JSON: probes and scanners come too.
    name: 'catalog',
    tasks: 3,
    lines: 30,
    line: (random) => {
      const dice = random.below(1000);
      if (dice < 250) return goRequest(200, '/healthz', random);
      if (dice < 290) return goRequest(404, random.pick(scanned), random);
      return goRequest(dice < 293 ? 500 : 200, '/v1/items/{id}', random);
    },
    errors: [
      [15, '{"time":"{iso}","level":"ERROR","msg":"cache miss storm","err":"context canceled","key":"item:{id}"}'],
    ],
    // Twice a day a scanner goes through its list in five minutes.
    planned: (at, random) =>
      isBetween(at, 250, 255) || isBetween(at, 1010, 1015)
        ? spread('catalog', at, 110, () => goRequest(404, random.pick(scanned), random))
        : [],
  },
  {
    name: 'gateway',
    tasks: 4,
    lines: 20,
    line: (random) =>
      filled(
        `{"level":"info","time":"{iso}","msg":"${random.pick(['socket opened', 'socket closed', 'ping', 'subscribed'])}","socket":"{uuid}"}`,
        random,
      ),
    errors: [
      [200, '{"level":"warn","time":"{iso}","msg":"socket closed abnormally","code":1006,"socket":"{uuid}"}'],
      [40, '{"level":"error","time":"{iso}","msg":"write EPIPE","socket":"{uuid}"}'],
      [15, '{"level":"error","time":"{iso}","msg":"read ECONNRESET","socket":"{uuid}"}'],
    ],
    // Twice a day a load balancer lets go of all sockets, and they come again.
    planned: (at, random) =>
      clockOf(at) === 400 || clockOf(at) === 1100
        ? spread('gateway', at, 400, (index) =>
            filled(
              index % 40 === 0
                ? '{"level":"error","time":"{iso}","msg":"read ECONNRESET","socket":"{uuid}"}'
                : '{"level":"warn","time":"{iso}","msg":"socket closed abnormally","code":1006,"socket":"{uuid}"}',
              random,
            ),
          )
        : [],
  },
  {
    name: 'mail-worker',
    tasks: 3,
    lines: 20,
    line: (random) =>
      random.chance(0.06)
        ? filled(
            '[{gunicorn}: WARNING/ForkPoolWorker-{n}] Task mail.send[{uuid}] retry: Retry in 30s: SMTPServerDisconnected',
            random,
          )
        : filled('[{gunicorn}: INFO/ForkPoolWorker-{n}] Task mail.send[{uuid}] succeeded in 0.4s: None', random),
    errors: [
      [
        25,
        '[{gunicorn}: ERROR/ForkPoolWorker-{n}] Task mail.send[{uuid}] raised unexpected: SMTPRecipientsRefused({id})',
      ],
    ],
  },
  {
    // A shop of PHP behind Apache: a third of the requests are bots', and old code warns.
    name: 'shop-php',
    tasks: 3,
    lines: 40,
    line: (random) => {
      const dice = random.below(1000);
      if (dice < 30) return request(404, random, { path: random.pick(scanned) });
      if (dice < 33) return request(500, random);
      if (dice < 36) return request(403, random, { path: '/admin' });
      if (dice < 90)
        return filled(
          '[{time}] [php:notice] [pid 31] [client {ip}:{n}] PHP Notice:  Undefined index: utm_source in /var/www/html/track.php on line 12',
          random,
        );
      return request(dice < 300 ? 301 : 200, random, { path: random.pick(['/', '/produkt/{id}', '/suche?q=lampe']) });
    },
    errors: [
      [
        60,
        '[{time}] [php:warn] [pid 31] [client {ip}:{n}] PHP Warning:  Undefined array key "lang" in /var/www/html/i18n.php on line 7',
      ],
      [
        6,
        "[{time}] [php:error] [pid 31] [client {ip}:{n}] script '/var/www/html/xmlrpc.php' not found or unable to stat",
      ],
    ],
    // A scraper that comes four times a day for an hour and a half, at ten times the requests.
    planned: (at, random) =>
      [60, 420, 700, 1200].some((from) => isBetween(at, from, from + 90))
        ? spread('shop-php', at, 300, (index) =>
            request(index % 25 === 0 ? 404 : 200, random, {
              ip: '198.51.100.77',
              path: `/produkt/${random.below(90_000)}`,
            }),
          )
        : [],
  },
  {
    // Scales with the day, and is deployed at 11 and 16 o'clock.
    name: 'api',
    tasks: 20,
    running: scaled,
    lines: 60,
    line: (random) => request(random.below(1000) < 3 ? 500 : random.below(100) < 2 ? 401 : 200, random),
    errors: [[20, '{"level":"error","time":"{iso}","msg":"deadlock detected, transaction {uuid} is tried again"}']],
    planned: (at, random) => {
      const minute = clockOf(at) % 60;
      if (![11, 16].includes(Math.floor(clockOf(at) / 60)) || minute >= 12) return [];
      return [0, 1].flatMap((half) => [
        lineOf(
          'api',
          minute * 2 + half,
          at + 900 + half * 20_000,
          '{"level":"info","time":"{iso}","msg":"api is listening on :3000"}',
        ),
        lineOf(
          'api',
          minute * 2 + half,
          at + 11_000 + half * 20_000,
          '{"level":"info","time":"{iso}","msg":"SIGTERM, draining"}',
        ),
        ...(random.chance(0.3) ? [lineOf('api', minute, at + 12_000, request(502, random))] : []),
      ]);
    },
  },
  {
    // Every hour for a quarter of one, and called by no name of a job.
    name: 'invoicing',
    tasks: 1,
    lines: 0,
    line: () => '',
    errors: [],
    planned: (at, random) =>
      clockOf(at) % 60 < 14
        ? spread('invoicing', at, 9, (index) =>
            filled(
              index === 3 && random.chance(0.2)
                ? '{time} ERROR invoicing: invoice {id} has no recipient'
                : '{time} INFO invoicing: invoice {id} was written',
              random,
            ),
          )
        : [],
  },
  {
    // From 1:30 for forty minutes, with errors of which everybody knows.
    name: 'archive',
    tasks: 1,
    lines: 0,
    line: () => '',
    errors: [],
    planned: (at, random) =>
      isBetween(at, 90, 130)
        ? spread('archive', at, 40, (index) =>
            filled(
              index % 8 === 0
                ? '{time} ERROR archive: cannot read /data/{id}.lock: Permission denied'
                : '{time} INFO archive: /data/{id} was copied',
              random,
            ),
          )
        : [],
  },
  {
    // Asks a service of others, which does not answer once a minute.
    name: 'shipping',
    tasks: 2,
    lines: 20,
    line: (random) => filled('time={time} level=INFO msg="label was printed" parcel={id}', random),
    errors: [
      [1440, 'time={time} level=ERROR msg="carrier did not answer" err="context deadline exceeded" parcel={id}'],
      [200, 'time={time} level=WARN msg="rates are a day old" carrier={n}'],
    ],
  },
  {
    // Five times the requests for twenty minutes at two o'clock: a load test.
    name: 'checkout',
    tasks: 4,
    lines: 40,
    line: (random) => request(random.below(1000) < 2 ? 503 : 200, random, { path: '/checkout/{uuid}' }),
    errors: [[10, '{"level":"error","time":"{iso}","msg":"basket {uuid} is empty"}']],
    planned: (at, random) =>
      isBetween(at, 840, 860)
        ? spread('checkout', at, 240, () =>
            request(random.below(1000) < 4 ? 503 : 200, random, { path: '/checkout/{uuid}' }),
          )
        : [],
  },
  {
    // So small that a test of its load is a hundred times its requests.
    name: 'partners',
    tasks: 2,
    lines: 3,
    line: (random) => request(200, random, { path: '/partners/{id}' }),
    errors: [[2, '{"level":"error","time":"{iso}","msg":"partner {id} has no contract"}']],
    planned: (at, random) =>
      isBetween(at, 600, 625)
        ? spread('partners', at, 150, () => request(200, random, { path: '/partners/{id}' }))
        : [],
  },
];

/** What nobody has seen before. */
function rareError(random: Random): string {
  const what = random.pick([
    'refresh',
    'publish',
    'reserve',
    'convert',
    'import',
    'notify',
    'index',
    'sign',
    'archive',
  ]);
  const thing = random.pick([
    'tenant',
    'quote',
    'webhook',
    'label',
    'discount',
    'contract',
    'thumbnail',
    'rate plan',
    'basket',
  ]);
  const where = random.pick([
    'in region north',
    'of the old tier',
    'for a reseller',
    'on retry',
    'after migration',
    'by schedule',
  ]);
  const why = random.pick([
    'no such key',
    'constraint violated',
    'bad signature',
    'quota used up',
    'stale version',
    'socket hang up',
    'not a number',
    'access denied',
  ]);
  return `failed to ${what} ${thing} {id} ${where}: ${why}`;
}

/** A house of many small things: what is planned, probed, scraped, tried again and tested under load, and nobody has to hear of. */
export const otherCompany: Company = {
  services,
  rareErrors: 130,
  rareError,
  rareIn: ['backoffice', 'mail-worker', 'shipping', 'gateway', 'catalog', 'shop-php'],
};
