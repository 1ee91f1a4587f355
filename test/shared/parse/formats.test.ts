import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Parsed, parseLine } from '../../../shared/parse/index.js';

const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36';

/** A line, and what it becomes. */
const cases: [string, string, Parsed][] = [
  [
    'nginx combined',
    `203.0.113.9 - anna [22/Nov/2026:17:41:02 +0100] "GET /a/b?c=d&e HTTP/1.1" 200 12 "https://shop.example.com/" "${agent}"`,
    access(
      '2026-11-22T16:41:02Z',
      {
        client_ip: '203.0.113.9',
        method: 'GET',
        path: '/a/b',
        query: 'c=d&e',
        protocol: 'HTTP/1.1',
        status: 200,
        bytes: 12,
        referer: 'https://shop.example.com/',
        user_agent: agent,
      },
      [['remote_user', 'anna']],
    ),
  ],
  [
    'nginx combined with request time',
    '2001:db8::7 - - [22/Nov/2026:16:41:02 +0000] "POST / HTTP/2.0" 499 0 "-" "-" 0.123',
    access('2026-11-22T16:41:02Z', {
      client_ip: '2001:db8::7',
      method: 'POST',
      path: '/',
      protocol: 'HTTP/2.0',
      status: 499,
      bytes: 0,
      duration_ms: 123,
    }),
  ],
  [
    'common log format, no bytes',
    '203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "HEAD /x HTTP/1.0" 304 -',
    access('2026-11-22T16:41:02Z', {
      client_ip: '203.0.113.9',
      method: 'HEAD',
      path: '/x',
      protocol: 'HTTP/1.0',
      status: 304,
    }),
  ],
  [
    "nginx's byte escapes",
    String.raw`203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET /\xD0\xA1 HTTP/1.1" 200 1 "" "a \x22quoted\x22 \xC3\xA9"`,
    access('2026-11-22T16:41:02Z', {
      client_ip: '203.0.113.9',
      method: 'GET',
      path: '/С',
      protocol: 'HTTP/1.1',
      status: 200,
      bytes: 1,
      referer: '',
      user_agent: 'a "quoted" é',
    }),
  ],
  [
    "Apache's quote escapes",
    String.raw`203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET / HTTP/1.1" 200 1 "-" "say \"hi\" \\ bye"`,
    access('2026-11-22T16:41:02Z', {
      client_ip: '203.0.113.9',
      method: 'GET',
      path: '/',
      protocol: 'HTTP/1.1',
      status: 200,
      bytes: 1,
      user_agent: String.raw`say "hi" \ bye`,
    }),
  ],
  [
    'a TLS handshake on an HTTP port',
    String.raw`203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "\x16\x03\x01\xFC" 400 157 "-" "-"`,
    access('2026-11-22T16:41:02Z', {
      client_ip: '203.0.113.9',
      path: String.raw`\x16\x03\x01\xFC`,
      status: 400,
      bytes: 157,
    }),
  ],
  [
    'an access line with more behind it',
    '203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET / HTTP/1.1" 200 1 "-" "curl" "10.0.0.1" 0.004',
    access(
      '2026-11-22T16:41:02Z',
      {
        client_ip: '203.0.113.9',
        method: 'GET',
        path: '/',
        protocol: 'HTTP/1.1',
        status: 200,
        bytes: 1,
        user_agent: 'curl',
        duration_ms: 4,
      },
      [['x_forwarded_for', '10.0.0.1']],
    ),
  ],
  [
    'nginx JSON',
    '{"time":"2026-11-22T16:41:02+00:00","remote_addr":"203.0.113.9","request_method":"GET","request_uri":"/a?b=1","status":200,"body_bytes_sent":12,"request_time":0.004,"http_referer":"","http_user_agent":"curl","request_id":"e08","upstream":"10.0.0.1:80"}',
    access(
      '2026-11-22T16:41:02Z',
      {
        method: 'GET',
        path: '/a',
        query: 'b=1',
        status: 200,
        client_ip: '203.0.113.9',
        bytes: 12,
        duration_ms: 4,
        referer: '',
        user_agent: 'curl',
        request_id: 'e08',
      },
      [['upstream', '10.0.0.1:80']],
    ),
  ],
  [
    'JSON with a request line',
    '{"request":"GET /a HTTP/1.1","status":"404","bytes_sent":"7","host":"shop"}',
    access(undefined, { method: 'GET', path: '/a', protocol: 'HTTP/1.1', status: 404, bytes: 7, host: 'shop' }),
  ],
  [
    'nginx error log',
    '2026/11/22 16:41:02 [error] 7#8: *2 connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.9, server: shop, request: "GET /a, b HTTP/1.1", upstream: "http://10.0.0.1/", host: "shop", referrer: "https://x/"',
    entry(
      'error',
      undefined,
      {
        level: 'error',
        message: 'connect() failed (111: Connection refused) while connecting to upstream',
        logger: 'nginx',
      },
      [
        ['time', '2026/11/22 16:41:02'],
        ['pid', 7],
        ['tid', 8],
        ['connection', 2],
        ['client', '203.0.113.9'],
        ['server', 'shop'],
        ['request', 'GET /a, b HTTP/1.1'],
        ['upstream', 'http://10.0.0.1/'],
        ['host', 'shop'],
        ['referer', 'https://x/'],
      ],
    ),
  ],
  [
    'nginx notice',
    '2026/11/22 16:41:02 [notice] 7#7: start worker processes',
    entry('app', undefined, { level: 'info', message: 'start worker processes', logger: 'nginx' }, [
      ['time', '2026/11/22 16:41:02'],
      ['pid', 7],
      ['tid', 7],
    ]),
  ],
  [
    'Apache error log',
    '[Sun Nov 22 16:41:02.123456 2026] [proxy:error] [pid 35:tid 14] [client 203.0.113.9:357] AH00957: attempt to connect failed [client x] end',
    entry(
      'error',
      undefined,
      { level: 'error', message: 'AH00957: attempt to connect failed [client x] end', logger: 'apache.proxy' },
      [
        ['time', 'Sun Nov 22 16:41:02.123456 2026'],
        ['pid', 35],
        ['tid', 14],
        ['client', '203.0.113.9:357'],
      ],
    ),
  ],
  [
    'pino',
    '{"level":30,"time":1795365696256,"pid":17,"hostname":"web-7f","name":"orders","reqId":"r-1","nested":{"a":[1]},"msg":"order accepted"}',
    entry(
      'app',
      '2026-11-22T16:41:36.256Z',
      { level: 'info', message: 'order accepted', logger: 'orders', request_id: 'r-1' },
      [
        ['pid', 17],
        ['hostname', 'web-7f'],
        ['nested', { a: [1] }],
      ],
    ),
  ],
  [
    'pino with an error',
    '{"level":50,"time":1795365696256,"err":{"type":"TypeError","message":"x is undefined","stack":"TypeError: x is undefined\\n    at a (b.js:1:2)","code":"E1"},"msg":"order failed"}',
    entry(
      'error',
      '2026-11-22T16:41:36.256Z',
      {
        level: 'error',
        message: 'order failed',
        exception: 'TypeError',
        stack: 'TypeError: x is undefined\n    at a (b.js:1:2)',
      },
      [['err', { message: 'x is undefined', code: 'E1' }]],
    ),
  ],
  [
    'winston with a stack',
    '{"level":"error","message":"no","stack":"Error: no\\n    at a (b.js:1:2)","timestamp":"2026-11-22T16:41:36.257Z"}',
    entry('error', '2026-11-22T16:41:36.257Z', {
      level: 'error',
      message: 'no',
      stack: 'Error: no\n    at a (b.js:1:2)',
      exception: 'Error',
    }),
  ],
  [
    'Python logging',
    '2026-11-22 16:41:36,469 ERROR billing: charge failed customer=5',
    entry('error', undefined, { level: 'error', message: 'charge failed customer=5', logger: 'billing' }, [
      ['time', '2026-11-22 16:41:36,469'],
    ]),
  ],
  [
    'Python logging with dashes',
    '2026-11-22 16:41:36,469 - app.billing - WARNING - slow',
    entry('app', undefined, { level: 'warn', message: 'slow', logger: 'app.billing' }, [
      ['time', '2026-11-22 16:41:36,469'],
    ]),
  ],
  [
    "Python logging's default",
    'CRITICAL:root:gone',
    entry('error', undefined, { level: 'fatal', message: 'gone', logger: 'root' }),
  ],
  [
    'java.util.logging in one line',
    '2026-11-22T16:41:37.401Z WARNING [main] com.shop.Checkout - stock low sku=0',
    entry(
      'app',
      '2026-11-22T16:41:37.401Z',
      { level: 'warn', message: 'stock low sku=0', logger: 'com.shop.Checkout' },
      [['thread', 'main']],
    ),
  ],
  [
    'logback',
    '2026-11-22 16:41:37.445 [http-1] ERROR com.shop.Checkout - no\n\tat a.b(C.java:1)',
    entry(
      'error',
      undefined,
      { level: 'error', message: 'no', stack: 'no\n\tat a.b(C.java:1)', logger: 'com.shop.Checkout' },
      [
        ['time', '2026-11-22 16:41:37.445'],
        ['thread', 'http-1'],
      ],
    ),
  ],
  [
    'logfmt',
    'time=2026-11-22T16:41:02.5+01:00 level=WARN msg="slow \\"query\\"" took=32.338µs q= empty=""',
    entry('app', '2026-11-22T15:41:02.5Z', { level: 'warn', message: 'slow "query"' }, [
      ['took', '32.338µs'],
      ['q', ''],
      ['empty', ''],
    ]),
  ],
  [
    'a Java exception',
    'Caused by: java.lang.IllegalStateException: no',
    entry('error', undefined, {
      level: 'error',
      message: 'Caused by: java.lang.IllegalStateException: no',
      exception: 'java.lang.IllegalStateException',
    }),
  ],
  [
    'a Python exception',
    "KeyError: 'missing-5'",
    entry('error', undefined, { level: 'error', message: "KeyError: 'missing-5'", exception: 'KeyError' }),
  ],
  ['a stack frame', '\tat Main.a(Main.java:2)', entry('error', undefined, { message: '\tat Main.a(Main.java:2)' })],
  [
    'a traceback',
    'Traceback (most recent call last):',
    entry('error', undefined, { level: 'error', message: 'Traceback (most recent call last):' }),
  ],
  [
    'text with a level',
    '[ERROR] disk full',
    entry('error', undefined, { level: 'error', message: '[ERROR] disk full' }),
  ],
  ['text', 'listening on :8080', entry('app', undefined, { message: 'listening on :8080' })],
  ['prose with an equals sign', 'x=1 is what I said', entry('app', undefined, { message: 'x=1 is what I said' })],
  ['JSON that is no object', '[1,2]', entry('app', undefined, { message: '[1,2]' })],
  ['broken JSON', '{"level":50,', entry('app', undefined, { message: '{"level":50,' })],
];

