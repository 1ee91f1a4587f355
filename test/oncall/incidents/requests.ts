import { lineOf, minuteMs } from '../lines.js';
import { request } from '../services.js';
import { failing, type Incident, lines, type Minute } from './incident.js';

const upstreamClosed =
  '{slashed} [error] 31#31: *{id} upstream prematurely closed connection while reading response header from upstream, client: {ip}, server: , request: "GET / HTTP/1.1", upstream: "http://10.0.0.7:8080/", host: "shop"';
const refused =
  '{slashed} [error] 31#31: *{id} connect() failed (111: Connection refused) while connecting to upstream, client: {ip}, server: , request: "GET /cart HTTP/1.1", upstream: "http://10.0.0.7:8080/cart", host: "shop"';

/** What users meet: requests that fail, or don't come. */
export const requestIncidents: readonly Incident[] = [
  {
    name: 'a bad deploy: 10 % of the requests fail',
    change: badDeploy(0.1),
    tell: { alert: /^[\w-]+ web$/, severity: 'critical', within: 4 },
    most: 8,
  },
  {
    name: 'a bad deploy: 5 % of the requests fail',
    change: badDeploy(0.05),
    tell: { alert: /^[\w-]+ web$/, severity: 'critical', within: 6 },
    most: 8,
  },
  {
    name: 'a bad deploy: 2 % of the requests fail',
    change: badDeploy(0.02),
    tell: { alert: /^[\w-]+ web$/, severity: 'warning', within: 12 },
    most: 8,
  },
  {
    name: 'the database is away: everything fails',
    change: (minute) => [
      ...failing(minute.quiet, () => true, 500),
      ...lines(
        minute,
        200,
        'cart',
        '{"level":50,"time":{ms},"pid":1,"msg":"connect ECONNREFUSED 10.0.9.4:5432","err":{"type":"Error","message":"connect ECONNREFUSED 10.0.9.4:5432","stack":"Error: connect ECONNREFUSED 10.0.9.4:5432\\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1607:16)"}}',
      ),
      ...lines(
        minute,
        200,
        'orders',
        "{time} ERROR 1 --- [nio-8080-exec-{n}] c.shop.Orders    : order {id} can't be stored\norg.postgresql.util.PSQLException: Connection to db:5432 refused. Check that the hostname and port are correct.\n\tat org.postgresql.core.v3.ConnectionFactoryImpl.openConnectionImpl(ConnectionFactoryImpl.java:319)\n\tat com.shop.Orders.store(Orders.java:51)",
      ),
      ...lines(
        minute,
        60,
        'billing',
        '{time} ERROR billing.ledger: could not connect to server: Connection refused\nTraceback (most recent call last):\n  File "/app/ledger.py", line 12, in open\n    connect(dsn)\npsycopg2.OperationalError: could not connect to server: Connection refused',
      ),
      ...lines(
        minute,
        60,
        'session',
        '{"level":"error","ts":"{iso}","logger":"session","msg":"dial tcp 10.0.9.4:5432: connect: connection refused"}',
      ),
    ],
    tell: { alert: /^[\w-]+ web$/, severity: 'critical', within: 2 },
    most: 8,
  },
  {
    name: 'a failover of the database: two minutes of errors',
    change: (minute) =>
      minute.number < 2
        ? [
            ...failing(minute.quiet, () => minute.random.chance(0.6), 503),
            ...lines(
              minute,
              100,
              'orders',
              "{time} ERROR 1 --- [nio-8080-exec-{n}] c.shop.Orders    : order {id} can't be stored\njava.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms.\n\tat com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:696)",
            ),
            ...lines(
              minute,
              40,
              'billing',
              '{time} ERROR billing.ledger: terminating connection due to administrator command',
            ),
          ]
        : minute.quiet,
    lasts: 10,
    tell: { alert: /^[\w-]+ web$/, severity: 'critical', within: 2 },
    most: 8,
  },
  {
    name: 'one of 40 tasks fails',
    change: ({ quiet }) => failing(quiet, ({ task }) => task === 'web-7'),
    tell: { alert: /web-7/, severity: 'critical', within: 10 },
    most: 8,
  },
  {
    name: 'an upstream that comes and goes',
    change: (minute) => [
      ...failing(minute.quiet, () => minute.number % 4 < 2 && minute.random.chance(0.05)),
      ...(minute.number % 4 < 2 ? lines(minute, 20, 'web', upstreamClosed) : []),
    ],
    tell: { alert: /^[\w-]+ web$/, severity: 'critical', within: 2 },
    most: 8,
  },
  {
    name: 'an upstream is away',
    change: (minute) => [
      ...failing(minute.quiet, ({ text }) => text.includes('/cart')),
      ...lines(minute, 50, 'web', refused),
    ],
    tell: { alert: /^upstream-down web$/, severity: 'critical', within: 2 },
    most: 8,
  },
  {
    name: 'the public certificate has expired: nearly no requests',
    change: ({ quiet, random }) => quiet.filter(({ service }) => service !== 'web' || random.chance(0.04)),
    tell: { alert: /web$/, severity: 'critical', within: 8 },
    most: 8,
  },
  {
    name: "a provider's certificate has expired",
    change: (minute) => [
      ...minute.quiet.filter(({ service }) => service !== 'billing'),
      ...lines(
        minute,
        18,
        'billing',
        "{time} ERROR billing.api: payment {uuid} failed\nTraceback (most recent call last):\n  File \"/app/api.py\", line 31, in pay\n    provider.charge(card)\nrequests.exceptions.SSLError: HTTPSConnectionPool(host='pay.example.com', port=443): Max retries exceeded with url: /charge (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1000)')))",
      ),
    ],
    tell: { alert: /billing/, severity: 'critical', within: 4 },
    most: 8,
  },
  {
    name: 'requests become slow: ten seconds each',
    change: (minute) => [
      ...minute.quiet,
      ...lines(
        minute,
        6,
        'web',
        '{slashed} [error] 31#31: *{id} upstream timed out (110: Connection timed out) while reading response header from upstream, client: {ip}, server: , request: "GET /search?q=lamp HTTP/1.1", upstream: "http://10.0.0.7:8080/search", host: "shop"',
      ),
    ],
    tell: { alert: /web$/, severity: 'critical', within: 3 },
    most: 8,
  },
  {
    name: 'a wave of 404 by a scraper',
    change: scraped,
    tell: { alert: /^not-found-spike web/, severity: 'info', within: 6 },
    most: 3,
  },
  {
    name: 'one address tries passwords',
    change: (minute) => [...minute.quiet, ...signIns(minute, 60, () => '198.51.100.7')],
    tell: { alert: /^auth-failures web/, severity: 'warning', within: 3 },
    most: 8,
  },
  {
    name: '400 addresses try passwords',
    change: (minute) => [
      ...minute.quiet,
      ...signIns(
        minute,
        200,
        (index) => `198.51.${100 + ((index * 7 + minute.number) % 8)}.${(index * 13 + minute.number * 31) % 50}`,
      ),
    ],
    tell: { alert: /web/, severity: 'warning', within: 4 },
    most: 8,
  },
];

function badDeploy(share: number) {
  return (minute: Minute) =>
    failing(minute.quiet, () => minute.random.chance(share)).map((line) =>
      line.service === 'web' ? { ...line, revision: 'web:142' } : line,
    );
}

function scraped(minute: Minute) {
  const { at, quiet, random } = minute;
  const asked = Array.from({ length: 300 }, (_, index) =>
    lineOf(
      'web',
      index % 40,
      at + (index * minuteMs) / 300,
      request(404, random, { ip: '198.51.100.23', path: `/items/${10_000 + random.below(9999)}` }),
    ),
  );
  return [...quiet, ...asked];
}

function signIns({ at, random }: Minute, count: number, addressOf: (index: number) => string) {
  return Array.from({ length: count }, (_, index) =>
    lineOf(
      'web',
      index % 40,
      at + Math.floor((index * minuteMs) / count),
      request(401, random, { ip: addressOf(index), path: '/login', method: 'POST' }),
    ),
  );
}
