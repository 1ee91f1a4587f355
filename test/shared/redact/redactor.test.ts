import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultNames, defaultRules } from '../../../shared/redact/defaults.js';
import { personalRules } from '../../../shared/redact/personal.js';
import { providerTokens } from '../../../shared/redact/providerTokens.js';
import { compileRedaction, type Redactor } from '../../../shared/redact/redactor.js';
import { isLinear } from '../../helpers/linear.js';

const byDefault = compileRedaction();

function textOf(message: string, redactor: Redactor = byDefault): string {
  const row = { message };
  redactor.redactRow(row, []);
  return row.message;
}

function fieldsOf(fields: Record<string, unknown>, redactor: Redactor = byDefault): Record<string, unknown> {
  return Object.fromEntries(redactor.redactRow({}, Object.entries(fields)));
}

// Made of parts, so that no scanner of repositories takes them for real ones.
const accessKeyId = `AKIA${'IOSFODNN7EXAMPLE'}`;
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW1g';
const pem = (kind: string) => `-----BEGIN ${kind}-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQ\n-----END ${kind}-----`;
const github = `ghp_${'a1'.repeat(18)}`;

describe('a value of a field', () => {
  it.each([
    [
      { name: 'password', value: 'hunter2' },
      { name: 'password', value: '[redacted]' },
    ],
    [
      { Value: 'hunter2', Key: 'api_key' },
      { Value: '[redacted]', Key: 'api_key' },
    ],
    [
      { name: 'colour', value: 'red' },
      { name: 'colour', value: 'red' },
    ],
    [{ headers: [{ name: 'Cookie', value: 'a=b' }] }, { headers: [{ name: 'Cookie', value: '[redacted]' }] }],
    [{ cookie_session: 'abc' }, { cookie_session: '[redacted]' }],
  ])('%j becomes %j', (fields, clean) => {
    expect(fieldsOf(fields)).toEqual(clean);
  });
});

