import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { combined } from '../../../../../shared/parse/formats/access/combined.js';

const time = Date.UTC(2026, 10, 22, 16, 41, 2);
const head = '203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET /a HTTP/1.1" 200 12';
const line = `${head} "-" "curl"`;
const columns = { client_ip: '203.0.113.9', method: 'GET', path: '/a', protocol: 'HTTP/1.1', status: 200, bytes: 12 };

type Case = [of: string, line: string, columns: Record<string, unknown>, fields: [string, unknown][]];

const before: Case[] = [
  [
    'vhost_combined',
    'shop.example.com:443 203.0.113.9 - anna',
    { host: 'shop.example.com' },
    [
      ['server_port', 443],
      ['remote_user', 'anna'],
    ],
  ],
  ['a virtual host without a port', 'shop 203.0.113.9 - -', { host: 'shop' }, []],
  [
    'a virtual host and a client by name',
    'shop:80 client.example.net - -',
    { host: 'shop', client_ip: 'client.example.net' },
    [['server_port', 80]],
  ],
  [
    'a virtual host and proxies',
    'shop:80 203.0.113.9, 10.0.0.7 - -',
    { host: 'shop' },
    [
      ['server_port', 80],
      ['x_forwarded_for', '203.0.113.9, 10.0.0.7'],
    ],
  ],
  [
    'several clients',
    '203.0.113.9, 2001:db8::7, unknown - -',
    {},
    [['x_forwarded_for', '203.0.113.9, 2001:db8::7, unknown']],
  ],
  [
    'several clients without spaces',
    '203.0.113.9,10.0.0.7 - anna',
    {},
    [
      ['x_forwarded_for', '203.0.113.9,10.0.0.7'],
      ['remote_user', 'anna'],
    ],
  ],
  [
    'an ident',
    '203.0.113.9 bob anna',
    {},
    [
      ['ident', 'bob'],
      ['remote_user', 'anna'],
    ],
  ],
  ['a user of two words', '203.0.113.9 - Anna Bell', {}, [['remote_user', 'Anna Bell']]],
];

const behind: Case[] = [
  ['a request time', '0.004', { duration_ms: 4 }, []],
  ['X-Forwarded-For', '"198.51.100.7, 10.0.0.7"', {}, [['x_forwarded_for', '198.51.100.7, 10.0.0.7']]],
  ['no X-Forwarded-For', '"-"', {}, []],
  ['X-Forwarded-For and a time', '"198.51.100.7" 0.004', { duration_ms: 4 }, [['x_forwarded_for', '198.51.100.7']]],
  ['a request time and an upstream time', '0.123 0.100', { duration_ms: 123 }, [['upstream_response_time', 0.1]]],
  ['no upstream', '0.123 -', { duration_ms: 123 }, []],
  ['several upstreams', '0.123 0.020, 0.100', { duration_ms: 123 }, [['upstream_response_time', '0.020, 0.100']]],
  [
    'keys',
    'rt=0.123 uct="-" urt="0.020, 0.100" ua="10.0.0.1:80, 10.0.0.2:80" cs=HIT host=shop rid=r1',
    { duration_ms: 123, host: 'shop', request_id: 'r1' },
    [
      ['urt', '0.020, 0.100'],
      ['ua', '10.0.0.1:80, 10.0.0.2:80'],
      ['cs', 'HIT'],
    ],
  ],
  ['a key with its unit', 'duration=4.1ms', { duration_ms: 4.1 }, []],
  [
    'Traefik',
    '42 "shop@docker" "http://10.0.0.1:8080" 4ms',
    { duration_ms: 4 },
    [
      ['request_count', 42],
      ['router_name', 'shop@docker'],
      ['service_url', 'http://10.0.0.1:8080'],
    ],
  ],
  ['Traefik without a router', '42 "-" "-" 0ms', { duration_ms: 0 }, [['request_count', 42]]],
  [
    'ingress-nginx',
    '512 0.004 [default-shop-80] [] 10.0.0.1:80, 10.0.0.2:80 0, 12 0.001, 0.004 502, 200 e08f',
    { duration_ms: 4, request_id: 'e08f' },
    [
      ['request_length', 512],
      ['proxy_upstream_name', 'default-shop-80'],
      ['upstream_addr', '10.0.0.1:80, 10.0.0.2:80'],
      ['upstream_response_length', '0, 12'],
      ['upstream_response_time', '0.001, 0.004'],
      ['upstream_status', '502, 200'],
    ],
  ],
  [
    "Apache's combinedio",
    '340 512',
    {},
    [
      ['bytes_received', 340],
      ['bytes_sent', 512],
    ],
  ],
  ['a number of unknown unit', '48211', {}, [['tail', '48211']]],
  ['an epoch, which is no duration', '"gzip" 1795365662.123', {}, [['tail', '"gzip" 1795365662.123']]],
  ['a quote that never ends', '"198.51.100.7 0.004', {}, [['tail', '"198.51.100.7 0.004']]],
  [
    'a key that comes twice',
    'a=1 a=2 tail=3',
    {},
    [
      ['a', 1],
      ['tail', 'a=2 tail=3'],
    ],
  ],
  ['a number behind an unknown word', '0.004 x 0.1', { duration_ms: 4 }, [['tail', 'x 0.1']]],
  ['two request times', 'rt=0.004 rt=0.005', { duration_ms: 4 }, [['rt', 0.005]]],
  ['unknown and known', '"gzip" 0.004', { duration_ms: 4 }, [['tail', '"gzip"']]],
];

