import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../shared/parse/json/object.js';
import { compileFormat, readPath } from '../../../shared/treatment/userFormat.js';

const access = compileFormat({
  name: 'access',
  pattern:
    '^(?<time>\\S+) (?<client_ip>\\S+) (?<status>\\S+) (?<bytes>\\S+) (?<duration_ms>\\S+) (?<shop>\\S+) "(?<request>[^"]*)"$',
});

describe('a pattern', () => {
  it('of an access line gives its columns, and the groups that are none as fields', () => {
    expect(access('2026-11-22T16:41:02Z 10.0.0.1 200 12 0.5 tea "GET /a?b=1 HTTP/1.1"')).toEqual({
      type: 'access',
      time: Date.parse('2026-11-22T16:41:02Z'),
      columns: {
        ...{ client_ip: '10.0.0.1', status: 200, bytes: 12, duration_ms: 0.5 },
        ...{ method: 'GET', path: '/a', query: 'b=1', protocol: 'HTTP/1.1' },
      },
      fields: [['shop', 'tea']],
    });
  });

  it('of an access line takes - for no value', () => {
    expect(access('2026-11-22T16:41:02Z - 200 - - - "-"')).toMatchObject({ columns: { status: 200 }, fields: [] });
  });

  it.each([
    ['a time that is none', 'yesterday 10.0.0.1 200 12 0.5', ['time', 'yesterday']],
    ['a status that is no number', '1795365662 10.0.0.1 2xx 12 0.5', ['status', '2xx']],
    ['half a byte', '1795365662 10.0.0.1 200 1.5 0.5', ['bytes', '1.5']],
    ['a duration without end', '1795365662 10.0.0.1 200 12 Infinity', ['duration_ms', 'Infinity']],
  ])('keeps %s in fields', (_name, start, field) => {
    const parsed = access(`${start} tea "GET / HTTP/1.1"`);
    expect(parsed?.fields).toEqual(expect.arrayContaining([field, ['shop', 'tea']]));
    expect(parsed?.fields).toHaveLength(2);
    expect(parsed?.columns).not.toHaveProperty(field[0] ?? '');
  });

  it.each([
    ['1795365662', 1_795_365_662_000],
    ['1795365662.25', 1_795_365_662_250],
    ['1795365662250', 1_795_365_662_250],
  ])('reads %s as a time', (time, expected) => {
    expect(access(`${time} 10.0.0.1 200 12 0.5 tea "GET / HTTP/1.1"`)?.time).toBe(expected);
  });

  it.each(['status', 'path', 'request'])('with the group %s alone is of an access line', (name) => {
    expect(compileFormat({ name: 'a', pattern: `^(?<${name}>.*)$` })('200')?.type).toBe('access');
  });

  it('splits the query from a path', () => {
    expect(compileFormat({ name: 'a', pattern: '^(?<path>.*)$' })('/a?b=1')?.columns).toEqual({
      path: '/a',
      query: 'b=1',
    });
  });

  it.each([
    ['fatal|out of memory', 'error'],
    ['warn|low memory', 'app'],
    ['|no level', 'app'],
  ])('of an application line is an error by its level: %s', (line, type) => {
    expect(compileFormat({ name: 'a', pattern: '^(?<level>\\w*)\\|(?<message>.*)$' })(line)?.type).toBe(type);
  });

  it('with an exception is an error, and the whole line its message where there is no other', () => {
    expect(compileFormat({ name: 'a', pattern: '^!(?<exception>\\w+)' })('!Oops there')).toEqual({
      type: 'error',
      time: undefined,
      columns: { exception: 'Oops', message: '!Oops there' },
      fields: [],
    });
  });

  it('leaves an app line its - and puts columns that are not for a format to fill into fields', () => {
    const format = compileFormat({
      name: 'a',
      pattern: '^(?<logger>\\S+) (?<service>\\S+) (?<ts>\\S+) (?<message>.*)$',
    });
    expect(format('- pay 5 done')).toMatchObject({
      columns: { logger: '-', message: 'done' },
      fields: [
        ['service', 'pay'],
        ['ts', '5'],
      ],
    });
  });

  it('of a stated type is of that type', () => {
    expect(compileFormat({ name: 'a', type: 'error', pattern: '^(?<message>.*)$' })('fine')?.type).toBe('error');
  });

  it('is asked of the line without its colours, and of no object', () => {
    const format = compileFormat({ name: 'a', pattern: '^(?<message>ok)$' });
    expect(format('\u001b[32mok\u001b[0m')?.columns).toEqual({ message: 'ok' });
    expect(format({ message: 'ok' })).toBeUndefined();
    expect(format('not ok')).toBeUndefined();
  });
});

describe('keys', () => {
  const format = compileFormat({ name: 'a', keys: { message: 'what', logger: 'from.module', trace_id: 'ids' } });

  it('give columns, and the keys that are not named as fields', () => {
    const parsed = {
      ...{ type: 'app', time: undefined, columns: { message: 'w', logger: 'm' } },
      fields: [['n', 1]],
    };
    const object: JsonObject = { what: 'w', from: { module: 'm' }, n: 1 };
    expect(format(object)).toEqual(parsed);
    expect(format(JSON.stringify(object))).toEqual(parsed);
  });

  it('leave a line without the first of them, or that is no object, to the next format', () => {
    expect(format({ from: { module: 'm' } })).toBeUndefined();
    expect(format('what')).toBeUndefined();
    expect(format({ what: 'w' })).toBeDefined();
  });

  it('put an object where text belongs into fields', () => {
    expect(format({ what: 'w', ids: { a: 1 } })).toMatchObject({
      columns: { message: 'w' },
      fields: [['trace_id', { a: 1 }]],
    });
  });

  it('leave the whole line as the message where what they name is no text', () => {
    expect(format({ what: null })?.columns).toEqual({ message: '{"what":null}' });
  });

  it('of an access column are of an access line', () => {
    expect(compileFormat({ name: 'a', keys: { status: 'code' } })({ code: '404' })).toEqual({
      type: 'access',
      time: undefined,
      columns: { status: 404 },
      fields: [],
    });
  });
});

