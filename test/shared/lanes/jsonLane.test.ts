import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JsonLane } from '../../../shared/lanes/jsonLane.js';
import { Origin } from '../../../shared/line/origin.js';
import { entryRow, renderFields, renderRow } from '../../../shared/line/row.js';
import { jsonFormats } from '../../../shared/parse/formats/index.js';
import { fromBinary, toBinary } from '../../../shared/text/binary.js';
import { compilePolicy, type LinePolicy } from '../../../shared/treatment/policy.js';
import { toRow } from '../../../shared/treatment/toRow.js';
import { readLines } from '../../bench/corpus.js';

const columns = { service: 'edge', source: 'stdout', task: 't', cluster: 'c' };

/** Reads lines one after the other as the RecordReader does, and compares each row of the lane with the full parse. */
function readAll(
  logs: readonly string[],
  policy: LinePolicy = compilePolicy(),
  extra: Origin['extra'] = [['container_id', 'a"b']],
  lane = new JsonLane(policy),
) {
  const origin = policy.origin(new Origin(columns, extra));
  let taken = 0;
  for (const log of logs) {
    const escaped = toBinary(JSON.stringify(log).slice(1, -1));
    const before = '{"log":"';
    const text = `${before}${escaped}","time":"x"}\n{"log":"{\\"next\\":1}"}`;
    const row = toRow({ log, time: 1, origin }, 2, policy);
    const full = renderRow(row, renderFields(row));
    const read = lane.read(text, before.length, before.length + escaped.length, origin, 1);
    if (read) {
      taken++;
      expect(fromBinary(read.json)).toBe(full);
      expect([read.type, read.ts]).toEqual([row.type, row.ts]);
      if (read.type === 'access') expect(read.status).toBe(String(JSON.parse(`${full}}`).status ?? ''));
      if (read.type === 'app' && row.type === 'app') {
        const entry = entryRow(row, renderFields(row));
        for (const [column, value] of Object.entries(entry))
          expect([column, read.entry[column as 'message']]).toEqual([column, value]);
      }
    } else if (row.type !== 'error') {
      lane.learn(text, before.length, before.length + escaped.length, origin, 1, { ts: row.ts, json: toBinary(full) });
    }
  }
  return taken;
}

const recorded = readLines('edge.access.json.log');

