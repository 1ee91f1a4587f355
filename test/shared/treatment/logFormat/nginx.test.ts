import { describe, expect, it } from '@jest/globals';
import { readBy, refusal } from '../../../helpers/logFormats.js';

const time = '2026-11-22T16:41:02.000Z';
const requested = { method: 'GET', path: '/a', query: 'b=c', protocol: 'HTTP/1.1' };

/** Layouts as people have them, a line of each, and what it says. */
const layouts: readonly (readonly [name: string, nginx: string, line: string, expected: unknown])[] = [
  [
    'main of the packages of nginx',
    `log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';`,
    '10.0.0.1 - - [22/Nov/2026:16:41:02 +0000] "GET /a?b=c HTTP/1.1" 200 12 "-" "curl \\x22x\\x22" "203.0.113.9, 10.0.0.7"',
    {
      time,
      columns: { client_ip: '10.0.0.1', ...requested, status: 200, bytes: 12, user_agent: 'curl "x"' },
      fields: { x_forwarded_for: '203.0.113.9, 10.0.0.7' },
    },
  ],
  [
    "main_ext of nginx's own monitoring",
    `log_format main_ext '$remote_addr - $remote_user [$time_local] "$request" '
      '$status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for" '
      '"$host" sn="$server_name" rt=$request_time ua="$upstream_addr" us="$upstream_status" '
      'ut="$upstream_response_time" ul="$upstream_response_length" cs=$upstream_cache_status' ;`,
    '10.0.0.1 - anna [22/Nov/2026:16:41:02 +0000] "GET /a?b=c HTTP/1.1" 200 12 "-" "-" "-" "shop.example.com" sn="_" rt=0.004 ua="10.0.0.2:80, 10.0.0.3:80" us="502, 200" ut="0.001, 0.003" ul="0, 12" cs=MISS',
    {
      time,
      columns: {
        ...{ client_ip: '10.0.0.1', ...requested, status: 200, bytes: 12, duration_ms: 4 },
        host: 'shop.example.com',
      },
      fields: {
        ...{ remote_user: 'anna', server_name: '_', upstream_cache_status: 'MISS' },
        ...{ upstream_addr: '10.0.0.2:80, 10.0.0.3:80', upstream_status: '502, 200' },
        ...{ upstream_response_time: '0.001, 0.003', upstream_response_length: '0, 12' },
      },
    },
  ],
  [
    'ingress-nginx, of a request that three upstreams were asked for',
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id',
    '2001:db8::1 - a b [22/Nov/2026:16:41:02 +0000] "GET /a?b=c HTTP/1.1" 502 12 "-" "-" 321 0.004 [shop-80] [] 10.0.0.1:80, 10.0.0.2:80 : unix:/run/a.sock 0, 0 : 12 0.001, - : 0.002 502, 504 : 200 abc123',
    {
      time,
      columns: {
        ...{ client_ip: '2001:db8::1', ...requested, status: 502, bytes: 12, duration_ms: 4 },
        request_id: 'abc123',
      },
      fields: {
        ...{ remote_user: 'a b', request_length: 321, proxy_upstream_name: 'shop-80' },
        upstream_addr: '10.0.0.1:80, 10.0.0.2:80 : unix:/run/a.sock',
        ...{ upstream_response_length: '0, 0 : 12', upstream_response_time: '0.001, - : 0.002' },
        upstream_status: '502, 504 : 200',
      },
    },
  ],
  [
    'Kong',
    `log_format kong_log_format '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" kong_request_id: "$kong_request_id"';`,
    '10.0.0.1 - - [22/Nov/2026:16:41:02 +0000] "GET /a?b=c HTTP/1.1" 200 12 "-" "-" kong_request_id: "9f2"',
    {
      time,
      columns: { client_ip: '10.0.0.1', ...requested, status: 200, bytes: 12, request_id: '9f2' },
      fields: {},
    },
  ],
  [
    'words between the values, a request and a list without quotes',
    '$remote_addr - $remote_user [$time_local] $server_name to: $upstream_addr: $request $status upstream_response_time $upstream_response_time msec $msec request_time $request_time',
    '10.0.0.1 - - [22/Nov/2026:16:41:02 +0000] shop.example.com to: 10.0.0.1:80, 10.0.0.2:80: GET /a?b=c HTTP/1.1 200 upstream_response_time 0.001, 0.002 msec 1795365662.123 request_time 0.003',
    {
      time: '2026-11-22T16:41:02.123Z',
      columns: { client_ip: '10.0.0.1', ...requested, status: 200, duration_ms: 3, host: 'shop.example.com' },
      fields: {
        ...{ time_local: '22/Nov/2026:16:41:02 +0000', upstream_addr: '10.0.0.1:80, 10.0.0.2:80' },
        upstream_response_time: '0.001, 0.002',
      },
    },
  ],
  [
    'labelled values between tabs',
    String.raw`log_format ltsv 'time:$time_iso8601\thost:$remote_addr\treq:$request\tstatus:$status\tua:$http_user_agent\treqtime:$request_time\tvhost:$host';`,
    'time:2026-11-22T17:41:02+01:00\thost:10.0.0.1\treq:GET /a?b=c HTTP/1.1\tstatus:404\tua:Mozilla/5.0 (X11; Linux)\treqtime:0.010\tvhost:shop',
    {
      time,
      columns: {
        ...{ client_ip: '10.0.0.1', ...requested, status: 404, user_agent: 'Mozilla/5.0 (X11; Linux)' },
        ...{ duration_ms: 10, host: 'shop' },
      },
      fields: {},
    },
  ],
  [
    'values side by side that tell themselves apart',
    `$remote_addr:$remote_port $scheme://$host:$server_port$request_uri \${request_time}s "$request_method $uri$is_args$args" $server_protocol`,
    '2001:db8::1:41212 https://[::1]:8443/a?b=c 1.500s "GET /x?y" HTTP/2.0',
    {
      columns: {
        ...{ client_ip: '2001:db8::1', host: '[::1]', duration_ms: 1500 },
        ...{ method: 'GET', path: '/a', query: 'b=c', protocol: 'HTTP/2.0' },
      },
      fields: { client_port: 41212, scheme: 'https', server_port: 8443, uri: '/x', args: 'y' },
    },
  ],
  [
    'a user agent without quotes',
    '$remote_addr $http_user_agent $status $http_x_forwarded_for',
    '10.0.0.1 Mozilla/5.0 (X11) 200 Gecko 404 203.0.113.9, 10.0.0.7',
    {
      columns: { client_ip: '10.0.0.1', user_agent: 'Mozilla/5.0 (X11) 200 Gecko', status: 404 },
      fields: { x_forwarded_for: '203.0.113.9, 10.0.0.7' },
    },
  ],
  [
    'variables of a map, a cookie and headers',
    '$remote_addr|$my_var|$cookie_theme|$upstream_http_x_cache|$http_x_request_id|$sent_http_content_type',
    '10.0.0.1|New York|dark|HIT|r-1|text/html; charset=utf-8',
    {
      columns: { client_ip: '10.0.0.1', request_id: 'r-1' },
      fields: {
        ...{ my_var: 'New York', cookie_theme: 'dark', upstream_http_x_cache: 'HIT' },
        sent_http_content_type: 'text/html; charset=utf-8',
      },
    },
  ],
  [
    'a variable in capitals, and a list between characters that it may hold',
    '$HTTP_HOST -$http_x_forwarded_for- $HTTP_X_APP',
    'shop -203.0.113.9, 10.0.0.7- 1.2',
    {
      columns: { client_ip: '203.0.113.9', host: 'shop' },
      fields: { x_forwarded_for: '203.0.113.9, 10.0.0.7', HTTP_X_APP: '1.2' },
    },
  ],
  [
    'a stream of TCP',
    '$remote_addr [$time_local] $protocol $status $bytes_sent $bytes_received $session_time "$upstream_addr"',
    '10.0.0.1 [22/Nov/2026:16:41:02 +0000] TCP 200 5 6 1.500 "10.0.0.2:5432"',
    {
      time,
      columns: { client_ip: '10.0.0.1', status: 200, bytes: 5, duration_ms: 1500 },
      fields: { protocol: 'TCP', bytes_received: 6, upstream_addr: '10.0.0.2:5432' },
    },
  ],
  [
    'the forwarded address where there is no other',
    '$http_x_forwarded_for [$time_iso8601] $bytes_sent',
    '203.0.113.9, 10.0.0.7 [2026-11-22T16:41:02Z] 7',
    {
      time,
      columns: { client_ip: '203.0.113.9', bytes: 7 },
      fields: { x_forwarded_for: '203.0.113.9, 10.0.0.7' },
    },
  ],
  [
    'escape=none, with quotes in a value and nothing in the last',
    `log_format raw escape=none '"$http_user_agent" $status $upstream_cache_status';`,
    '"say "hi" \\" 200',
    { columns: { user_agent: 'say "hi" \\', status: 200 }, fields: {} },
  ],
  [
    'escape=none, with nothing for a number',
    'escape=none $status $upstream_status|$host',
    '200 |shop',
    { columns: { status: 200, host: 'shop' }, fields: {} },
  ],
  [
    'texts in quotes where numbers belong',
    '"$status" "$upstream_status" "$request_time"',
    '"2xx" "none" "soon"',
    { columns: {}, fields: { status: '2xx', upstream_status: 'none', duration_ms: 'soon' } },
  ],
  [
    'numbers that no column holds',
    '$status $body_bytes_sent $bytes_sent',
    '009 99999999999999999999 5',
    {
      columns: { status: 9 },
      fields: { bytes: '99999999999999999999', bytes_sent: 5 },
    },
  ],
];