describe.each(cases)('%s', (_, line, expected) => {
  it('becomes its columns', () => {
    const parsed = parseLine(line);
    expect({ ...parsed, fields: [...parsed.fields] }).toEqual(expected);
  });
});

describe('any line', () => {
  it('is read without an error, and text that no format claims is kept whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (line) => {
        const parsed = parseLine(line);
        expect(['access', 'error', 'app']).toContain(parsed.type);
      }),
    );
  });

  it('is read in time that grows with its length only, however hostile', () => {
    const hostile = [
      'a',
      ' ',
      '"',
      '\\',
      '=',
      'a=',
      'a.',
      '[',
      '\t',
      ', client: ',
      'at ',
      '1',
      '{"a":',
      'Caused by: a.',
      'web-1  | ',
      '\\x41',
    ];
    for (const piece of hostile) {
      for (const start of [
        '',
        'a=1 ',
        '1 - - [22/Nov/2026:16:41:02 +0000] "',
        '2026/11/22 16:41:02 [error] 7#7: ',
        '2026-11-22 16:41:36 INFO ',
        '[Sun Nov 22 16:41:02 2026] [a:error] ',
      ]) {
        expect(parseLine(start + piece.repeat(200_000))).toBeDefined();
      }
    }
  });
});

describe('a combined access line', () => {
  const word = fc.stringMatching(/^[!#-[\]-~]{1,20}$/);
  it('gives back what was written into it', () => {
    fc.assert(
      fc.property(
        word,
        word,
        fc.integer({ min: 100, max: 599 }),
        fc.nat(),
        fc.stringMatching(/^[ !#-[\]-~]{1,40}$/),
        (ip, target, status, bytes, userAgent) => {
          const parsed = parseLine(
            `${ip} - - [22/Nov/2026:16:41:02 +0000] "GET ${target} HTTP/1.1" ${status} ${bytes} "-" "${userAgent}"`,
          );
          // A line that starts with a brace is JSON's business.
          if (ip.startsWith('{')) return;
          const mark = target.indexOf('?');
          expect(parsed).toMatchObject({
            type: 'access',
            columns: {
              client_ip: ip,
              status,
              bytes,
              path: mark < 0 ? target : target.slice(0, mark),
              ...(userAgent === '-' ? {} : { user_agent: userAgent }),
            },
          });
        },
      ),
    );
  });
});

function access(time: string | undefined, columns: Record<string, unknown>, fields: [string, unknown][] = []): Parsed {
  return { type: 'access', ...timed(time), columns, fields } as Parsed;
}

function entry(
  type: 'error' | 'app',
  time: string | undefined,
  columns: Record<string, unknown>,
  fields: [string, unknown][] = [],
): Parsed {
  return { type, ...timed(time), columns, fields } as Parsed;
}

function timed(time: string | undefined): { time?: number } {
  return time === undefined ? {} : { time: Date.parse(time) };
}