describe('a log format of a server', () => {
  const nginx = { name: 'a', nginx: '$remote_addr [$time_local] "$request" $status' };
  const line = '10.0.0.1 [22/Nov/2026:16:41:02 +0000] "GET /a HTTP/1.1" 200';

  it('gives the columns of an access line', () => {
    expect(compileFormat(nginx)(line)).toEqual({
      type: 'access',
      time: Date.parse('2026-11-22T16:41:02Z'),
      columns: { client_ip: '10.0.0.1', method: 'GET', path: '/a', protocol: 'HTTP/1.1', status: 200 },
      fields: [],
    });
  });

  it('keeps the line as the message where another type is wanted', () => {
    expect(compileFormat({ name: 'a', apache: '%h %>s', type: 'app' })('shop 200')).toEqual({
      type: 'app',
      time: undefined,
      columns: { message: 'shop 200' },
      fields: [
        ['status', 200],
        ['client_ip', 'shop'],
      ],
    });
  });

  it('is asked of no object, unless it is one itself', () => {
    expect(compileFormat(nginx)({ log: line })).toBeUndefined();
    expect(compileFormat({ name: 'a', apache: '{"code":"%>s"}' })({ code: 200 })?.columns).toEqual({ status: 200 });
  });
});

describe('a format of any kind', () => {
  const formats = [
    { name: 'a', pattern: '^(?<client_ip>[\\d.]+) (?<status>\\d+)$' },
    { name: 'a', nginx: '$remote_addr $status' },
    { name: 'a', apache: '%h %>s' },
  ];

  it.each([
    ['a byte order mark, colours and a carriage return', '\ufeff\u001b[32m10.0.0.1 200\u001b[0m\r', []],
    ['what containerd writes', '2026-11-22T16:41:02.5Z stdout F 10.0.0.1 200', [['stream', 'stdout']]],
    ['what Docker Compose writes', 'web-1  | 10.0.0.1 200', [['container', 'web-1']]],
  ])('reads a line within %s', (_name, line, fields) => {
    for (const format of formats) {
      expect(compileFormat(format)(line)).toMatchObject({ columns: { client_ip: '10.0.0.1', status: 200 }, fields });
    }
    const keys = compileFormat({ name: 'a', keys: { status: 'code' } });
    expect(keys(line.replace('10.0.0.1 200', '{"code":200}'))).toMatchObject({ columns: { status: 200 }, fields });
  });

  it('takes the time of the runtime for a line without one', () => {
    const format = compileFormat({ name: 'a', nginx: '$remote_addr $status' });
    expect(format('2026-11-22T16:41:02.5Z stdout F 10.0.0.1 200')?.time).toBe(Date.parse('2026-11-22T16:41:02.5Z'));
  });

  it('may know of what is around its lines', () => {
    const format = compileFormat({ name: 'a', pattern: '^(?<logger>\\S+) +\\| (?<level>[A-Z]+) (?<message>.*)$' });
    expect(format('web | INFO up')?.columns).toEqual({ logger: 'web', level: 'info', message: 'up' });
  });
});

describe('a format of keys', () => {
  const format = compileFormat({ name: 'a', keys: { message: 'event.what', level: 'sev', bytes: 'n' } });

  it('leaves a nested key in fields but once', () => {
    expect(format('{"event":{"what":"boom","x":1},"sev":"warn"}')).toMatchObject({
      columns: { message: 'boom', level: 'warn' },
      fields: [['event', { x: 1 }]],
    });
    expect(format('{"event":{"what":"boom"}}')?.fields).toEqual([]);
  });
});

describe('a number that its column cannot hold', () => {
  it.each([
    ['status', '12345678901'],
    ['status', '20'],
    ['bytes', '100000000000000000000'],
    ['bytes', '9007199254740993'],
    ['bytes', '1.5'],
    ['duration_ms', '1e300'],
  ])('goes to fields as it came: %s %s', (column, text) => {
    const pattern = compileFormat({ name: 'a', type: 'access', pattern: `^(?<${column}>\\S+)$` });
    expect(pattern(text)).toMatchObject({ columns: {}, fields: [[column, text]] });
    const keys = compileFormat({ name: 'a', type: 'access', keys: { [column]: 'k' } });
    const parsed = keys(`{"k":${text}}`);
    expect(parsed?.columns).toEqual({});
    expect(String(parsed?.fields[0]?.[1])).toBe(String(column === 'duration_ms' ? 1e300 : text));
  });
});

describe('readPath', () => {
  it.each<[string, JsonObject, unknown]>([
    ['a key', { 'a.b.c': 1, a: { b: { c: 2 } } }, 1],
    ['nested keys', { a: { b: { c: 2 } } }, 2],
    ['a dotted key within another', { a: { 'b.c': 3 } }, 3],
    ['a key within a dotted one', { 'a.b': { c: 4 } }, 4],
    ['the key that leads there', { a: { x: 1 }, 'a.b': { c: 5 } }, 5],
    ['no key', { a: { b: 'c' } }, undefined],
    ['nothing inherited', {}, undefined],
  ])('finds %s at a.b.c', (_name, object, expected) => {
    expect(readPath(object, 'a.b.c')).toBe(expected);
  });

  it('finds nothing that an object inherits', () => {
    expect(readPath({ a: {} }, 'toString')).toBeUndefined();
    expect(readPath({}, 'constructor.name')).toBeUndefined();
  });
});