describe('a log_format of nginx', () => {
  it.each(layouts)('reads %s', (_name, nginx, line, expected) => {
    expect(readBy({ nginx }, line)).toEqual(expected);
  });

  it.each([
    ['its error log', '2026/11/22 16:41:02 [error] 17#17: *1 open() failed'],
    ['a value more', '10.0.0.1 [22/Nov/2026:16:41:02 +0000] "GET / HTTP/1.1" 200 7'],
    ['a value less', '10.0.0.1 [22/Nov/2026:16:41:02 +0000] "GET / HTTP/1.1"'],
    ['a status of four digits', '10.0.0.1 [22/Nov/2026:16:41:02 +0000] "GET / HTTP/1.1" 2000'],
    ['a quote within quotes', '10.0.0.1 [22/Nov/2026:16:41:02 +0000] "GET /" HTTP/1.1" 200'],
    ['nothing', ''],
  ])('leaves a line to the next format that has %s', (_name, line) => {
    expect(readBy({ nginx: '$remote_addr [$time_local] "$request" $status' }, line)).toBeUndefined();
  });

  it('reads a line whose spaces at the end are gone', () => {
    const nginx = `log_format a escape=none '$status "$http_host" $my_var ';`;
    expect(readBy({ nginx }, '200 "shop"')).toEqual({ columns: { status: 200, host: 'shop' }, fields: {} });
  });

  it.each([
    ['the whole directive', `log_format a '$status ' "\\"$host\\"";`],
    [
      'with a comment and within http',
      `# logs\nhttp {\n  log_format a # short\n  '$status "$host"';\n access_log off;\n}`,
    ],
    ['its strings', `'$status '\n'"$host"'`],
    ['one string in double quotes', String.raw`"$status \"$host\""`],
    ['the format alone', '$status "$host"'],
    ['the format alone, with its escapes', 'escape=json $status "$host"'],
    ['the format alone, with braces and line breaks', `\${status}\n"\${host}"\n`],
  ])('may be pasted as %s', (_name, nginx) => {
    expect(readBy({ nginx }, '200 "shop"')).toEqual({ columns: { status: 200, host: 'shop' }, fields: {} });
  });

  it.each([
    ['log_format a;', 'the directive has no string behind its name; paste all of it, up to the ;'],
    [`log_format a 'x $status`, 'the quote before "x $status" is never closed; close it'],
    [`log_format a '$status'; log_format b '$host';`, 'it holds two log_format directives; make a format of each'],
    [`log_format a escape=xml '$status';`, 'nginx has no escape=xml; write escape=default, escape=json or escape=none'],
    [`\${status`, `no name of a variable follows the $ in "\${status"; write $name or \${name}`],
    ['cost: 5 $ $status', `no name of a variable follows the $ in "$ $status"; write $name or \${name}`],
    ['up', 'the format holds no value of a request, such as $remote_addr; paste it as the server has it'],
    [
      '$status $request_time$my_var',
      'nothing stands between $request_time and $my_var, so that no one can tell where the first of them ends; put a character between them, such as a space, here and in the configuration of the server',
    ],
    [
      '$my_var$status',
      'nothing stands between $my_var and $status, so that no one can tell where the first of them ends; put a character between them, such as a space, here and in the configuration of the server',
    ],
  ])('is refused with the remedy: %s', (nginx, message) => {
    expect(refusal({ nginx })).toBe(`LogFormatError: ${message}`);
  });
});