describe.each(before)('combined behind %s', (_, clients, extra, fields) => {
  it('is read', () => {
    expect(combined.parse(line.replace('203.0.113.9 - -', clients))).toEqual({
      type: 'access',
      time,
      columns: { ...columns, user_agent: 'curl', ...extra },
      fields,
    });
  });
});

describe.each(behind)('combined with %s', (_, tail, extra, fields) => {
  it('is read', () => {
    expect(combined.parse(`${line} ${tail}`)).toEqual({
      type: 'access',
      time,
      columns: { ...columns, user_agent: 'curl', ...extra },
      fields,
    });
  });
});

it('reads a request that was never answered', () => {
  expect(combined.parse(head.replace('200 12', '- - "-" "-"'))).toEqual({
    type: 'access',
    time,
    columns: { client_ip: '203.0.113.9', method: 'GET', path: '/a', protocol: 'HTTP/1.1' },
    fields: [],
  });
});

it('gives back hosts, clients, times and keys', () => {
  const host = fc.option(fc.tuple(fc.domain(), fc.integer({ min: 1, max: 65535 })), { nil: undefined });
  const milliseconds = fc.nat({ max: 99_999_999 });
  const value = fc.stringMatching(/^[a-zA-Z/:@][ \w/:@.]{0,20}[\w/:@]$/);
  fc.assert(
    fc.property(
      host,
      fc.array(fc.ipV4(), { minLength: 1, maxLength: 4 }),
      milliseconds,
      value,
      (server, clients, ms, upstream) => {
        const start = `${server ? `${server[0]}:${server[1]} ` : ''}${clients.join(', ')} - -`;
        const parsed = combined.parse(
          `${line.replace('203.0.113.9 - -', start)} "${clients.join(', ')}" rt=${(ms / 1000).toFixed(3)} ua="${upstream}"`,
        );
        expect(parsed?.columns).toEqual({
          ...columns,
          client_ip: clients[0],
          user_agent: 'curl',
          duration_ms: ms,
          ...(server && { host: server[0] }),
        });
        expect(parsed?.fields).toContainEqual(['x_forwarded_for', clients.join(', ')]);
        expect(parsed?.fields).toContainEqual(['ua', upstream]);
      },
    ),
  );
});

it('never loses what stands at the end', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[!-[\]-~]{1,12}( [!-[\]-~]{1,12}){0,5}$/), (tail) => {
      const parsed = combined.parse(`${line} ${tail}`);
      const kept = JSON.stringify([parsed?.columns, parsed?.fields]).replace(/\\(.)/g, '$1');
      for (const word of tail.split(' ')) {
        // A key without a value is absent.
        if (/="?-?"?$/.test(word)) continue;
        const [text = ''] = /[a-zA-Z]{3,}/.exec(word) ?? [];
        expect(kept).toContain(text);
      }
    }),
  );
});

it('is read in time that grows with its length only', () => {
  for (const piece of ['"', ' "', 'a="', ' a="', '[', ' [', '1, ', 'a,', '\\', '= ', '1.1.1.1,', ' -', 'a=1 0.1 ']) {
    const long = piece.repeat(200_000);
    expect(combined.parse(`${line} ${long}`)).toBeDefined();
    combined.parse(line.replace('203.0.113.9 - -', `${long} - -`));
    combined.parse(line.replace('203.0.113.9 - -', `1.1.1.1 ${long}`));
  }
});

it.each(['2026-11-22T16:41:02+00:00', '22/Nov/2026:16:41:02.123 +0000', 'Sun, 22 Nov 2026 16:41:02 GMT'])(
  'reads a line whose time is [%s]',
  (written) => {
    const other = line.replace('22/Nov/2026:16:41:02 +0000', written);
    const read = combined.parse(other);
    expect(read?.columns).toMatchObject(columns);
    expect(read?.time).toBe(written.includes('.123') ? time + 123 : time);
  },
);
