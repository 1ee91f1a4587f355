import { describe, expect, it } from '@jest/globals';
import { readBy, refusal } from '../../../helpers/logFormats.js';

const time = '2026-11-22T16:41:02.000Z';
const requested = { method: 'GET', path: '/a', query: 'b=c', protocol: 'HTTP/1.1' };

/** Layouts as people have them, a line of each, and what it says. */
const layouts: readonly (readonly [name: string, apache: string, line: string, expected: unknown])[] = [
  [
    'common, with microseconds',
    String.raw`LogFormat "%h %l %u %t \"%r\" %>s %b %D" common`,
    '203.0.113.9 - anna [22/Nov/2026:17:41:02 +0100] "GET /a?b=c HTTP/1.1" 304 - 4100',
    {
      time,
      columns: { client_ip: '203.0.113.9', ...requested, status: 304, duration_ms: 4.1 },
      fields: { remote_user: 'anna' },
    },
  ],
  [
    'vhost_combined',
    String.raw`LogFormat "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"" vhost_combined`,
    String.raw`shop.example.com:443 2001:db8::1 - "" [22/Nov/2026:16:41:02 +0000] "GET /a?b=c HTTP/1.1" 200 312 "-" "say \"hi\" \xc3\xa9"`,
    {
      time,
      columns: {
        ...{ client_ip: '2001:db8::1', ...requested, status: 200, bytes: 312, user_agent: 'say "hi" é' },
        host: 'shop.example.com',
      },
      fields: { server_port: 443 },
    },
  ],
  [
    'combinedio',
    String.raw`LogFormat "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %I %O" combinedio`,
    '203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET /a?b=c HTTP/1.1" 200 12 "https://shop.example.com/" "curl/8.5.0" 321 312',
    {
      time,
      columns: {
        ...{ client_ip: '203.0.113.9', ...requested, status: 200, bytes: 12 },
        ...{ referer: 'https://shop.example.com/', user_agent: 'curl/8.5.0' },
      },
      fields: { bytes_received: 321, bytes_sent: 312 },
    },
  ],
  [
    'ssl_request_log, in a CustomLog over two lines',
    'CustomLog logs/ssl_request_log \\\n          "%t %h %{SSL_PROTOCOL}x %{SSL_CIPHER}x \\"%r\\" %b"',
    '[22/Nov/2026:16:41:02 +0000] 203.0.113.9 TLSv1.3 TLS_AES_256_GCM_SHA384 "GET /a?b=c HTTP/1.1" 12',
    {
      time,
      columns: { client_ip: '203.0.113.9', ...requested, bytes: 12 },
      fields: { ssl_protocol: 'TLSv1.3', ssl_cipher: 'TLS_AES_256_GCM_SHA384' },
    },
  ],
  [
    'labelled values between tabs',
    String.raw`LogFormat "host:%h\tuser:%u\ttime:%t\treq:%r\tstatus:%>s\tsize:%b\tua:%{User-Agent}i\treqtime_microsec:%D\tvhost:%{Host}i" ltsv`,
    'host:203.0.113.9\tuser:-\ttime:[22/Nov/2026:16:41:02 +0000]\treq:GET /a?b=c HTTP/1.1\tstatus:200\tsize:12\tua:Mozilla/5.0 (X11)\treqtime_microsec:1500\tvhost:shop',
    {
      time,
      columns: {
        ...{ client_ip: '203.0.113.9', ...requested, status: 200, bytes: 12, user_agent: 'Mozilla/5.0 (X11)' },
        ...{ duration_ms: 1.5, host: 'shop' },
      },
      fields: {},
    },
  ],
  [
    'the parts of a request, both statuses, three durations and two hosts',
    '"%m %U%q %H" %s %>s %T %{ms}T %{us}T %V %{Host}i',
    '"GET /a?b=c HTTP/1.1" 200 404 1 1500 1500123 shop.example.com www.example.com',
    {
      columns: { ...requested, status: 404, duration_ms: 1500.123, host: 'www.example.com' },
      fields: {
        ...{ original_status: 200, request_seconds: 1, request_milliseconds: 1500 },
        canonical_name: 'shop.example.com',
      },
    },
  ],
  [
    'the parts of a request beside the request',
    '"%r" %m %U%q %H',
    '"GET /a?b=c HTTP/1.1" GET /x?y HTTP/1.1',
    {
      columns: requested,
      fields: { request_method: 'GET', uri: '/x', query_string: '?y', server_protocol: 'HTTP/1.1' },
    },
  ],
  [
    'seconds, where there is nothing more exact',
    '%a %T %{c}a %A %{remote}p %{local}p',
    '203.0.113.9 2 10.0.0.7 10.0.0.2 41212 8443',
    {
      columns: { client_ip: '203.0.113.9', duration_ms: 2000 },
      fields: { remote_addr: '10.0.0.7', server_addr: '10.0.0.2', client_port: 41212, local_port: 8443 },
    },
  ],
  [
    'ids, headers, cookies, notes and variables of the environment',
    '%{X-Request-Id}i %{UNIQUE_ID}e %L|%{X-Cache}o|%{session}C|%{ratio}n|%{MY_APP}e|%{X-Tenant}i|%{X-Forwarded-For}i',
    'r-1 u-1 -|HIT from a|s1|50|shop|t 1|203.0.113.9, 10.0.0.7',
    {
      columns: { client_ip: '203.0.113.9', request_id: 'r-1' },
      fields: {
        ...{ unique_id: 'u-1', sent_http_x_cache: 'HIT from a', cookie_session: 's1', ratio: '50', MY_APP: 'shop' },
        ...{ http_x_tenant: 't 1', x_forwarded_for: '203.0.113.9, 10.0.0.7' },
      },
    },
  ],
  [
    'values of some statuses alone, a percent sign and what the server did',
    '%h %400,501{User-agent}i|%!200,304{Referer}i|%<u|100%%|%X|%k|%P|%R|%f',
    '203.0.113.9 -|https://shop.example.com/|anna|100%|+|0|17|proxy-server|/srv/a b',
    {
      columns: { client_ip: '203.0.113.9', referer: 'https://shop.example.com/' },
      fields: {
        ...{ remote_user: 'anna', connection_status: '+', keepalive_requests: 0, pid: 17, handler: 'proxy-server' },
        filename: '/srv/a b',
      },
    },
  ],
  [
    'a quote within quotes, which looks like the end of the value',
    '"%{User-agent}i" %{ratio}n %{msec_frac}t',
    String.raw`"say \" hi" 50 123`,
    { columns: { user_agent: 'say " hi' }, fields: { ratio: '50', time_msec_frac: '123' } },
  ],
  [
    'the id that the application answered with, before that of the module',
    '%{UNIQUE_ID}e %{X-Request-Id}o',
    'unique answered',
    { columns: { request_id: 'answered' }, fields: { unique_id: 'unique' } },
  ],
  [
    'a format whose first value stands in quotes',
    '"%r" %b (%{ratio}n%%) "%{User-agent}i"',
    '"GET /a?b=c HTTP/1.1" 12 (50%) "curl/8.5.0"',
    { columns: { ...requested, bytes: 12, user_agent: 'curl/8.5.0' }, fields: { ratio: '50' } },
  ],
  [
    'JSON that is none, as there were no bytes',
    String.raw`LogFormat "{ \"at\":%{%s}t, \"ip\":\"%a\", \"bytes\":%b, \"host\":\"%v\" }" json`,
    '{ "at":1795365662, "ip":"203.0.113.9", "bytes":-, "host":"shop" }',
    { time, columns: { client_ip: '203.0.113.9', host: 'shop' }, fields: {} },
  ],
  [
    'JSON',
    '{ "time":"%{%Y-%m-%d}tT%{%T}t.%{msec_frac}tZ", "process":"%D", "remoteIP":"%a", "host":"%V", "request":"%U", "query":"%q", "method":"%m", "status":"%>s", "userAgent":"%{User-agent}i", "env":"live" }',
    '{ "time":"2026-11-22T16:41:02.123Z", "process":"4100", "remoteIP":"203.0.113.9", "host":"shop", "request":"/a", "query":"?b=c", "method":"GET", "status":"200", "userAgent":"say \\"hi\\"", "env":"live" }',
    {
      time: '2026-11-22T16:41:02.123Z',
      columns: {
        ...{ client_ip: '203.0.113.9', method: 'GET', path: '/a', query: 'b=c', status: 200, duration_ms: 4.1 },
        ...{ user_agent: 'say "hi"', host: 'shop' },
      },
      fields: { env: 'live' },
    },
  ],
];

