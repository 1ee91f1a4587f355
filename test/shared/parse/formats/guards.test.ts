import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applicationJson } from '../../../../shared/parse/formats/application/applicationJson.js';
import { plainText } from '../../../../shared/parse/formats/application/plainText.js';
import { jsonFormats, textFormats } from '../../../../shared/parse/formats/index.js';
import { parseObject } from '../../../../shared/parse/json/object.js';

/**
 * A line of the format that loses one part of what the format is known by: `part` of the first sample that has it, or
 * of `line`, becomes `instead`.
 */
type NearMiss = readonly [part: string | RegExp, instead: string, line?: string];

/** What each format must leave to the formats behind it. */
const nearMisses: Readonly<Record<string, readonly NearMiss[]>> = {
  combined: [
    ['203.0.113.9 - anna', 'request'],
    [' [22/Nov', ' 22/Nov'],
    ['+0000] "GET', '+0000 "GET'],
    ['22/Nov/2026', '22/Now/2026'],
    ['HTTP/1.1" 200', 'HTTP/1.1 200'],
    ['" 200 12', '" OK 12'],
    ['" 200 12', '" 2000 12'],
    [' 200 12', ' 200 twelve'],
    [' 200 12', ' 200 1.5'],
  ],
  'alb-access': [
    ['https 2026', 'tcp 2026'],
    ['.186641Z app', '.186641+00:00 app'],
    ['2026-11-22T16', '2026-13-22T16'],
    [' 0.037 200 200', ' 0.037 OK 200'],
    [/ "Root=.*$/, ''],
  ],
  cloudfront: [
    ['2026-11-22\t', '2026-11-22 '],
    ['\t16:41:02\t', '\t16:41\t'],
    [/\tb=c\t.*$/, ''],
    ['\t200\t', '\t-\t'],
  ],
  envoy: [
    ['[2026-11-22T', '[2026-11-22 '],
    ['.123Z] "', '.123] "'],
    ['2026-11-22T16', '2026-13-22T16'],
    [' 204 ', ' OK '],
    [' "http://10.0.0.1:8080"', ''],
    ['"http://10.0.0.1:8080"', 'http://10.0.0.1:8080'],
    ['"10.44.1.27:80"', '10.44.1.27:80'],
  ],
  morgan: [
    ['4.123 ms - 512', '4.123 s - 512'],
    ['ms - 512', 'ms + 512'],
    ['201 4.123 ms', 'OK 4.123 ms'],
    ['201 4.123 ms', '201 fast ms'],
    ['ms - 512', 'ms - many'],
    ['POST /orders', 'posted /orders'],
    ['POST /orders', 'POST the /orders'],
    ['/orders', `/orders/${'7'.repeat(20_000)}`],
    ['12 - 4.123 ms', '12 in 4.123 ms'],
    ['::ffff:10.0.0.1 anna GET', 'anna GET'],
  ],
  'python-access': [
    ['INFO: ', 'ERROR: '],
    [':51234 - ', ' - '],
    [' 200 OK', ' OK'],
    [' 200 OK', ' 200 OK 12'],
    [' - - [22/Nov/2026 ', ' - anna [22/Nov/2026 '],
    ['22/Nov/2026 ', '22/Nov/2026:'],
    [' 200 -', ' - -'],
    [' 200 512', ' 200'],
    [' 200 512', ' 200 512 "-"'],
    ['INFO:werkzeug:', 'INFO:shop:'],
    ['uvicorn.access: ', 'shop: '],
  ],
  'elb-access': [
    ['Z shop 203', ' shop 203'],
    [':2817 ', ' '],
    ['0.000057 200', '0.000057 OK'],
    [' "GET http://shop.example.com:80/a?b=c HTTP/1.1" "curl/8.5.0" - -', ''],
  ],
  'nlb-access': [
    ['tls 2.0', 'tls'],
    [' net/', ' app/'],
    ['2026-11-22T16', '2026-13-22T16'],
    [' 203.0.113.9:51341', ' somewhere'],
    [/ 98 246 .*$/, ''],
  ],
  's3-access': [
    [' [22/Nov', ' 22/Nov'],
    [' REST.GET.OBJECT ', ' GET '],
    [' 203.0.113.9 ', ' client '],
    [' 200 - 113', ' OK - 113'],
    [/ "S3Console.*$/, ''],
  ],
  gin: [
    ['2026/11/22 - ', '2026/11/22 '],
    ['| 200 |', '| OK |'],
    ['| GET ', '| '],
    ['[GIN]', 'GIN'],
  ],
  chi: [
    ['" from ', '" by '],
    [' - 200 12B', ' - 200 12'],
    [' in 123.4µs', ''],
    ['"GET http', '"http'],
  ],
  fiber: [
    ['| 200 |', '| OK |'],
    ['| 203.0.113.9 |', '| client |'],
    ['16:41:02', '16:41'],
    ['/a?b=c ', 'a '],
  ],
  'next-js': [
    [' 200 in 12ms', ' in 12ms'],
    [' in 12ms', ' in 12 minutes'],
    ['GET /orders', 'GET orders'],
    ['GET ', 'FETCH '],
  ],
  'php-server': [
    [' 2026] ', '] '],
    ['[200]: ', '200: '],
    ['203.0.113.9', 'client'],
    ['GET /a', '/a'],
  ],
  'untimed-request': [
    ['203.0.113.9', 'client'],
    [' HTTP/1.1"', '"'],
    ['" 200 12', '" OK 12'],
    ['" 200 12', '" 200'],
  ],
  ltsv: [
    ['\tstatus:200', ''],
    ['\treq:GET /a?b=c HTTP/1.1', ''],
    ['\tsize:12', '\tsize 12'],
    ['status:200', 'status:OK'],
  ],
  haproxy: [
    ['.143]', ']'],
    ['shop/web1', 'shop'],
    [' 200 512 ', ' OK 512 '],
    ['---- 2/1/0/0/0', '2/1/0/0/0'],
    ['tcp-in db/pg1 1/0/5012', 'tcp-in db/pg1 1/0'],
  ],
  'haproxy-connection': [
    ['203.0.113.9', 'client'],
    ['02.143]', '02]'],
    ['https-in/1: ', 'https-in: '],
    ['https-in/1: ', 'https-in/1 '],
  ],
  'haproxy-notice': [
    ['is DOWN', 'is slow'],
    ['shop/web1', 'web1'],
    ['[ALERT]', '[INFO]'],
    ['(1) :', '1 :'],
  ],
  uwsgi: [
    ['[pid: 7|', '[pid: seven|'],
    [' => generated', ' generated'],
    ['4 msecs', '4 seconds'],
    ['(HTTP/1.1 200)', '(HTTP/1.1)'],
  ],
  iis: [
    [' GET ', ' get '],
    [' 200 0 0 15', ' 200 0'],
    ['203.0.113.9', 'client'],
    [' 200 0 0 15', ' OK 0 0 15'],
    ['2026-11-22 16', '2026-13-22 16'],
  ],
  squid: [
    ['1795365662.123', '1795365662'],
    ['TCP_MISS/200', 'TCP_MISS'],
    ['HIER_DIRECT/', ''],
    ['1795365662.123', '195365662.123'],
  ],
  'nginx-proxy-manager': [
    ['[Client ', '['],
    [' 200 - GET', ' OK - GET'],
    ['[Length 192]', ''],
    ['22/Nov/2026', '22/Now/2026'],
  ],
  'apache-ssl-request': [
    ['TLSv1.3', 'TCP'],
    ['" 1375', '" many'],
    ['22/Nov/2026', '22/Now/2026'],
  ],
  'php-fpm-access': [
    ['10.0.0.7 ', 'client '],
    ['22/Nov/2026:16', '22/Nov/2026 16'],
    [' +0000', ''],
    ['"GET /index.php"', 'GET /index.php'],
    ['" 200', '" OK'],
    ['" 200', '" 200 12'],
  ],
  'nginx-error': [
    ['2026/11/22', '2026-11-22'],
    ['[error]', 'error'],
    ['7#7: ', '7: '],
    ['7#7: ', '7#7 '],
  ],
  'apache-error': [
    ['[Sun Nov', '[Nov'],
    [' 2026] ', '] '],
    ['[proxy:error]', 'proxy:error'],
  ],
  'spring-boot': [
    ['.445Z', 'Z'],
    [' INFO ', ' info '],
    [' --- ', ' -- '],
    ['[shop] [           main] ', ''],
    [' : checkout', ' checkout'],
  ],
  'mysql-error': [
    ['.123456Z', '.123Z'],
    ['Z 0 [ERROR]', 'Z [ERROR]'],
    ['[ERROR]', '[FAILURE]'],
    ['[Note]', '[note]'],
    ['[Warning]', 'Warning'],
  ],
  'postgres-csv': [
    ['02.123 UTC', '02 UTC'],
    ['"shop"', 'shop'],
    [',ERROR,', ',SEVERE,'],
    [',"relation', ',x"relation'],
    [',"psql","client backend",,0', ''],
  ],
  postgres: [
    // A prefix of neither a time, a process nor a user.
    [/^2026-11-22 16:41:02\.123 UTC \[7\] ERROR/, 'web ERROR'],
    // The label of a further part is none of the first line.
    ['ERROR:  ', 'ERROR: '],
    ['LOG:  ', 'TRACE:  '],
    ['shop@orders LOG', 'shop@ordersLOG'],
    ['shop@orders', 'x'.repeat(400)],
  ],
  'mysql-slow': [
    ['# Time: 2026', '# Time 2026'],
    ['# Time: 2026', 'Time: 2026'],
  ],
  'django-request': [
    ['Internal Server Error: /', 'Internal Server Fault: /'],
    ['Internal Server Error: /', 'Internal Server Error /'],
    ['(POST): /', '(POST) /'],
  ],
  redis: [
    ['1:M ', 'M '],
    ['1:M ', '1:m '],
    ['.123 # ', ' # '],
    [' # ', ' ! '],
  ],
  celery: [
    ['[2026-11-22 16:41:02,123: INFO', '2026-11-22 16:41:02,123: INFO'],
    [',123: INFO', ': INFO'],
    [': INFO', ' INFO'],
    ['INFO/', 'info/'],
    ['INFO/MainProcess', 'INFO'],
  ],
  monolog: [
    ['[2026-11-22T', '[22-Nov-2026T'],
    ['shop.WARNING', 'WARNING'],
    ['.WARNING', '.warning'],
    ['WARNING: ', 'WARNING '],
  ],
  'php-error': [
    [' UTC] PHP', '] PHP'],
    ['PHP Fatal', 'Fatal'],
    ['Fatal error:', 'Fatal failure:'],
    ['PHP Warning:  ', 'PHP Warning '],
  ],
  'php-fpm': [
    ['[22-Nov-2026 16:41:02] NOTICE', '22-Nov-2026 16:41:02 NOTICE'],
    ['[22-Nov-2026', '[2026-11-22'],
    ['NOTICE: fpm', 'INFO: fpm'],
    ['NOTICE: fpm', 'NOTICE fpm'],
  ],
  'ruby-logger': [
    ['W, [', 'X, ['],
    ['W, [', 'W ['],
    [' #7]', ' 7]'],
    ['  WARN ', '  warn '],
    [' -- ', ' - '],
    ['billing: ', 'billing '],
  ],
  'rails-request': [
    ['Started GET', 'Started get'],
    ['"/orders?page=2"', '/orders?page=2'],
    [' for 203.0.113.9', ''],
    [' +0000', ''],
    ['Completed 500', 'Completed all'],
    ['in 12ms', 'in 12s'],
    ['1234)', '1234) and more'],
  ],
  'dotnet-console': [
    ['info: ', 'note: '],
    ['[14]\n', '\n'],
    ['[14]\n', '[14]:'],
    ['Microsoft.Hosting', 'Microsoft Hosting'],
    ['<3>', '<8>'],
    ['<3>Shop', '<3> Shop'],
    ['<3>Shop.Checkout[0]', '<3>Shop.Checkout'],
  ],
  'serilog-console': [
    ['16:41:02 ', '16:41 '],
    ['ERR]', 'ERROR]'],
    ['ERR] ', 'ERR]'],
  ],
  'bar-separated': [
    ['.1234|', '|'],
    ['|ERROR|', '|error|'],
    ['|checkout', ' checkout'],
    ['| INFO ', '| info '],
    [':52 - ', ' - '],
    [':52 - ', ':52: '],
  ],
  glog: [
    ['E1122', 'D1122'],
    ['.123456', '.123'],
    [' 7 reflector', ' reflector'],
    [':138] ', '] '],
    [':138] ', ':138 '],
  ],
  'zap-console': [
    ['.123Z\t', '.123\t'],
    ['Z\tWARN', 'Z WARN'],
    ['\tWARN\t', '\tCART\t'],
  ],
  'erlang-report': [
    ['=ERROR ', 'ERROR '],
    [' REPORT==== ', ' NOTE==== '],
    ['::16', ' 16'],
    [' ===\n', '\n'],
  ],
  'syslog-5424': [
    ['<165>', '<265>'],
    ['>1 2026', '>2 2026'],
    [' ID47', ''],
    ['[shop@32473', '[ shop@32473'],
    ['customer="5"', 'customer=5'],
    ['"] charge', '"]charge'],
  ],
  'java-util-logging': [
    ['Nov 22, ', 'Nov 22 '],
    // A level there makes it a line of another layout.
    [' com.shop.Checkout main', ' INFO main'],
    [' main', ' main()'],
    ['\nSEVERE: ', '\nSevere: '],
  ],
  log4j1: [
    ['467 ', '467ms '],
    ['[main]', 'main'],
    ['ERROR', 'error'],
    [' - ', ' '],
  ],
  'timed-text': [
    ['22 16:41:36,469 ERROR', '22 ERROR'],
    ['ERROR billing: ', 'billing '],
    // A level for some loggers, but not here.
    ['ERROR billing: ', 'http: '],
    ['[INFO] Booting', '[PID] Booting'],
  ],
  'timed-message': [
    ['16:41:02 UTC', '16h41 UTC'],
    [' UTC 2026 ', ' UTC '],
    ['[1795365662.123]', '1795365662.123'],
    ['[1795365662.123]', '[95365662.123]'],
  ],
  'syslog-3164': [
    ['<34>', '<344>'],
    ['Nov 22', 'nov 22', 'Nov 22 16:41:02 web-1 sshd[7]: closed'],
    ['sshd[7]: ', 'sshd[7] ', 'Nov 22 16:41:02 web-1 sshd[7]: closed'],
    ['Nov 22 16:41:02 web-1 cron', '<a>web-1 cron'],
    ['<3>kernel', '<3> kernel'],
    ['<3>', '<299>'],
  ],
  'syslog-file': [
    ['.123456+00:00', '.123456'],
    [/(\+00:00 web-1 cron)\[812\]/, '$1'],
    ['app[web.1]', 'shop[web.1]'],
    ['app[web.1]: ', 'app[web.1] '],
  ],
  'python-default': [
    ['ERROR:', 'ERR:'],
    [':billing:', ':billing '],
    [':billing:', ':the billing:'],
    ['INFO:     A', 'INFO: A'],
  ],
  logfmt: [
    ['time=', '@time='],
    [/ level=.*$/, ''],
    [' level=WARN', ' WARN'],
    ['query"', 'query'],
    [/^time(.*) level(.*) msg/, 'a$1 b$2 c'],
  ],
  'python-warning': [
    [':12: ', ': '],
    ['/app/billing', '/app/the billing'],
    ['DeprecationWarning: ', 'Deprecation: '],
    ['DeprecationWarning: ', 'DeprecationWarning '],
  ],
  'stack-trace': [
    ['java.lang.IllegalStateException: ', 'trouble: '],
    ['\tat com', '\tin com'],
    ['KeyError: ', 'Key: '],
    ['(most recent call last)', '(most recent)'],
    ['panic: ', 'no panic: '],
  ],
  'go-log': [
    ['2026/11/22', '2026-11-22'],
    ['16:41:02 listening', '16:41 listening'],
    ['.123456 main', '.123 main'],
  ],

  caddy: [
    ['"request":', '"asked":'],
    [
      '"request":{"method":"GET","uri":"/a"}',
      '"request.method":"GET","request.uri":"/a"',
      '{"request":{"method":"GET","uri":"/a"},"size":12,"status":200}',
    ],
    ['"size":12,', ''],
    ['"status":200', '"status":"-"'],
    ['"method":"GET",', ''],
  ],
  'cloudfront-json': [
    ['"sc-status"', '"status"'],
    ['"sc-status":"200"', '"sc-status":"-"'],
    ['"cs-method":"GET",', ''],
    ['"cs-uri-stem"', '"cs-uri"'],
  ],
  'envoy-json': [
    ['"response_flags":"-",', ''],
    ['"response_code":200', '"response_code":null'],
    ['"method":"GET",', ''],
    ['"path":', '"route":'],
  ],
  'traefik-json': [
    ['"DownstreamStatus"', '"Status"'],
    ['"DownstreamStatus":200', '"DownstreamStatus":"-"'],
    ['"RequestMethod":"GET",', ''],
    ['"RequestPath"', '"Path"'],
  ],
  'access-json': [
    ['"status":200,', ''],
    ['"request_method":"GET",', ''],
    ['"request_uri":"/a?b=1",', ''],
    // Errors that name the request they failed in.
    ['"status":200', '"status":200,"level":"error","err":{"message":"no"}'],
    ['"status":200', '"status":200,"level":"error","stack":"Error: no"'],
  ],
  'serilog-compact': [
    ['"@t":', '"t":'],
    ['"@mt":', '"mt":'],
    ['"@m":"Order 7 failed"', '"@m":7'],
  ],
  'serilog-json': [
    ['"MessageTemplate":', '"Template":'],
    ['"MessageTemplate":"Order {OrderId} is late"', '"MessageTemplate":7'],
    ['"Timestamp":"2026-11-22T16:41:36Z",', '', '{"Timestamp":"2026-11-22T16:41:36Z","MessageTemplate":"late"}'],
  ],
  'rust-tracing-json': [
    ['"level":"ERROR",', ''],
    ['"level":"ERROR"', '"level":4'],
    ['"fields":', '"values":', '{"level":"INFO","fields":{"message":"paid"}}'],
    ['"target":"shop::orders"', '"target":"orders"'],
    ['"target":"shop::orders"', '"target":"shop::orders#7"'],
  ],
  'journald-json': [
    ['"MESSAGE":', '"Text":'],
    ['"MESSAGE":"failed to start container"', '"MESSAGE":[256]'],
    ['"PRIORITY":', '"priority":', '{"PRIORITY":"3","MESSAGE":"no"}'],
  ],
  'mongodb-json': [
    ['"t":', '"time":'],
    ['"$date":"2026-11-22T16:41:36.256+00:00"', '"$date":"today"'],
    ['"s":"E"', '"s":4'],
    ['"c":"STORAGE",', ''],
    ['"msg":', '"text":'],
  ],
  'postgres-json': [
    ['"error_severity":', '"severity":'],
    ['"error_severity":"ERROR"', '"error_severity":4'],
    ['"message":', '"text":'],
  ],
  'log4j2-json': [
    ['"loggerName":', '"logger":'],
    ['"instant":', '"moment":'],
    ['"epochSecond":1795365697', '"epochSecond":"today"'],
    ['1795365697445', '"1795365697445"', '{"timeMillis":1795365697445,"loggerName":"com.shop.Checkout"}'],
  ],
  'dotnet-console-json': [
    ['"LogLevel":"Error",', ''],
    ['"LogLevel":"Error"', '"LogLevel":4'],
    ['"Category":"Shop.Orders",', ''],
    ['"Category":"Shop.Orders"', '"Category":7'],
  ],
  'monolog-json': [
    ['"level_name":"ERROR",', ''],
    ['"level_name":"ERROR"', '"level_name":400'],
    ['"channel":"shop",', ''],
    ['"channel":"shop"', '"channel":7'],
  ],
  'opentelemetry-json': [
    ['"severityNumber":9', '"level":9', '{"severityNumber":9,"body":"order accepted"}'],
    ['"SeverityText":"Error"', '"Level":"Error"', '{"SeverityText":"Error","Body":"order accepted"}'],
    ['"timeUnixNano":', '"time":', '{"timeUnixNano":"1795365696256000000","body":"order accepted"}'],
    ['"Body":', '"Text":', '{"Timestamp":"1795365696256000000","Body":"order accepted"}'],
  ],
  gelf: [
    ['"short_message":', '"message":'],
    ['"short_message":"checkout failed"', '"short_message":7'],
    ['"version":"1.1",', ''],
    ['"version":"1.1"', '"version":1.1'],
  ],
};

/** The last of their kind: they take what all others left. */
const unguarded = [plainText.name, applicationJson.name];

/** The formats under what they have in common: to read a line as it came. */
const formats = [
  ...textFormats.map(({ name, samples, parse }) => ({ name, samples, parse: (line: string): unknown => parse(line) })),
  ...jsonFormats.map(({ name, samples, parse }) => ({
    name,
    samples,
    parse(line: string): unknown {
      const object = parseObject(line);
      if (!object) throw new Error(`no JSON object: ${line}`);
      return parse(object);
    },
  })),
];

it('has near misses of every format that does not take everything', () => {
  const names = formats.map(({ name }) => name).filter((name) => !unguarded.includes(name));
  expect(Object.keys(nearMisses).sort()).toEqual(names.sort());
  expect(Object.values(nearMisses).filter((ofFormat) => ofFormat.length < 2)).toEqual([]);
});

describe.each(formats.filter(({ name }) => !unguarded.includes(name)))('$name', ({ name, samples, parse }) => {
  const cases = (nearMisses[name] ?? []).map(([part, instead, line]) => {
    const lines = line === undefined ? samples.map((sample) => sample.line) : [line];
    const whole = lines.find((each) => each.replace(part, instead) !== each) ?? '';
    return { part: String(part), instead: instead.slice(0, 40), whole, missed: whole.replace(part, instead) };
  });

  it.each(cases)('leaves a line alone that has $instead for $part', ({ whole, missed }) => {
    expect(missed).not.toBe(whole);
    expect(parse(whole)).toBeDefined();
    expect(parse(missed)).toBeUndefined();
  });
});

describe('a format that takes everything', () => {
  it('plain-text takes any line', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (line) => expect(plainText.parse(line)).toBeDefined()));
  });

  it('application-json takes any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) =>
        expect(applicationJson.parse(object)).toBeDefined(),
      ),
    );
  });
});