describe('the JSON lane', () => {
  it('takes nearly all lines of a real server once it knows their shapes', () => {
    expect(readAll([...recorded, ...recorded, ...recorded])).toBeGreaterThan(2.6 * recorded.length);
  });

  it.each(['orders.log', 'cart.log'])('takes most lines of %s, errors and secrets aside', (file) => {
    const lines = readLines(file);
    expect(readAll([...lines, ...lines, ...lines, ...lines])).toBeGreaterThan(2 * lines.length);
  });

  it('copies arrays, and leaves those to the full parse that are not written as JSON.stringify writes them', () => {
    const line = (items: string) => `{"time":"2026-11-22T16:41:02Z","level":"info","msg":"placed","items":${items}}`;
    const plain = Array.from({ length: 40 }, (_, n) =>
      line(`[{"sku":"tea-${n}","price":${n}.5,"tags":[]},null,[${n}]]`),
    );
    expect(readAll(plain)).toBeGreaterThanOrEqual(15);
    const odd = [
      '[1.0]',
      '[-0]',
      '[1e3]',
      '[ 1]',
      '["\\n"]',
      '[{"2":1,"1":2}]',
      '[{"a":1,"a":2}]',
      '[1,]',
      '[12345678901234567890]',
    ];
    const any = fc.oneof(
      fc.constantFrom(...odd),
      fc.array(fc.jsonValue(), { maxLength: 4 }).map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 5 }), (arrays) => {
        readAll([...plain, ...arrays.map(line)]);
      }),
    );
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(readAll([...plain, ...odd.map(line)])).toBe(readAll(plain));
    const lane = new JsonLane(compilePolicy());
    expect(() => lane.learn(`${deep}"`, 0, deep.length, new Origin({}), 0, { ts: 0, json: '' })).not.toThrow();
  });

  it('puts values that have no column into fields, before those of the collector', () => {
    const line = (n: number) =>
      `{"time":"2026-11-22T16:41:${String(n % 60).padStart(2, '0')}Z", "method":"GET", "uri":"/a/${n}", "status":200, "upstream":"10.0.0.${n}:80", "cpu":${n / 4}, "empty":"", "ms":${n}}`;
    const lines = Array.from({ length: 200 }, (_, n) => line(n));
    expect(readAll(lines)).toBeGreaterThan(150);
    expect(readAll(lines, compilePolicy(), [])).toBeGreaterThan(150);
  });

  it('puts a nested object into fields as it stands in the line', () => {
    const line = (n: number) =>
      `{"level":30,"time":${1795365696256 + n},"req":{"method":"GET","tls":true,"from":{"ip":"10.0.0.${n}","note":""}},"msg":"done ${n}","last":{"n":${n}}}`;
    expect(readAll(Array.from({ length: 100 }, (_, n) => line(n)))).toBeGreaterThan(70);
  });

  const value = fc.oneof(
    fc.constantFrom(
      '',
      '-',
      '/',
      '/a?b=c',
      '/a?',
      'GET',
      'https://x/',
      '203.0.113.9',
      'password=hunter2',
      'a"b',
      'a\\b',
      'é€',
      '\u0001',
      '2026-11-22T16:41:02Z',
      '4.1ms',
      '::ffff:10.0.0.1',
      '10.0.0.1:80',
    ),
    fc.string({ maxLength: 12 }),
    fc.constant(['curl']),
    fc.constantFrom(0, -0, 1, 200, 404, 499.5, 0.004, 1e21, 9_007_199_254_740_992, -1, 4_100_000, 1795365662.1234567),
    fc.constantFrom(true, null),
    fc.constant({ a: 1 }),
  );
  const keys = [
    'time',
    'remote_addr',
    'request_method',
    'request_uri',
    'status',
    'body_bytes_sent',
    'request_time',
    'http_referer',
    'http_user_agent',
    'request_id',
    'host',
    'upstream',
    'level',
    'msg',
    'latency',
    'latency_human',
    'remote_ip',
    'headers',
  ];
  const base = {
    time: '2026-11-22T16:41:02+00:00',
    remote_addr: '203.0.113.9',
    request_method: 'GET',
    request_uri: '/a?b=1',
    status: 200,
    body_bytes_sent: 12,
    request_time: 0.004,
    http_user_agent: 'curl',
    request_id: 'e085',
  };

  it('gives the very row of the full parse, or leaves the line to it, whatever the values', () => {
    const odd = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 3 });
    const usual = Array.from({ length: 24 }, (_, n) => ({ ...base, body_bytes_sent: n, request_time: n / 1000 }));
    expect(readAll(usual.map((each) => JSON.stringify(each)))).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.array(odd, { minLength: 5, maxLength: 30 }), (lines) => {
        readAll([...usual, ...lines.map((each) => ({ ...base, ...each }))].map((each) => JSON.stringify(each)));
      }),
      { numRuns: 300 },
    );
  });

  it('reads method, target and status from nested objects', () => {
    const line = (n: number) =>
      `{"level":30,"time":${1795365696256 + n},"req":{"method":"GET","url":"/api/orders/${n}?a=${n}"},"res":{"statusCode":${n % 2 ? 200 : 404}},"responseTime":${n + 0.5},"msg":"request completed"}`;
    expect(readAll(Array.from({ length: 100 }, (_, n) => line(n)))).toBeGreaterThan(70);
  });

  it('gives the very row of the full parse for application lines too, or leaves the line to it', () => {
    const entry = {
      level: 30,
      time: 1795365696256,
      pid: 7,
      hostname: 'h',
      logger: 'orders',
      reqId: 'r-1',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      user: { id: 1, tags: { a: 'b' } },
      msg: 'order accepted',
    };
    const entryValue = fc.oneof(
      value,
      fc.constantFrom(
        'info',
        'error',
        'warn',
        20,
        50,
        '30',
        '0',
        '00000000000000000000000000000000',
        'Error: no\n    at a (b.js:1:2)',
        1795365696257,
        '2026-11-22T16:41:02.5+01:00',
      ),
    );
    const odd = fc.dictionary(
      fc.constantFrom(...Object.keys(entry), 'name', 'err', 'stack', 'log_type', 'severity', 'message'),
      entryValue,
      { maxKeys: 3 },
    );
    const usual = Array.from({ length: 24 }, (_, n) => ({ ...entry, time: entry.time + n, msg: `order ${n}` }));
    expect(readAll(usual.map((each) => JSON.stringify(each)))).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.array(odd, { minLength: 5, maxLength: 30 }), (lines) => {
        readAll([...usual, ...lines.map((each) => ({ ...entry, ...each }))].map((each) => JSON.stringify(each)));
      }),
      { numRuns: 300 },
    );
  });

  const time = (n: number) => new Date(1795365696256 + n).toISOString();

  it.each<[string, (n: number) => string]>([
    [
      'an access line with no key to spare, whose first duration is 0',
      (n) =>
        `{"time":"${time(n)}","request_method":"GET","request_uri":"/","status":200,"body_bytes_sent":12,"request_time":0.000,"id":"${n}"}`,
    ],
    [
      'an access line with quoted numbers and the request in one',
      (n) =>
        `{"ts":"${time(n)}","client":"10.0.0.1","request":"GET /a?b=${n} HTTP/1.1","status":"200","bytes_sent":"${n}","request_time":"0.0${(n % 90) + 10}"}`,
    ],
    [
      'pino, whose `pid` makes a logger of `name`',
      (n) => `{"level":30,"time":${1795365696256 + n},"pid":17,"hostname":"h","name":"shop","msg":"m ${n}","v":0}`,
    ],
    [
      'bunyan in another order',
      (n) => `{"name":"shop","hostname":"h","pid":${17 + (n % 3)},"level":30,"msg":"m ${n}","time":"${time(n)}","v":0}`,
    ],
    [
      'a secret under a key that names it',
      (n) =>
        `{"authorization":"Bearer eyJhbGciOiJIUzI1NiJ9.e30.${n}","keys":${n},"level":"info","message":"m","timestamp":"${time(n)}"}`,
    ],
    [
      'a nested secret, and one that is a number',
      (n) =>
        `{"level":"info","msg":"m","time":"${time(n)}","req":{"headers":{"cookie":"a=${n}; b"}},"pin":{"a":${n}},"token":${123456 + n}}`,
    ],
    [
      'escapes in messages and fields',
      (n) =>
        `{"level":"info","msg":"said \\"${n}\\" at\\n\\tC:\\\\x \\/ \\u00e9","time":"${time(n)}","sql":"select ${n}\\nfrom \\"a\\""}`,
    ],
    [
      'escaped slashes in a path',
      (n) => `{"time":"${time(n)}","method":"GET","path":"\\/a\\/${n}?b=\\/","status":200,"ref":"\\/x"}`,
    ],
    ['a line without a time, which has that of its collector', (n) => `{"level":"info","msg":"m ${n}","ms":${n}}`],
    [
      'a nested object of which some values have columns',
      (n) =>
        `{"level":30,"time":${1795365696256 + n},"req":{"id":${n},"method":"GET","url":"/a?b=${n}","query":{"b":"${n}"},"remotePort":${n}},"res":{"statusCode":200,"x":"${n}"},"msg":"request completed"}`,
    ],
    [
      'empty objects and arrays',
      (n) => `{"level":"info","msg":"m","time":"${time(n)}","ctx":{},"extra":{"a":{},"n":${n}},"list":[]}`,
    ],
    [
      'a level by number as GELF has it, whose name is another',
      (n) =>
        `{"version":"1.1","host":"web","short_message":"m ${n}","timestamp":${1795365696 + n}.25,"level":${4 + (n % 2)},"_user":${n}}`,
    ],
    [
      'durations in nanoseconds and with a unit',
      (n) =>
        `{"time":"${time(n)}","method":"GET","uri":"/a?b=${n}","status":200,"latency":${4100000 + n},"latency_human":"4.${n}ms","cost":${n}.50}`,
    ],
    [
      'one header of a list, and a time with many decimals',
      (n) =>
        `{"ts":${1795365662 + n}.1234567,"request":{"client_ip":"::ffff:10.0.0.${n}","method":"GET","uri":"/","headers":{"User-Agent":["curl/${n}"],"Accept":["*/*"]}},"duration":0.00${n + 1},"status":200}`,
    ],
    [
      'two keys that name the client',
      (n) =>
        `{"ClientAddr":"10.0.0.${n}:4711","ClientHost":"10.0.0.${n}","DownstreamStatus":200,"Duration":${4100000 + n},"RequestMethod":"GET","RequestPath":"/a","time":"${time(n)}"}`,
    ],
    [
      'an id of X-Ray',
      (n) =>
        `{"level":"INFO","message":"m","timestamp":"${time(n)}","xray_trace_id":"1-5759e988-${String(n).padStart(24, 'b')}"}`,
    ],
    [
      'two keys that name the level',
      (n) => `{"level":300,"level_name":"WARNING","message":"m ${n}","channel":"shop","time":"${time(n)}"}`,
    ],
  ])('takes %s', (_, line) => {
    expect(readAll(Array.from({ length: 100 }, (_, n) => line(n)))).toBeGreaterThanOrEqual(75);
  });

  it('gives the very row of the full parse for lines of every JSON format, whatever their values', () => {
    const samples = jsonFormats.flatMap(({ samples }) => samples.map(({ line }) => line));
    const scalar = /("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null)(?=[,}])/g;
    const other = fc.oneof(
      value.filter((each) => typeof each !== 'object').map((each) => JSON.stringify(each)),
      fc.constantFrom('"error"', '"INFO"', '9', '17', '"2026-11-22T16:41:02Z"', '"a\\nb"', '[]', '{}', '1.0', '0.000'),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(40), other, fc.nat(40), other), { minLength: 5, maxLength: 20 }),
        (sample, changes) => {
          const strange = changes.map(([first, one, second, two]) => {
            let at = -1;
            return sample.replace(scalar, (text) => {
              at++;
              return at === first ? one : at === second ? two : text;
            });
          });
          readAll([...Array<string>(12).fill(sample), ...strange]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('learns from lines of a hundred values, and from none of more', () => {
    const line = (values: number) => {
      const rest = Object.fromEntries(Array.from({ length: values - 3 }, (_, n) => [`key${n}`, n]));
      return JSON.stringify({ time: '2026-11-22T16:41:02Z', level: 'info', msg: 'placed', ...rest });
    };
    expect(readAll(Array.from({ length: 30 }, () => line(100)))).toBeGreaterThan(10);
    expect(readAll(Array.from({ length: 30 }, () => line(101)))).toBe(0);
  });

  it('forgets what it knows once collectors have said of lines whatever they can', () => {
    const policy = compilePolicy();
    const lane = new JsonLane(policy);
    const lines = Array.from({ length: 30 }, () => '{"time":"2026-11-22T16:41:02Z","level":"info","msg":"placed"}');
    expect(readAll(lines, policy, [], lane)).toBeGreaterThan(10);
    expect(readAll(lines.slice(0, 1), policy, [], lane)).toBe(1);
    for (let other = 0; other < 256; other++) readAll(lines.slice(0, 1), policy, [[`key${other}`, 1]], lane);
    expect(readAll(lines.slice(0, 1), policy, [], lane)).toBe(0);
  });

  it('takes lines of 300 shapes that alternate in one container', () => {
    const lines = Array.from(
      { length: 300 * 23 },
      (_, n) => `{"level":"info","k${n % 300}":${n},"time":"${time(n)}","msg":"m"}`,
    );
    expect(readAll(lines)).toBeGreaterThan(200);
  });

  it('knows in a container what it learned from another, but not from one whose collector says more', () => {
    const lane = new JsonLane(compilePolicy());
    const policy = compilePolicy();
    const takenFrom = (origin: Origin, lines: number): number => {
      let taken = 0;
      for (let n = 0; n < lines; n++) {
        const log = `{"level":"info","time":"${time(n)}","container_id":"${n}","msg":"m"}`;
        const escaped = toBinary(JSON.stringify(log).slice(1, -1));
        const row = toRow({ log, time: 1, origin }, 2, policy);
        const full = renderRow(row, renderFields(row));
        const read = lane.read(`${escaped}"`, 0, escaped.length, origin, 1);
        if (read) {
          expect(fromBinary(read.json)).toBe(full);
          taken++;
        } else lane.learn(`${escaped}"`, 0, escaped.length, origin, 1, { ts: row.ts, json: toBinary(full) });
      }
      return taken;
    };
    // Of the first ten one is passed over, one is learned from, and eight are trials.
    expect(takenFrom(new Origin(columns), 30)).toBe(20);
    expect(takenFrom(new Origin({ service: 'other' }), 30)).toBe(30);
    expect(takenFrom(new Origin(columns, [['container_id', 'x']]), 30)).toBe(0);
  });

  it('leaves a value to the full parse that what stands beside it names', () => {
    const line = (n: number) =>
      `{"time":"${time(n)}","method":"GET","path":"/","status":200,"header":{"name":"authorization","value":"abc${n}"}}`;
    expect(readAll(Array.from({ length: 100 }, (_, n) => line(n)))).toBe(0);
  });

  it('counts a redacted value once, as the full parse does', () => {
    const policy = compilePolicy({ redact: { rules: [{ name: 'users', key: ['user'], hash: true }] } }, 'k');
    const counted = (read: (log: string) => unknown) => {
      policy.takeCounts();
      for (let n = 0; n < 50; n++)
        read(
          `{"level":"info","msg":"m","time":"${time(n)}","password":"p${n}","user":"u${n % 2}","token":${n * 1000}}`,
        );
      return policy.takeCounts().redacted;
    };
    const lane = new JsonLane(policy);
    const origin = policy.origin(new Origin(columns, []));
    let taken = 0;
    const full = counted((log) => toRow({ log, time: 1, origin }, 2, policy));
    const mixed = counted((log) => {
      const escaped = toBinary(JSON.stringify(log).slice(1, -1));
      if (lane.read(`${escaped}"`, 0, escaped.length, origin, 1)) {
        taken++;
        return;
      }
      const row = toRow({ log, time: 1, origin }, 2, policy);
      lane.learn(`${escaped}"`, 0, escaped.length, origin, 1, {
        ts: row.ts,
        json: toBinary(renderRow(row, renderFields(row))),
      });
    });
    expect(taken).toBeGreaterThan(15);
    expect(mixed).toEqual(full);
  });

  it('gives the very row of the full parse, or leaves the line to it, whatever stands under keys that decide', () => {
    const entry = {
      level: 30,
      time: 1795365696256,
      pid: 7,
      name: 'shop',
      token: 'abc',
      user: { password: 'x' },
      msg: 'm',
    };
    const odd = fc.dictionary(
      fc.constantFrom(...Object.keys(entry), 'levelname', 'status', 'method', 'request', 'v'),
      fc.oneof(
        value,
        fc.constantFrom('error', 'a\nb', 'null', 9999, 10_000, '200', 'GET /a HTTP/1.1', 'required', 'a "b" \t/'),
      ),
      { maxKeys: 3 },
    );
    const usual = Array.from({ length: 24 }, (_, n) => ({ ...entry, time: entry.time + n }));
    expect(readAll(usual.map((each) => JSON.stringify(each)))).toBeGreaterThan(0);
    const served = { time: entry.time, request: 'GET /a HTTP/1.1', status: '200', bytes: '12', token: 'abc' };
    const oddlyServed = usual.map(({ time }) => ({ ...served, time }));
    expect(readAll(oddlyServed.map((each) => JSON.stringify(each)))).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.array(odd, { minLength: 5, maxLength: 20 }), (lines) => {
        const strange = lines.flatMap((each) => [
          { ...entry, ...each },
          { ...served, ...each },
        ]);
        readAll([...usual, ...oddlyServed, ...strange].map((each) => JSON.stringify(each)));
      }),
      { numRuns: 100 },
    );
  });

  const mongoTime = (n: number) => time(n).replace('Z', '+00:00');
  const warmLines: readonly [string, (n: number) => string, readonly string[]][] = [
    [
      'a key outside ASCII',
      (n) => `{"level":"info","größe":"3","msg":"boom ${n}"}`,
      ['{"level":"info","größe":"2","msg":"after"}'],
    ],
    [
      'keys outside ASCII, with a number, a word, a list and nested ones',
      (n) => `{"level":"info","größe":3,"冷":true,"ключ":[1],"gerät":{"naïve":"x","é":1},"msg":"boom ${n}"}`,
      ['{"level":"info","größe":2,"冷":false,"ключ":[2],"gerät":{"naïve":"y","é":2},"msg":"after"}'],
    ],
    [
      'a word under `level` that is no level',
      (n) => `{"time":"${time(n)}","level":"audit","msg":"signed in ${n}"}`,
      ['error', 'ERROR', 'warn', 'F', 'INFO+2', '50', 'metric'].map(
        (level) => `{"time":"${time(0)}","level":"${level}","msg":"after"}`,
      ),
    ],
    [
      'numbers under `level` that are no levels',
      (n) => `{"time":"${time(n)}","level":${n % 9},"msg":"m ${n}"}`,
      [50, 30, 60, 10].map((level) => `{"time":"${time(0)}","level":${level},"msg":"after"}`),
    ],
    [
      'a status that is none',
      (n) => `{"time":"${time(n)}","level":"info","status":"started","method":"GET","path":"/a/${n}","msg":"m"}`,
      ['500', '200', '0', 'done'].map(
        (status) => `{"time":"${time(0)}","level":"info","status":"${status}","method":"GET","path":"/a","msg":"m"}`,
      ),
    ],
    [
      'a method that is none',
      (n) => `{"time":"${time(n)}","method":"svc/Get1","path":"/a/${n}","status":200,"msg":"m"}`,
      ['GET', 'get', 'svc/Get2'].map(
        (method) => `{"time":"${time(0)}","method":"${method}","path":"/a","status":200,"msg":"m"}`,
      ),
    ],
    [
      'a status and a method that are none',
      (n) => `{"time":"${time(n)}","method":"svc/Get1","path":"/a/${n}","status":"started","msg":"m"}`,
      [`{"time":"${time(0)}","method":"GET","path":"/a","status":"404","msg":"m"}`],
    ],
    [
      'a status that is none beside a request',
      (n) => `{"time":"${time(n)}","request":"none","state":"x","status":"started","msg":"m ${n}"}`,
      [`{"time":"${time(0)}","request":"GET /a HTTP/1.1","state":"x","status":"404","msg":"m"}`],
    ],
    [
      'a time that is none',
      (n) => `{"ts":"-","level":"info","msg":"m ${n}"}`,
      [`{"ts":"${time(0)}","level":"info","msg":"m"}`, '{"ts":"1795365696","level":"info","msg":"m"}'],
    ],
    [
      'a time without a zone',
      (n) => `{"timestamp":"2026-11-22 16:41:${10 + (n % 50)}","level":"info","msg":"m ${n}"}`,
      ['{"timestamp":"2026-11-22 16:41:02Z","level":"info","msg":"m"}'],
    ],
    [
      'a severity that MongoDB does not have',
      (n) => `{"t":{"$date":"${mongoTime(n)}"},"s":"-","c":"NETWORK","id":${n},"ctx":"conn","msg":"m ${n}"}`,
      ['W', 'E', 'I', 'X'].map(
        (s) => `{"t":{"$date":"${mongoTime(0)}"},"s":"${s}","c":"NETWORK","id":1,"ctx":"conn","msg":"m"}`,
      ),
    ],
    [
      'letters that MongoDB has for its levels',
      (n) => `{"t":{"$date":"${mongoTime(n)}"},"s":"I","c":"NETWORK","id":${n},"ctx":"conn","msg":"m ${n}"}`,
      ['W', 'D', 'D2', 'N', 'V', 'T'].map(
        (s) => `{"t":{"$date":"${mongoTime(0)}"},"s":"${s}","c":"NETWORK","id":1,"ctx":"conn","msg":"m"}`,
      ),
    ],
    [
      "Serilog's levels",
      (n) => `{"@t":"${time(n)}","@m":"m ${n}","@l":"Debug","a":${n}}`,
      ['Verbose', 'Warning', 'Error', 'odd'].map((level) => `{"@t":"${time(0)}","@m":"m","@l":"${level}","a":1}`),
    ],
    [
      'a level by name, and then by number where no logger says of which scale',
      (n) => `{"level":"info","message":"m ${n}","timestamp":"${time(n)}"}`,
      ['20', '30', '00000030', '50'].map((level) => `{"level":"${level}","message":"m","timestamp":"${time(0)}"}`),
    ],
    [
      'bytes and durations that are none',
      (n) =>
        `{"time":"${time(n)}","method":"GET","path":"/a/${n}","status":200,"bytes":"-","latency":"-","request_time":"-"}`,
      [
        `{"time":"${time(0)}","method":"GET","path":"/a","status":200,"bytes":"12","latency":"4ms","request_time":"0.1"}`,
      ],
    ],
    [
      'an id that is none',
      (n) => `{"level":"info","trace_id":"-","span_id":"0","traceparent":"-","msg":"m ${n}"}`,
      [
        '{"level":"info","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","traceparent":"-","msg":"m"}',
        '{"level":"info","trace_id":"-","span_id":"0","traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01","msg":"m"}',
      ],
    ],
    [
      "an exception's message, and then one that the line repeats",
      (n) => `{"level":"warn","msg":"m ${n}","err":{"message":"no stock","code":${n}}}`,
      ['{"level":"warn","msg":"no stock","err":{"message":"no stock","code":1}}'],
    ],
    [
      'a list under a key that may hold a stack',
      (n) => `{"msg":"m ${n}","level":"info","stack":[${n}],"id":"x"}`,
      ['{"msg":"m","level":"info","stack":["Error: no","    at a (b.js:1:2)"],"id":"x"}'],
    ],
    [
      'words, and then an access line in the message',
      (n) => `{"level":"info","message":"started ${n}","time":"${time(n)}"}`,
      [
        '192.0.2.1 - - [28/Nov/2026:09:41:02 +0000] \\"GET /a HTTP/1.1\\" 500 12',
        '203.0.113.9:51234 - \\"GET /orders HTTP/1.1\\" 200',
        'INFO:     203.0.113.9:51234 - \\u0022GET /orders HTTP/1.1\\u0022 200 OK',
        'said \\"x\\"',
      ].map((message) => `{"level":"info","message":"${message}","time":"${time(0)}"}`),
    ],
    [
      'words without a level, and then an object in the message',
      (n) => `{"message":"started ${n}","time":"${time(n)}"}`,
      [
        '{\\"level\\":\\"error\\",\\"msg\\":\\"no\\"}',
        '{\\"method\\":\\"GET\\",\\"path\\":\\"/\\",\\"status\\":500}',
        '@cee: {\\"level\\":\\"warn\\",\\"msg\\":\\"no\\"}',
        '{}',
        '@cee:{}',
      ].map((message) => `{"message":"${message}","time":"${time(0)}"}`),
    ],
    [
      'a line of a container runtime',
      (n) => `{"log":"started ${n}\\n","stream":"stdout","time":"${time(n)}"}`,
      [
        `{"log":"[error] no\\n","stream":"stdout","time":"${time(0)}"}`,
        `{"log":"2026-11-22 16:41:02,123 ERROR shop no","stream":"stderr","time":"${time(0)}"}`,
      ],
    ],
    [
      'a stream that is none of a container runtime',
      (n) => `{"log":"started ${n}","stream":"-","time":"${time(n)}"}`,
      [`{"log":"ERROR no","stream":"stdout","time":"${time(0)}"}`],
    ],
    [
      'a key twice',
      (n) => `{"level":"info","a":"${n}","a":"x","msg":"m ${n}"}`,
      ['{"level":"info","a":"p","a":"q","msg":"m"}'],
    ],
  ];

  it.each(warmLines)('gives the very row of the full parse after many lines with %s', (_, warm, after) => {
    readAll([...Array.from({ length: 90 }, (_, n) => warm(n)), ...after]);
  });

  it('takes lines whose keys hold letters outside ASCII', () => {
    const line = (n: number) => `{"level":"info","größe":"${n}","gerät":{"naïve":"x${n}","é":${n}},"msg":"m"}`;
    expect(readAll(Array.from({ length: 100 }, (_, n) => line(n)))).toBeGreaterThanOrEqual(75);
  });

  it.each([
    ['a word under `level` that is no level', (n: number) => `{"level":"audit","msg":"m ${n}"}`],
    ['a state under `status`', (n: number) => `{"level":"info","msg":"m","status":"started","path":"/${n}"}`],
    ['quotes in a message', (n: number) => `{"level":"info","message":"said \\"${n}\\" twice"}`],
    ['a level by number as a text', (n: number) => `{"level":"30","time":"${time(n)}","msg":"m"}`],
  ])('takes lines with %s', (_, line) => {
    expect(readAll(Array.from({ length: 100 }, (_, n) => line(n)))).toBeGreaterThanOrEqual(75);
  });

  it('gives the very row of the full parse for one value after many others under the same key', () => {
    const key = fc.oneof(
      fc.constantFrom(...keys, 'größe', '冷', 's', 'ts', 'status_code', 'method', 'path', 'request', 'severity'),
      fc.constantFrom('PRIORITY', 'levelno', 'level_name', '@l', 'log', 'stream', 'err', 'trace_id', 'traceparent'),
    );
    const scalar = fc.oneof(
      fc.constantFrom('-', 'audit', 'none', 'x', '0', 'started', 'svc/Get', '2026-11-22 16:41:02', '/a'),
      fc.constantFrom('error', 'E', '500', 'GET', '2026-11-22T16:41:02Z', 'GET / HTTP/1.1', '4.1ms', 'stdout', 'größe'),
      fc.constantFrom('10.0.0.1 - - [28/Nov/2026:09:41:02 +0000] "GET /a HTTP/1.1" 500 12', '{"level":"error"}'),
      fc.constantFrom<unknown>(0, 4, 30, 50, 200, 500, true, null, 1795365696256),
      fc.constantFrom<unknown>(['a'], [], ['a', 'b'], { message: 'x' }, { message: 'm' }),
    );
    const members = fc.uniqueArray(fc.tuple(key, scalar, scalar), {
      minLength: 1,
      maxLength: 5,
      selector: ([each]) => each,
    });
    fc.assert(
      fc.property(members, fc.boolean(), (lines, hasMessage) => {
        const lineOf = (message: string, part: 1 | 2, changes: number) =>
          JSON.stringify({
            ...(hasMessage ? { message } : {}),
            ...Object.fromEntries(lines.map((each, at) => [each[0], each[changes & (1 << at) ? part : 1]])),
            n: 1,
          });
        const warm = Array.from({ length: 14 }, (_, n) => lineOf(`m ${n}`, 1, 0));
        const after = Array.from({ length: 1 << lines.length }, (_, changes) => lineOf('m', 2, changes));
        readAll([...warm, ...after]);
      }),
      { numRuns: 100 },
    );
  });

  describe('learning', () => {
    let parses = 0;
    const policy = compilePolicy();
    const counting: LinePolicy = {
      ...policy,
      parse(log, origin) {
        parses++;
        return policy.parse(log, origin);
      },
    };
    const origin = counting.origin(new Origin(columns, []));
    /** How often the lane parses a line to learn from these. */
    const cost = (lane: JsonLane, logs: readonly string[]) => {
      parses = 0;
      for (const log of logs) {
        const escaped = toBinary(JSON.stringify(log).slice(1, -1));
        // No row of the lane is this one.
        lane.learn(`${escaped}"`, 0, escaped.length, origin, 1, { ts: 1, json: '' });
      }
      return parses;
    };

    it('is tried less and less often with lines that never make a shape', () => {
      const lane = new JsonLane(counting);
      const log = JSON.stringify({ level: 'info', msg: 'placed' });
      // The first line asks what the configuration makes of the container.
      expect(cost(lane, [log])).toBe(1);
      const one = cost(lane, [log]);
      expect(one).toBeGreaterThan(1);
      // The fourth line, the eighth, and so on.
      const later = cost(lane, Array<string>(510).fill(log));
      expect(later).toBeGreaterThan(0);
      expect(later).toBeLessThanOrEqual(8 * one);
    });

    it('costs no parse with lines that have other keys each', () => {
      const lane = new JsonLane(counting);
      expect(
        cost(
          lane,
          Array.from({ length: 500 }, (_, n) => `{"level":"info","k${n}":1}`),
        ),
      ).toBe(1);
    });

    it('leaves out only the keys of a shape that no other has', () => {
      const lane = new JsonLane(counting);
      let learned = 0;
      for (let shape = 0; shape < 20; shape++) {
        for (let n = 0; n < 2; n++) {
          const log = `{"level":"info","msg":"m","a":1,"b":"x","d":"y","k${shape}":1}`;
          const escaped = toBinary(JSON.stringify(log).slice(1, -1));
          const row = toRow({ log, time: 1, origin }, 2, policy);
          parses = 0;
          lane.learn(`${escaped}"`, 0, escaped.length, origin, 1, {
            ts: row.ts,
            json: toBinary(renderRow(row, renderFields(row))),
          });
          learned = parses;
        }
      }
      // The line itself, the line without its own key, and the line with marks.
      expect(learned).toBe(3);
    });
  });

  it('reads no more lines of a shape once a row differed from the full parse', () => {
    const policy = compilePolicy();
    let strange = false;
    const fickle: LinePolicy = {
      ...policy,
      parse(log, origin) {
        const parsed = policy.parse(log, origin);
        if (strange && parsed.type === 'access') parsed.columns.host = 'elsewhere';
        return parsed;
      },
    };
    const lane = new JsonLane(fickle);
    const origin = fickle.origin(new Origin(columns, []));
    const offer = (n: number): boolean => {
      const log = JSON.stringify({ ...base, body_bytes_sent: n });
      const escaped = toBinary(JSON.stringify(log).slice(1, -1));
      if (lane.read(`${escaped}"`, 0, escaped.length, origin, 1)) return true;
      const row = toRow({ log, time: 1, origin }, 2, fickle);
      lane.learn(`${escaped}"`, 0, escaped.length, origin, 1, {
        ts: row.ts,
        json: toBinary(renderRow(row, renderFields(row))),
      });
      return false;
    };
    expect(Array.from({ length: 30 }, (_, n) => offer(n)).filter(Boolean).length).toBeGreaterThan(5);
    strange = true;
    const later = Array.from({ length: 3000 }, (_, n) => offer(n));
    // It goes on until it is tried again, and never after that.
    expect(later.slice(1100).some(Boolean)).toBe(false);
  });
});