describe('a LogFormat of Apache', () => {
  it.each(layouts)('reads %s', (_name, apache, line, expected) => {
    expect(readBy({ apache }, line)).toEqual(expected);
  });

  it.each<[format: string, text: string, expected: string]>([
    ['%t', '[22/Nov/2026:17:41:02 +0100]', time],
    ['%{end}t', '[22/Nov/2026:17:41:02 +0100]', time],
    ['%{sec}t', '1795365662', time],
    ['%{msec}t', '1795365662123', '2026-11-22T16:41:02.123Z'],
    ['%{end:usec}t', '1795365662123999', '2026-11-22T16:41:02.123Z'],
    ['%{sec}t.%{usec_frac}t', '1795365662.123999', '2026-11-22T16:41:02.123Z'],
    ['[%{%d/%b/%Y:%T}t.%{msec_frac}t %{%z}t]', '[22/Nov/2026:11:41:02.123 -0500]', '2026-11-22T16:41:02.123Z'],
    ['%{%Y-%m-%dT%H:%M:%S%z}t', '2026-11-22T16:41:02+0000', time],
    ['%{begin:%FT%TZ}t', '2026-11-22T16:41:02Z', time],
    ['%{%F %T}t UTC', '2026-11-22 16:41:02 UTC', time],
    ['%{%a, %e %B %y %I:%M:%S %p %Z}t', 'Sun, 22 November 26 04:41:02 PM GMT', time],
    ['%{%D %r %z}t', '11/22/26 12:41:02 AM +0000', '2026-11-22T00:41:02.000Z'],
    ['%{%c %z}t', 'Sun Nov  1 16:41:02 2026 +0000', '2026-11-01T16:41:02.000Z'],
    ['%{%s}t', '1795365662', time],
    ['%{%%%FT%T%z}t', '%2026-11-22T16:41:02+0000', time],
  ])('reads the time of %s', (format, text, expected) => {
    expect(readBy({ apache: `${format} %h` }, `${text} shop`)).toEqual({
      time: expected,
      columns: { client_ip: 'shop' },
      fields: {},
    });
  });

  it('leaves a time without a zone to the collector, and keeps its text', () => {
    const expected = { columns: { client_ip: 'shop' }, fields: { time: '2026-11-22 16:41:02' } };
    expect(readBy({ apache: '%{%F %T}t %h' }, '2026-11-22 16:41:02 shop')).toEqual(expected);
  });

  it('takes the more exact of two times', () => {
    expect(readBy({ apache: '%t %{msec}t' }, '[22/Nov/2026:16:41:02 +0000] 1795365662123')).toEqual({
      ...{ time: '2026-11-22T16:41:02.123Z', columns: {} },
      fields: { time: '[22/Nov/2026:16:41:02 +0000]' },
    });
  });

  it.each([
    ['the directive', String.raw`LogFormat "%>s \"%v\"" short`],
    ['the directive in single quotes, behind a comment', `# ours\nlogformat '%>s "%v"' short\nCustomLog logs/a short`],
    ['the directive, broken within its string', 'LogFormat "%>s\n     \\"%v\\"" short'],
    ['its string', String.raw`"%>s \"%v\""`],
    ['its string and its name', `'%>s "%v"' short`],
    ['the format alone', '%>s "%v"'],
    ['the format alone, as it stands in the string', String.raw`%>s \"%v\"`],
  ])('may be pasted as %s', (_name, apache) => {
    expect(readBy({ apache }, '200 "shop"')).toEqual({ columns: { status: 200, host: 'shop' }, fields: {} });
  });

  it.each([
    ['%h %Z', `Apache's LogFormat has no %Z, as in "%Z"; take it out, or write %% for a percent sign`],
    [
      '%h %{Referer',
      '"%{Referer" is no whole directive; close its braces and write its letter, or %% for a percent sign',
    ],
    ['100%', '"%" is no whole directive; close its braces and write its letter, or %% for a percent sign'],
    ['%h %i', '%i needs a name in braces, as in %{Referer}i'],
    ['%{min}T', '%{min}T names no unit that Apache knows; write %{us}T, %{ms}T or %{s}T'],
    [
      '%{%Y-%Q}t',
      '"%Q" in %{%Y-%Q}t is nothing that strftime writes; write the time as %{%Y-%m-%dT%H:%M:%S%z}t, for example',
    ],
    [
      'CustomLog logs/access.log combined',
      'the CustomLog has no format in it, only the name of one; paste the LogFormat of that name',
    ],
    ['LogFormat "%h" a\nLogFormat "%v" b', 'it holds two LogFormat directives; make a format of each'],
    ['LogFormat "%h', 'the quote before "%h" is never closed; close it'],
    ['hello', 'the format holds no value of a request, such as %h; paste it as the server has it'],
    [
      '%b%D',
      'nothing stands between %b and %D, so that no one can tell where the first of them ends; put a character between them, such as a space, here and in the configuration of the server',
    ],
  ])('is refused with the remedy: %s', (apache, message) => {
    expect(refusal({ apache })).toBe(`LogFormatError: ${message}`);
  });
});
