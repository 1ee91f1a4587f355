import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AccessLane } from '../../../shared/lanes/accessLane.js';
import { Origin } from '../../../shared/line/origin.js';
import { renderFields, renderRow } from '../../../shared/line/row.js';
import { defaultNames } from '../../../shared/redact/defaults.js';
import { fromBinary, toBinary } from '../../../shared/text/binary.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { toRow } from '../../../shared/treatment/toRow.js';
import { readLines } from '../../bench/corpus.js';
import { wireRequests } from '../../helpers/firehose.js';

const origin = new Origin({ service: 'web', source: 'stdout', task: 't', cluster: 'c' }, [['container_id', 'a"b']]);

const keepAll = compilePolicy({ redact: { except: defaultNames } });

/** What the lane makes of a line, and what the full parse makes of it. */
function both(
  log: string,
  json: (text: string) => string = JSON.stringify,
): { lane: string | undefined; full: string } {
  const escaped = toBinary(json(log).slice(1, -1));
  const before = '{"log":"';
  const text = `${before}${escaped}","time":"x"}\n{"log":"next \\"line\\" ?"}`;
  const lane = new AccessLane({ mayContainSecret: () => false, isClean: () => true, namesKey: () => false });
  const read = lane.read(text, before.length, before.length + escaped.length, origin);
  const row = toRow({ log, time: 1, origin }, 2, keepAll);
  if (read) expect(read.ts).toBe(row.ts);
  if (read) expect(JSON.parse(`${fromBinary(read.json)}}`).status).toBe(Number(read.status));
  return { lane: read && fromBinary(read.json), full: renderRow(row, renderFields(row)) };
}