describe('a text', () => {
  it.each<[string, string]>([
    ['login failed password=hunter2 user=7', 'login failed password=[redacted] user=7'],
    ['db_password: hunter2', 'db_password: [redacted]'],
    ['{password=p,w;d}', '{password=[redacted]}'],
    ["{'passwd': 'it\\'s me'}", "{'passwd': '[redacted]'}"],
    ['{"userPassword":"a\\"b","n":1}', '{"userPassword":"[redacted]","n":1}'],
    ['body {\\"password\\":\\"hunter2\\",\\"n\\":1}', 'body {\\"password\\":\\"[redacted]\\",\\"n\\":1}'],
    ['password = "" user=7', 'password = "" user=7'],
    ['password=null', 'password=null'],
    ['PASSWORD => "x y z"', 'PASSWORD => "[redacted]"'],
    ['token=abc&next=/a', 'token=[redacted]&next=/a'],
    ['x-api-key: 0123abc', 'x-api-key: [redacted]'],
    ['apiKey=0123abc, region=eu', 'apiKey=[redacted], region=eu'],
    ['redirect=%2Fa%3Faccess_token%3Dabc', 'redirect=%2Fa%3Faccess_token%3D[redacted]'],
    ['SyntaxError: Unexpected token: foo', 'SyntaxError: Unexpected token: foo'],
    ['GET /oauth/token HTTP/1.1', 'GET /oauth/token HTTP/1.1'],
    ['max_tokens=100', 'max_tokens=100'],
    ['shipping: pin=3 pass=xyz', 'shipping: pin=3 pass=[redacted]'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: [redacted]'],
    ['"authorization":"Basic dXNlcjpwYXNz"', '"authorization":"[redacted]"'],
    ['authorization: Digest username="a", response="b"', 'authorization: [redacted]'],
    ['sent bearer abc123def456 upstream', 'sent bearer [redacted] upstream'],
    ['Bearer authentication failed', 'Bearer authentication failed'],
    ['challenge Bearer realm="x"', 'challenge Bearer realm="x"'],
    ['curl -H "Basic dXNlcjpwYXNz"', 'curl -H "Basic [redacted]"'],
    ['Basic authentication is off', 'Basic authentication is off'],
    ['Cookie: session=abc; theme=dark', 'Cookie: [redacted]'],
    ['headers {"set-cookie":"id=1; Path=/","a":1}', 'headers {"set-cookie":"[redacted]","a":1}'],
    ['cookie: not found', 'cookie: not found'],
    [`key ${accessKeyId} denied`, 'key [redacted] denied'],
    [`${accessKeyId} ${secretAccessKey}`, '[redacted] [redacted]'],
    [`commit ${'0a'.repeat(20)}`, `commit ${'0a'.repeat(20)}`],
    [`got ${jwt}!`, 'got [redacted]!'],
    [`a ${pem('RSA PRIVATE KEY')} b`, 'a [redacted] b'],
    [pem('PRIVATE KEY').slice(0, 50), '[redacted]'],
    [pem('CERTIFICATE'), pem('CERTIFICATE')],
    [`using ${github}`, 'using [redacted]'],
    ['https://hooks.slack.com/services/T000/B000/XXXX1234', 'https://hooks.slack.com/[redacted]'],
    ['postgres://app:s3cr:et@db:5432/x', 'postgres://app:[redacted]@db:5432/x'],
    ['https://shop.example.com/a?b=c:d@e', 'https://shop.example.com/a?b=c:d@e'],
    ['paid with 4111 1111 1111 1111 123', 'paid with [redacted] 123'],
    ['order 523 4111-1111-1111-1111', 'order 523 [redacted]'],
    ['url=%2Fa%3Fx%3D4111111111111111', 'url=%2Fa%3Fx%3D[redacted]'],
    ['a%204111111111111111', 'a%20[redacted]'],
    ['got\\n4111111111111111', 'got\\n[redacted]'],
    ['amex 378282246310005, diners 30569309025904', 'amex [redacted], diners [redacted]'],
    ['4222222222222', '[redacted]'],
    ['4111 1111 1111 1112', '4111 1111 1111 1112'],
    ['0.4111111111111111', '0.4111111111111111'],
    ['a4111111111111111', 'a4111111111111111'],
    ['2026-11-22 16:41:36 1795365696256', '2026-11-22 16:41:36 1795365696256'],
    ['mail anna@shop.example.com', 'mail anna@shop.example.com'],
  ])('%s', (text, expected) => {
    expect(textOf(text)).toBe(expected);
    // What was redacted once stays as it is.
    expect(textOf(expected)).toBe(expected);
  });

  it('is redacted in every column', () => {
    const row = { ts: 1, path: '/a', query: 'a=1&password=x', referer: 'https://a/?token=b', status: 200 };
    byDefault.redactRow(row, []);
    expect(row).toEqual({
      ts: 1,
      path: '/a',
      query: 'a=1&password=[redacted]',
      referer: 'https://a/?token=[redacted]',
      status: 200,
    });
  });
});

describe('fields', () => {
  it('are redacted by key at any depth, in nested JSON and lists too', () => {
    expect(
      fieldsOf({
        Password: 'x',
        headers: { 'X-Api-Key': 'x', Cookie: ['a=b'], host: 'shop' },
        'http.headers.authorization': 'x',
        list: [{ refreshToken: 'x', n: 1 }],
        body: '{"client_secret":"x","n":[1]}',
        pin: 1,
        password: 1234,
        token: null,
        secret: false,
        passwords: { old: 'x' },
        max_tokens: 5,
      }),
    ).toEqual({
      Password: '[redacted]',
      headers: { 'X-Api-Key': '[redacted]', Cookie: '[redacted]', host: 'shop' },
      'http.headers.authorization': '[redacted]',
      list: [{ refreshToken: '[redacted]', n: 1 }],
      body: '{"client_secret":"[redacted]","n":[1]}',
      pin: 1,
      password: '[redacted]',
      token: null,
      secret: false,
      passwords: '[redacted]',
      max_tokens: 5,
    });
  });

  it('hold no card number, as text or as number, and keep trace ids', () => {
    expect(fieldsOf({ card: 4111111111111111, text: 'c 4111111111111111', 'dd.trace_id': '4111111111111111' })).toEqual(
      {
        card: '[redacted]',
        text: 'c [redacted]',
        'dd.trace_id': '4111111111111111',
      },
    );
  });

  it('are the same array when nothing was redacted', () => {
    const fields: [string, unknown][] = [['a', { b: [1, '{"c":1}'] }]];
    expect(byDefault.redactRow({}, fields)).toBe(fields);
    expect(fields[0]?.[1]).toEqual({ b: [1, '{"c":1}'] });
  });

  it('may have hostile keys', () => {
    const clean = byDefault.redactRow({}, [['__proto__', JSON.parse('{"__proto__":{"password":"x"}}')]]);
    expect(JSON.stringify(Object.fromEntries(clean))).toBe('{"__proto__":{"__proto__":{"password":"[redacted]"}}}');
  });
});

describe('own rules', () => {
  it('come first, in order, and are counted by name', () => {
    const redactor = compileRedaction({
      rules: [
        { name: 'order', pattern: '(order=)(\\d+)', words: ['order='], replacement: '$1#' },
        { name: 'customer', key: ['customer_id', 'pin'], replacement: '-' },
        { name: 'tenants', pattern: '(?i)tenant [a-z]+' },
      ],
    });
    expect(textOf('order=1 order=2 customerId=7 TENANT abc password=x pin=1234', redactor)).toBe(
      'order=# order=# customerId=- [redacted] password=[redacted] pin=-',
    );
    expect(fieldsOf({ 'customer-id': 7, PIN: 1 }, redactor)).toEqual({ 'customer-id': '-', PIN: '-' });
    expect(Object.fromEntries(redactor.takeCounts())).toEqual({ order: 2, customer: 4, tenants: 1, passwords: 1 });
    expect(redactor.takeCounts().size).toBe(0);
  });

  it('may hash with a key, so that equal values stay equal', () => {
    const redactor = compileRedaction(
      { emails: 'hash', rules: [{ name: 'ips', key: ['client_ip'], hash: true }] },
      'k',
    );
    const digest = (value: string) => createHmac('sha256', 'k').update(value).digest('hex').slice(0, 16);
    const row = { client_ip: '203.0.113.9', message: 'mail anna@shop.example.com' };
    redactor.redactRow(row, []);
    expect(row).toEqual({ client_ip: digest('203.0.113.9'), message: `mail ${digest('anna@shop.example.com')}` });
  });

  it('replace instead of hashing when there is no key', () => {
    expect(textOf('mail anna@shop.example.com', compileRedaction({ emails: 'hash' }))).toBe('mail [redacted]');
  });

  it('may leave defaults out', () => {
    expect(textOf('password=x token=y', compileRedaction({ except: ['passwords'] }))).toBe(
      'password=x token=[redacted]',
    );
    expect(textOf('password=x', compileRedaction({ except: defaultNames }))).toBe('password=x');
  });
});

describe('mayContainSecret', () => {
  const candidate = (text: string, redactor = byDefault) =>
    redactor.mayContainSecret(`password=x ${text} password=x`, 11, 11 + text.length);

  it('is false for an ordinary line', () => {
    const line = String.raw`{"container_id":"7765a4111111111111111","container_name":"web","log":"203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] \"GET /oauth/token?a=b HTTP/1.1\" 200 12 \"https://shop.example.com/list?p=1\" \"Mozilla/5.0 (X11; Linux x86_64)\"","ecs_cluster":"prod"}`;
    expect(candidate(line)).toBe(false);
  });

  it('looks only between start and end', () => {
    expect(candidate('passwor')).toBe(false);
    expect(candidate('password=')).toBe(true);
  });

  it('is true for a text that is a key and nothing else, which may name the value beside it', () => {
    for (const key of ['password', 'X-Api-Key', 'cookie', 'access_token']) {
      expect(byDefault.mayContainSecret(key, 0, key.length)).toBe(true);
    }
    const own = compileRedaction({ rules: [{ name: 'a', key: ['auth'] }] });
    expect(own.mayContainSecret('auth', 0, 4)).toBe(true);
    expect(byDefault.mayContainSecret('/oauth/token', 0, 12)).toBe(false);
  });

  it('is true for words behind escapes', () => {
    expect(candidate(String.raw`{"\u0070assword":"x"}`)).toBe(true);
    expect(candidate(String.raw`?\\x70assword=x`)).toBe(true);
    expect(candidate(String.raw`caf\u00e9`)).toBe(false);
  });

  it('is always true with a rule that no word announces, or one on a column', () => {
    expect(candidate('x', compileRedaction({ rules: [{ name: 'a', pattern: 'b' }] }))).toBe(true);
    expect(candidate('x', compileRedaction({ rules: [{ name: 'a', pattern: 'b', words: ['bbbb'] }] }))).toBe(false);
    expect(candidate('x', compileRedaction({ rules: [{ name: 'a', key: ['client_ip'] }] }))).toBe(true);
    expect(candidate('x', compileRedaction({ rules: [{ name: 'a', key: ['id'] }] }))).toBe(true);
  });

  const secret = fc.constantFrom(
    ...['password=x', '"apiKey":"x"', 'API-KEY = x', 'db_pwd: x', 'pass=x', 'Bearer abc123', 'Basic dXNlcjpwYXNz'],
    ...['Cookie: a=b', accessKeyId, jwt, pem('EC PRIVATE KEY'), github, 'amqp://a:b@c', '4111 1111 1111 1111'],
    ...['Authorization: x', 'x-amz-signature=abc', 'token%3Dabc', 'refresh_token=abc'],
  );

  it('is true for whatever would be redacted, also as it stands escaped in a record', () => {
    fc.assert(
      fc.property(fc.string(), secret, fc.string(), (before, found, after) => {
        // A card's number among others is none, nor is one with a unit behind it, such as 's'.
        const text = `${before.replace(/\d/g, 'x')} ${found} ; ${after.replace(/\d/g, 'x')}`;
        const escaped = JSON.stringify(JSON.stringify({ log: text }));
        expect(textOf(text)).not.toBe(text);
        expect(candidate(text)).toBe(true);
        expect(candidate(escaped)).toBe(true);
      }),
    );
  });

  it('is true for whatever is changed', () => {
    const piece = fc.oneof(secret, fc.string({ maxLength: 5 }), fc.constantFrom('\n', '\\', '"', ' ', '\\n', '='));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        if (textOf(text) !== text) expect(candidate(JSON.stringify(text))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('any text', () => {
  it('is redacted in time that grows with its length only', () => {
    const pieces = [
      ...[
        'password=',
        'password: "',
        'token\\',
        '"token":"\\',
        'Bearer ',
        'Basic a',
        'authorization: Digest ',
        'cookie: a=',
      ],
      ...[
        'eyJaaaaaa.',
        'AKIA',
        '-----BEGIN PRIVATE KEY-----',
        'https://a:',
        '4111 ',
        '41',
        'ghp_',
        'password)',
        'a.b@c.',
      ],
      ...['-----BEGIN ', 'pass', '{"a":', 'authorization: a,b=', '--password ', '<password ', '&lt;password', 'name: '],
      ...[
        'name="password"\n\n',
        'curl -u a:',
        'mysql -p',
        "'cookie', '",
        '"name":"password","value":"',
        'password\t\t',
      ],
      ...[
        'IDENTIFIED WITH ',
        'password (',
        'https://a:b/',
        'a://',
        'token\\\\"',
        '\\"token\\":\\"a\\\\\\"',
        'GB82 WEST ',
        '123-45-',
      ],
      ...[
        'sk-',
        'token=a{',
        'password=a&',
        'password=a, ',
        'password=a"b',
        'password=[',
        '4111111111111111 ',
        '4111-',
        '1, ',
      ],
      ...['vault s.', 'discord M', '0123456789abcdef', 'key-', 'cookie=a="', 'a@'],
    ];
    const redactor = compileRedaction({ emails: 'replace', ibans: 'replace', ssns: 'replace' });
    for (const piece of pieces) {
      const linear = isLinear((length) => textOf(piece.repeat(length / piece.length), redactor), 300_000);
      expect({ piece, linear }).toEqual({ piece, linear: true });
    }
  });

  it('never throws, and has nothing more to redact afterwards', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (text, value) => {
        const once = textOf(text);
        expect(textOf(once)).toBe(once);
        expect(() => fieldsOf({ value, text })).not.toThrow();
      }),
    );
  });
});

describe('the examples of the page', () => {
  const personal = Object.values(personalRules);
  const everything = compileRedaction({ emails: 'replace', ibans: 'replace', ssns: 'replace' });

  it.each([...defaultRules, ...personal])('of $name are right', (rule) => {
    const redactor = defaultRules.includes(rule) ? byDefault : everything;
    for (const [text, expected] of rule.examples) {
      expect(textOf(text, redactor)).toBe(expected);
      expect(textOf(expected, redactor)).toBe(expected);
      if (text !== expected) expect(redactor.mayContainSecret(text, 0, text.length)).toBe(true);
    }
  });

  it('leave what is personal alone unless it is asked for', () => {
    for (const { examples } of personal) for (const [text] of examples) expect(textOf(text)).toBe(text);
  });
});

describe.each(providerTokens)('a token of $of', ({ example }) => {
  it.each(['', 'using ', 'token_', 'state%3D', 'got\\n', '"', 'a='])('behind %j', (before) => {
    const text = `${before}${example} ok`;
    expect(textOf(text)).toContain('[redacted] ok');
    expect(textOf(text)).not.toContain(example.slice(-12));
    expect(byDefault.mayContainSecret(text, 0, text.length)).toBe(true);
  });
});

describe('personal numbers', () => {
  const redactor = compileRedaction({ ibans: 'replace', ssns: 'hash' }, 'k');

  it.each<[string, string]>([
    ['GB82WEST12345698765432 paid', '[redacted] paid'],
    ['GB82 WEST 1234 5698 7654 32 PAID', '[redacted] PAID'],
    ['GB83WEST12345698765432 paid', 'GB83WEST12345698765432 paid'],
    ['part AB12 CDEF 1234 5678', 'part AB12 CDEF 1234 5678'],
    ['666-12-3456 900-12-3456 123-00-3456', '666-12-3456 900-12-3456 123-00-3456'],
    ['tel 1-219-09-9998', 'tel 1-219-09-9998'],
  ])('%s', (text, expected) => {
    expect(textOf(text, redactor)).toBe(expected);
  });

  it('are found by their keys too', () => {
    expect(fieldsOf({ iban: 'x', customerSsn: 1, n: 1 }, redactor)).toEqual({
      iban: '[redacted]',
      customerSsn: createHmac('sha256', 'k').update('1').digest('hex').slice(0, 16),
      n: 1,
    });
  });
});