describe('a log_format of nginx that is a JSON object', () => {
  const nginx = `log_format json escape=json '{"@timestamp":"$time_iso8601","app":"shop","status":$status,'
    '"request_time":$request_time,"upstream_response_time":$upstream_response_time,'
    '"req":{"method":"$request_method","url":"$scheme://$host$request_uri","v":1},"ua":"$http_user_agent"}';`;
  const line =
    '{"@timestamp":"2026-11-22T16:41:02+00:00","app":"shop","status":404,"request_time":0.010,"upstream_response_time":0.009,' +
    '"req":{"method":"GET","url":"https://shop.example.com/a?b=c","v":1},"ua":"say \\"hi\\" \\u0001"}';
  const expected = {
    time,
    columns: {
      ...{ method: 'GET', path: '/a', query: 'b=c', status: 404, duration_ms: 10, host: 'shop.example.com' },
      user_agent: 'say "hi" \u0001',
    },
    fields: {
      ...{ app: 'shop', upstream_response_time: 0.009 },
      req: { url: 'https://shop.example.com/a?b=c', v: 1 },
    },
  };

  it('is read by its keys, and keeps constants and what is put together', () => {
    expect(readBy({ nginx }, line)).toEqual(expected);
  });

  it('is read when its collector parsed it and added a key', () => {
    expect(readBy({ nginx }, { ...JSON.parse(line), pod: 'web-1' })).toEqual({
      ...expected,
      fields: { ...expected.fields, pod: 'web-1' },
    });
  });

  it('is read when its collector parsed it and took the time out', () => {
    const { '@timestamp': _, ...rest } = JSON.parse(line);
    const { columns, fields } = expected;
    expect(readBy({ nginx }, rest)).toEqual({ columns, fields });
  });

  it('is read with a number missing, which makes it no JSON', () => {
    const { upstream_response_time: _, ...fields } = expected.fields;
    expect(readBy({ nginx }, line.replace(':0.009', ':'))).toEqual({ ...expected, fields });
  });

  it('is read with the escapes of nginx, which are none of JSON', () => {
    const plain = '{"ua":"$http_user_agent","status":$status}';
    expect(readBy({ nginx: plain }, '{"ua":"say \\x22hi\\x22","status":200}')).toEqual({
      columns: { user_agent: 'say "hi"', status: 200 },
      fields: {},
    });
  });

  it('leaves a line with other keys, or a text, to the next format', () => {
    expect(readBy({ nginx }, '{"level":"info","msg":"started"}')).toBeUndefined();
    expect(readBy({ nginx }, 'started')).toBeUndefined();
  });

  it('takes the address that the PROXY protocol states for the client, before that of a header', () => {
    const read = readBy({ nginx: '$http_x_real_ip $proxy_protocol_addr $status' }, '10.0.0.1 203.0.113.9 200');
    expect(read).toMatchObject({ columns: { client_ip: '203.0.113.9', status: 200 } });
  });

  it('goes by a key that is called as a column, though the client itself stands before it', () => {
    const stated = '{"remote_addr":"$remote_addr","client_ip":"$http_x_real_ip","status":$status}';
    const read = readBy({ nginx: stated }, '{"remote_addr":"10.0.0.1","client_ip":"203.0.113.9","status":200}');
    expect(read).toMatchObject({ columns: { client_ip: '203.0.113.9', status: 200 } });
  });

  it('goes by a key that is called as a column', () => {
    const stated =
      '{"client_ip":"$http_x_forwarded_for","remote_addr":"$remote_addr","host":"$server_name","vhost":"$host"}';
    expect(
      readBy({ nginx: stated }, { client_ip: '203.0.113.9', remote_addr: '10.0.0.1', host: 'shop', vhost: 'w' }),
    ).toEqual({
      columns: { client_ip: '203.0.113.9', host: 'shop' },
      fields: { remote_addr: '10.0.0.1', vhost: 'w' },
    });
  });

  it.each([
    [
      '{"status":"$status","host":"$host",}',
      'the JSON has a comma too many, in {"status":"$status","host":"$host",; take it out, here and in the configuration of the server: no reader takes such lines for JSON',
    ],
    [
      '{"status":"$status" "host":"$host"}',
      'the format starts like a JSON object and is none; look at what follows {"status":"$status"',
    ],
    [
      '{"status":"$status","level":info}',
      'the format starts like a JSON object and is none; look at its commas, colons and quotes',
    ],
  ])('is refused with the remedy: %s', (stated, message) => {
    expect(refusal({ nginx: stated })).toBe(`LogFormatError: ${message}`);
  });
});