describe('the access lane', () => {
  const word = fc.stringMatching(/^[!-~é€]{0,12}$/);
  const escapes = fc.constantFrom(
    '',
    String.raw`\x22`,
    String.raw`\xC3\xA9`,
    String.raw`\"`,
    '\\\\',
    '\\',
    '"',
    '?',
    ' ',
    '\t',
    '\u001b[31m',
    '%20',
  );
  const text = fc.tuple(word, escapes, word, escapes, word).map((parts) => parts.join(''));
  const line = fc
    .record({
      ip: fc.oneof(fc.ipV4(), fc.ipV6(), word),
      before: fc.constantFrom(
        '',
        '',
        '',
        'shop.example.com:443 ',
        'shop.example.com ',
        '203.0.113.9, ',
        '- ',
        'app: ',
        'x ',
      ),
      user: fc.constantFrom('-', '-', '-', 'anna', '', 'a b', '"q"', String.raw`a\x22b`, 'é', '[1'),
      time: fc.constantFrom('22/Nov/2026:16:41:02 +0000', '22/Nov/2026:16:41:03 -0130', '32/Nov/2026:16:41:03 +0000'),
      method: fc.constantFrom('GET', 'POST', 'get', 'PROPFIND', ''),
      target: text,
      protocol: fc.constantFrom('HTTP/1.1', 'HTTP/2.0', 'RTSP/1.0', ''),
      status: fc.constantFrom('200', '404', '099', '000', '20', '2000', '-'),
      bytes: fc.constantFrom('0', '12', '007', '-', '9007199254740993', '1e3'),
      referer: fc.oneof(fc.constant('-'), text),
      agent: fc.oneof(fc.constant('-'), text),
      headers: fc.constantFrom(true, true, true, false),
      tail: fc.constantFrom(
        '',
        ' 0.004',
        ' 12.5',
        ' -',
        ' x',
        ' ',
        ' "-"',
        ' "10.0.0.1"',
        ' "203.0.113.9, 10.0.0.7"',
        ' "203.0.113.9" rt=0.123 urt="0.100"',
        ' host=a container_id=b c=1',
        ' x_forwarded_for=1 remote_user=b',
        ' c=12345678901234567890',
        ' 512 0.004 [default-shop-80] [] 10.0.0.1:8080 12 0.004 200 e085479186fe5311eb1bf9f9b21ced9f',
        ' 42 "shop@docker" "http://10.0.0.1:8080" 4ms',
        '  0.004',
        '0.004',
        ' "a\\"b"',
        ' 42hop@docker" "http://10.0.0.1:8080" 4ms',
      ),
    })
    .map(
      (l) =>
        `${l.before}${l.ip} - ${l.user} [${l.time}] "${l.method} ${l.target} ${l.protocol}" ${l.status} ${l.bytes}${l.headers ? ` "${l.referer}" "${l.agent}"${l.tail}` : ''}`,
    );

  it('gives the very row that the combined format gives', () => {
    fc.assert(
      fc.property(line, (log) => {
        const { lane, full } = both(log);
        if (lane !== undefined) expect(lane).toBe(full);
      }),
      { numRuns: 3000 },
    );
  });

  it('reads at least 98 % of the recorded lines of nginx, as the full parse does', () => {
    const recorded = readLines('web.access.log');
    const wire = wireRequests('plain')
      .flat()
      .map((data) => JSON.parse(data.toString()))
      .filter(({ container_name, source }) => container_name === 'web' && source === 'stdout')
      .map(({ log }) => log);
    for (const [lines, share] of [
      [recorded, 0.98],
      [wire, 1],
    ] as const) {
      const rows = lines.map((log) => both(log));
      expect(rows.filter(({ lane }) => lane !== undefined).length / rows.length).toBeGreaterThanOrEqual(share);
      for (const { lane, full } of rows) if (lane !== undefined) expect(lane).toBe(full);
    }
  });

  it('reads no line whose header holds a quote or backslash as \\u0022 or \\u005c', () => {
    const line = (agent: string) => `::1 - - [22/Nov/2026:16:41:02 +0000] "GET / HTTP/1.1" 200 12 "-" "${agent}"`;
    const coded = (text: string) =>
      JSON.stringify(text).replace('\\"quoted', '\\u0022quoted').replace('\\\\back', '\\u005Cback');
    expect(both(line('a b'), coded).lane).toBeDefined();
    expect(both(line('a\\x"quoted b'), coded).lane).toBeUndefined();
    expect(both(line('a \\back b'), coded).lane).toBeUndefined();
  });

  const at = (address: string, request: string, sizes: string, headers: string) =>
    `${address} - - [22/Nov/2026:16:41:02 +0000] "${request}" ${sizes} ${headers}`;

  it.each<[string, string]>([
    ['a query', at('10.0.0.1', 'GET /a?b=1&c=2 HTTP/1.1', '200 512', '"-" "curl/8.5"')],
    ['an empty query', at('10.0.0.1', 'GET /a? HTTP/1.1', '200 512', '"-" "curl/8.5"')],
    ['two question marks', at('10.0.0.1', 'GET /a?b?c HTTP/1.1', '200 512', '"-" "curl/8.5"')],
    ['no query', at('::1', 'POST / HTTP/2.0', '404 0', '"https://x/" "-"')],
    ['a host name', at('cache-1.example', 'HEAD / HTTP/1.0', '304 1', '"-" "-"')],
    ['bytes of 15 digits', at('10.0.0.1', 'GET / HTTP/1.1', '200 123456789012345', '"-" "-"')],
    ['bytes that end in 9', at('10.0.0.1', 'GET / HTTP/1.1', '499 9', '"-" "-"')],
    ['a duration', at('10.0.0.1', 'GET / HTTP/1.1', '200 512', '"-" "curl/8.5" 0.004')],
    ['an empty target', at('10.0.0.1', 'GET  HTTP/1.1', '200 7', '"-" "-"')],
    ['a user', at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '"-" "-"').replace('- -', '- anna')],
    ['no header', at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '').trim()],
    ['a virtual host', `shop.example.com:443 ${at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '"-" "-"')}`],
    ['several clients', `203.0.113.9, ${at('10.0.0.7', 'GET / HTTP/1.1', '200 7', '"-" "-"')}`],
    ['X-Forwarded-For', at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '"-" "curl/8.5" "203.0.113.9, 10.0.0.7"')],
    ['times by name', at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '"-" "curl/8.5" "-" rt=0.123 urt="0.100"')],
    ['an escaped quote in a header', at('10.0.0.1', 'GET / HTTP/1.1', '200 512', String.raw`"a\"b" "c\x22d"`)],
  ])('reads a line with %s', (_name, log) => {
    const { lane, full } = both(log);
    expect(lane).toBe(full);
  });

  it.each<[string, string]>([
    ['bytes of 16 digits', at('10.0.0.1', 'GET / HTTP/1.1', '200 1234567890123456', '"-" "-"')],
    ['bytes with a leading zero', at('10.0.0.1', 'GET / HTTP/1.1', '200 07', '"-" "-"')],
    ['words for bytes', at('10.0.0.1', 'GET / HTTP/1.1', '200 none', '"-" "-"')],
    ['a status of four digits', at('10.0.0.1', 'GET / HTTP/1.1', '2000 7', '"-" "-"')],
    ['a status of two digits', at('10.0.0.1', 'GET / HTTP/1.1', '20 7', '"-" "-"')],
    ['a status that starts with /', at('10.0.0.1', 'GET / HTTP/1.1', '/00 7', '"-" "-"')],
    ['a status that ends in :', at('10.0.0.1', 'GET / HTTP/1.1', '20: 7', '"-" "-"')],
    ['a tab before the status', at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '"-" "-"').replace('" 200', '"\t200')],
    ['a comma behind the status', at('10.0.0.1', 'GET / HTTP/1.1', '200,7', '"-" "-"')],
    ['no target', at('10.0.0.1', 'GET HTTP/1.1', '200 7', '"-" "-"')],
    ['nothing behind the space after its bytes', at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '')],
    ['one header', at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '"-"')],
    ['a header without end', at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '"-" "curl')],
    ['a key that its collector has too', at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '"-" "-" container_id=7')],
    ['a prefix', `web: ${at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '"-" "-"')}`],
    ['a quote left open behind its headers', at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '"-" "a" b" "c" 4ms')],
    ['a colour in a header', at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '"-" "a\u001b[31mb"')],
    ['a colour behind its headers', at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '"-" "a" \u001b[31mb')],
    ['an address in quotes', at('"10.0.0.1"', 'GET / HTTP/1.1', '200 7', '"-" "-"')],
  ])('leaves a line with %s to the full parse', (_name, log) => {
    expect(both(log).lane).toBeUndefined();
  });

  it('reads lines of one container and second, of the next second and of another container as they are', () => {
    const lane = new AccessLane({ mayContainSecret: () => false, isClean: () => true, namesKey: () => false });
    const other = new Origin({ service: 'shop' });
    const read = (second: string, of: Origin) => {
      const line = toBinary(
        JSON.stringify(at('::1', 'GET / HTTP/1.1', '200 7', '"-" "-"').replace(':02 +', `:${second} +`)).slice(1, -1),
      );
      const row = lane.read(`${line}"`, 0, line.length, of);
      const { service, ts } = JSON.parse(`${row?.json}}`);
      return row && [service, ts, row.ts % 60_000];
    };
    expect([read('02', origin), read('02', origin), read('03', origin), read('03', other), read('02', other)]).toEqual([
      ['web', '2026-11-22 16:41:02.000', 2000],
      ['web', '2026-11-22 16:41:02.000', 2000],
      ['web', '2026-11-22 16:41:03.000', 3000],
      ['shop', '2026-11-22 16:41:03.000', 3000],
      ['shop', '2026-11-22 16:41:02.000', 2000],
    ]);
  });

  it('leaves what a redaction rule concerns to the full parse', () => {
    const logs = [
      at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '"-" "-" token=abc'),
      at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '"-" "-"').replace('- -', '- anna@example.com'),
      at('10.0.0.1', 'GET / HTTP/1.1', '200 7', '"-" "-" n=4111111111111111'),
    ];
    const policy = compilePolicy({
      redact: { rules: [{ name: 'mail', pattern: '[a-z]+@[a-z.]+', replacement: '[mail]' }] },
    });
    const lane = new AccessLane(policy.redactor);
    for (const log of logs) {
      const escaped = JSON.stringify(log).slice(1, -1);
      expect([log, lane.read(`${escaped}"`, 0, escaped.length, origin)]).toEqual([log, undefined]);
    }
  });

  it.each([
    ['a token', `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${'a'.repeat(43)}`],
    ['a card number', '4111111111111111'],
    ['a password', '::password:x'],
    ['a password in an address', 'https://u:p4ssw0rd@x/'],
    ['an IPv6 address', '2001:db8::1'],
    ['an IPv4 address', '203.0.113.9'],
    ['a host name', 'web-01.example.com'],
    ['no client', '-'],
  ])('gives the very row of the full parse for a client that is %s', (_name, client) => {
    const policy = compilePolicy();
    const log = at(client, 'GET / HTTP/1.1', '200 7', '"-" "-"');
    const escaped = JSON.stringify(log).slice(1, -1);
    const row = toRow({ log, time: 1, origin }, 2, policy);
    const read = new AccessLane(policy.redactor).read(`${escaped}"`, 0, escaped.length, origin);
    expect(read?.json ?? renderRow(row, renderFields(row))).toBe(renderRow(row, renderFields(row)));
  });

  it('gives the very row of the full parse, with the usual redaction, wherever a secret stands', () => {
    const policy = compilePolicy();
    const lane = new AccessLane(policy.redactor);
    const secret = fc.constantFrom(
      ...['4111111111111111', '::password:x', 'password=hunter2', 'AKIAIOSFODNN7EXAMPLE', '4111:1111:1111:1111::'],
      `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${'a'.repeat(43)}`,
    );
    const part = fc.oneof(secret, fc.constantFrom('-', 'x', '203.0.113.9', '2001:db8::1'));
    fc.assert(
      fc.property(part, part, part, part, (client, target, referer, agent) => {
        const log = at(client, `GET /${target} HTTP/1.1`, '200 7', `"${referer}" "${agent}"`);
        const escaped = JSON.stringify(log).slice(1, -1);
        const row = toRow({ log, time: 1, origin }, 2, policy);
        const full = renderRow(row, renderFields(row));
        expect(lane.read(`${escaped}"`, 0, escaped.length, origin)?.json ?? full).toBe(full);
      }),
    );
  });

  it('reads no line that is no access line', () => {
    for (const log of ['', '-', ' - - [', 'GET / HTTP/1.1', '{"a":1}', 'x - - [22/Nov/2026:16:41:02 +0000] "'])
      expect(both(log).lane).toBeUndefined();
  });
});
