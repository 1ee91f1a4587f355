import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dotnetConsoleJson } from '../../../../../shared/parse/formats/application/dotnetConsoleJson.js';
import { gelf } from '../../../../../shared/parse/formats/application/gelf.js';
import { log4j2Json } from '../../../../../shared/parse/formats/application/log4j2Json.js';
import { monologJson } from '../../../../../shared/parse/formats/application/monologJson.js';
import { openTelemetryJson } from '../../../../../shared/parse/formats/application/openTelemetryJson.js';
import { serilogCompact } from '../../../../../shared/parse/formats/application/serilogCompact.js';
import { describeLines, simplify } from '../../../../helpers/jsonLines.js';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';
const instant = { epochSecond: 1795365697, nanoOfSecond: 445999999 };
const javaStack = 'java.lang.IllegalStateException: no\n\tat com.shop.Checkout.run(Checkout.java:52)\n';
const dotnetStack = 'System.InvalidOperationException: no\n   at Shop.Stock.Reserve() in /src/Stock.cs:line 12';

describe('log4j2 JSON', () => {
  describeLines([
    [
      'with a cause',
      {
        instant,
        thread: 'main',
        level: 'ERROR',
        loggerName: 'c.s.A',
        message: 'failed',
        thrown: {
          commonElementCount: 0,
          localizedMessage: 'no',
          message: 'no',
          name: 'a.E',
          extendedStackTrace: [
            { class: 'c.s.A', method: 'run', file: 'A.java', line: 5, exact: false, location: 'app.jar', version: '1' },
            { class: 'c.s.A', method: 'raw', line: -2 },
          ],
          cause: { commonElementCount: 3, name: 'b.F', extendedStackTrace: [{ class: 'b.F', method: 'x', line: -1 }] },
          suppressed: [{ name: 'c.G', message: 'too' }],
        },
        contextMap: { traceId: trace, user: 'anna' },
      },
      {
        type: 'error',
        time: '2026-11-22T16:41:37.445Z',
        columns: {
          level: 'error',
          message: 'failed',
          logger: 'c.s.A',
          exception: 'a.E',
          trace_id: trace,
          stack:
            'a.E: no\n\tat c.s.A.run(A.java:5) ~[app.jar:1]\n\tat c.s.A.raw(Native Method)\n\tSuppressed: c.G: too\nCaused by: b.F\n\tat b.F.x(Unknown Source)\n\t... 3 more',
        },
        fields: { thread: 'main', contextMap: { user: 'anna' } },
      },
    ],
    [
      'with milliseconds, and a stack as text',
      {
        timeMillis: 1795365697445,
        level: 'WARN',
        loggerName: 'c.s.A',
        message: 'no',
        thrown: { name: 'a.E', message: 'no', localizedMessage: 'no', extendedStackTrace: javaStack },
      },
      {
        type: 'app',
        time: '2026-11-22T16:41:37.445Z',
        columns: { level: 'warn', message: 'no', logger: 'c.s.A', exception: 'a.E', stack: javaStack },
      },
    ],
    [
      'with a throwable that says more than Java prints',
      {
        instant,
        level: 'INFO',
        loggerName: 'a',
        message: 'm',
        thrown: { name: 'a.E', extendedStackTrace: [], code: 7 },
      },
      {
        type: 'app',
        time: '2026-11-22T16:41:37.445Z',
        columns: { level: 'info', message: 'm', logger: 'a', exception: 'a.E' },
        fields: { thrown: { extendedStackTrace: [], code: 7 } },
      },
    ],
  ]);
});

describe('OpenTelemetry JSON', () => {
  describeLines([
    [
      'in the words of the data model',
      {
        Timestamp: '1795365696256000000',
        TraceId: trace,
        SpanId: span,
        SeverityText: 'CRASH',
        SeverityNumber: 21,
        Body: 'no',
        Attributes: {
          order: 7,
          'exception.type': 'E',
          'exception.message': 'x',
          'exception.stacktrace': 'E: x\n    at a',
        },
      },
      {
        type: 'error',
        time: '2026-11-22T16:41:36.256Z',
        columns: {
          level: 'fatal',
          message: 'no',
          exception: 'E',
          stack: 'E: x\n    at a',
          trace_id: trace,
          span_id: span,
        },
        fields: { SeverityText: 'CRASH', Attributes: { order: 7, 'exception.message': 'x' } },
      },
    ],
    [
      'in OTLP, with attributes as a list',
      {
        timeUnixNano: '0',
        observedTimeUnixNano: '1795365696256000000',
        severityNumber: 13,
        severityText: 'warning',
        traceId: '',
        body: { stringValue: 'no' },
        attributes: [
          { key: 'a', value: { intValue: '12345678901234567890' } },
          { key: 'b', value: { kvlistValue: { values: [{ key: 'c', value: { boolValue: true } }] } } },
          { key: 'd', value: { arrayValue: { values: [{ doubleValue: 1.5 }, { intValue: '2' }] } } },
          { key: 'exception.type', value: { stringValue: 'E' } },
        ],
      },
      {
        type: 'app',
        time: '2026-11-22T16:41:36.256Z',
        columns: { level: 'warn', message: 'no', exception: 'E' },
        fields: {
          timeUnixNano: '0',
          traceId: '',
          attributes: { a: '12345678901234567890', b: { c: true }, d: [1.5, 2] },
        },
      },
    ],
    [
      'with an attribute twice, and a body that is an object',
      {
        severityNumber: 9,
        body: { kvlistValue: { values: [{ key: 'order', value: { intValue: '7' } }] } },
        attributes: [
          { key: 'a', value: { stringValue: '1' } },
          { key: 'a', value: { stringValue: '2' } },
        ],
      },
      {
        type: 'app',
        columns: { level: 'info', message: '{"order":7}' },
        fields: {
          attributes: [
            { key: 'a', value: { stringValue: '1' } },
            { key: 'a', value: { stringValue: '2' } },
          ],
        },
      },
    ],
  ]);

  it('brings its 24 severities to the scale', () => {
    const level = (severityNumber: number) => openTelemetryJson.parse({ severityNumber, body: 'x' })?.columns;
    expect([1, 4, 5, 9, 12, 13, 17, 20, 21, 24].map((number) => level(number))).toEqual(
      ['trace', 'trace', 'debug', 'info', 'info', 'warn', 'error', 'error', 'fatal', 'fatal'].map((level) => ({
        level,
        message: 'x',
      })),
    );
    expect(openTelemetryJson.parse({ severityNumber: 25 })).toMatchObject({
      columns: {},
      fields: [['severityNumber', 25]],
    });
  });
});

describe('Serilog compact JSON', () => {
  const time = '2026-11-22T16:41:36.256Z';
  describeLines([
    [
      'with a template',
      {
        '@t': '2026-11-22T16:41:36.2561234Z',
        '@mt': '{{x}} {User} {@Cart} {Took:0.0} {Gone}',
        '@r': ['1.5'],
        User: 'anna',
        Cart: { n: 1 },
        Took: 1.53,
      },
      {
        type: 'app',
        time,
        columns: { level: 'info', message: '{x} anna {"n":1} 1.5 {Gone}' },
        fields: {
          '@mt': '{{x}} {User} {@Cart} {Took:0.0} {Gone}',
          '@r': ['1.5'],
          User: 'anna',
          Cart: { n: 1 },
          Took: 1.53,
        },
      },
    ],
    [
      'rendered, with an exception',
      {
        '@t': time,
        '@m': 'no',
        '@i': 'a1',
        '@l': 'Fatal',
        '@x': dotnetStack,
        '@tr': trace,
        '@sp': span,
        SourceContext: 'S.A',
        level: 'gold',
      },
      {
        type: 'error',
        time,
        columns: {
          level: 'fatal',
          message: 'no',
          logger: 'S.A',
          exception: 'System.InvalidOperationException',
          stack: dotnetStack,
          trace_id: trace,
          span_id: span,
        },
        fields: { '@i': 'a1', level: 'gold' },
      },
    ],
    [
      'verbose',
      { '@t': time, '@mt': 'x', '@l': 'Verbose' },
      { type: 'app', time, columns: { level: 'trace', message: 'x' } },
    ],
  ]);
});

describe('.NET console JSON', () => {
  describeLines([
    [
      'with state and scopes',
      {
        Timestamp: '2026-11-22T16:41:36.256Z',
        EventId: 3,
        LogLevel: 'Critical',
        Category: 'S.A',
        Message: 'no',
        Exception: dotnetStack,
        State: { Message: 'no', OrderId: 7, '{OriginalFormat}': 'no' },
        Scopes: ['plain', { TraceId: trace, SpanId: span }, { RequestId: 'r-1' }],
      },
      {
        type: 'error',
        time: '2026-11-22T16:41:36.256Z',
        columns: {
          level: 'fatal',
          message: 'no',
          logger: 'S.A',
          exception: 'System.InvalidOperationException',
          stack: dotnetStack,
          trace_id: trace,
          span_id: span,
          request_id: 'r-1',
        },
        fields: {
          EventId: 3,
          State: { OrderId: 7, '{OriginalFormat}': 'no' },
          Scopes: ['plain', { TraceId: trace, SpanId: span }, { RequestId: 'r-1' }],
        },
      },
    ],
    [
      'whose time has no zone and whose state says nothing new',
      { Timestamp: '16:41:36 ', LogLevel: 'Information', Category: 'a', Message: 'no', State: { Message: 'no' } },
      { type: 'app', columns: { level: 'info', message: 'no', logger: 'a' }, fields: { Timestamp: '16:41:36 ' } },
    ],
  ]);
});

describe('Monolog JSON', () => {
  describeLines([
    [
      'with an exception',
      {
        message: 'no',
        context: {
          order: 7,
          exception: { class: 'App\\E', message: 'x', code: 3, file: '/a.php:1', trace: ['/b.php:2'] },
        },
        level: 550,
        level_name: 'ALERT',
        channel: 'shop',
        datetime: '2026-11-22T16:41:36.256123+00:00',
        extra: { request_id: 'r-1' },
      },
      {
        type: 'error',
        time: '2026-11-22T16:41:36.256Z',
        columns: {
          level: 'fatal',
          message: 'no',
          logger: 'shop',
          exception: 'App\\E',
          stack: 'App\\E: x in /a.php:1\n#0 /b.php:2',
          request_id: 'r-1',
        },
        fields: {
          level: 550,
          context: { order: 7, exception: { message: 'x', code: 3, file: '/a.php:1', trace: ['/b.php:2'] } },
        },
      },
    ],
    [
      'of version 1, with nothing in its context',
      {
        message: 'no',
        context: [],
        level: 250,
        level_name: 'NOTICE',
        channel: 'a',
        datetime: { date: '2026-11-22 16:41:36.000000', timezone_type: 3, timezone: 'UTC' },
        extra: {},
      },
      {
        type: 'app',
        time: '2026-11-22T16:41:36.000Z',
        columns: { level: 'info', message: 'no', logger: 'a' },
        fields: { level: 250 },
      },
    ],
    [
      'of version 1, in another zone',
      {
        message: 'no',
        level_name: 'INFO',
        channel: 'a',
        datetime: { date: '2026-11-22 16:41:36.000000', timezone_type: 3, timezone: 'Europe/Berlin' },
      },
      {
        type: 'app',
        columns: { level: 'info', message: 'no', logger: 'a' },
        fields: { datetime: { date: '2026-11-22 16:41:36.000000', timezone_type: 3, timezone: 'Europe/Berlin' } },
      },
    ],
  ]);
});

describe('GELF', () => {
  describeLines([
    [
      'with a stack',
      {
        version: '1.1',
        host: 'h',
        short_message: 'no',
        full_message: javaStack,
        timestamp: 1795365696.256,
        level: 3,
        _trace_id: trace,
        _order: 7,
      },
      {
        type: 'error',
        time: '2026-11-22T16:41:36.256Z',
        columns: {
          level: 'error',
          message: 'no',
          stack: javaStack,
          exception: 'java.lang.IllegalStateException',
          trace_id: trace,
        },
        fields: { version: '1.1', host: 'h', _order: 7 },
      },
    ],
    [
      'with a message of several lines',
      { version: '1.1', host: 'h', short_message: 'no', full_message: 'no\nreally', level: 6 },
      {
        type: 'app',
        columns: { level: 'info', message: 'no' },
        fields: { version: '1.1', host: 'h', full_message: 'no\nreally' },
      },
    ],
  ]);
});

describe('a line of each format', () => {
  const text = fc.string().filter((value) => !value.includes('\n'));
  const property = fc.tuple(fc.stringMatching(/^x_[a-z]{1,8}$/), fc.jsonValue());
  const extra = fc.array(property).map((entries) => Object.fromEntries(entries));

  it('gives back what the logger wrote, and keeps what it does not know', () => {
    const ms = fc.integer({ min: Date.UTC(2001), max: Date.UTC(2099) });
    fc.assert(
      fc.property(text, text, ms, extra, (message, logger, time, fields) => {
        fc.pre(logger !== '' && message.trim() !== '' && !/[{}]/.test(message));
        const iso = new Date(time).toISOString();
        const lines = [
          log4j2Json.parse({
            ...{ instant: { epochSecond: Math.floor(time / 1000), nanoOfSecond: (time % 1000) * 1e6 + 1 } },
            ...{ level: 'ERROR', loggerName: logger, message, ...fields },
          }),
          openTelemetryJson.parse({
            timeUnixNano: `${time}000001`,
            severityNumber: 17,
            body: { stringValue: message },
            logger,
            ...fields,
          }),
          serilogCompact.parse({ '@t': iso, '@mt': message, '@l': 'Error', SourceContext: logger, ...fields }),
          dotnetConsoleJson.parse({ Timestamp: iso, LogLevel: 'Error', Category: logger, Message: message, ...fields }),
          monologJson.parse({ message, level_name: 'ERROR', channel: logger, datetime: iso, ...fields }),
          gelf.parse({
            version: '1.1',
            timestamp: time / 1000,
            level: 3,
            short_message: message,
            _logger: logger,
            ...fields,
          }),
        ];
        for (const [index, parsed] of lines.entries()) {
          const version = index === 5 ? { version: '1.1' } : {};
          expect(parsed && simplify(parsed)).toEqual({
            type: 'error',
            time: iso,
            columns: { level: 'error', message, logger },
            fields: { ...version, ...fields },
          });
        }
      }),
    );
  });

  it('is left to the next format when its marks are missing', () => {
    for (const { parse } of [log4j2Json, openTelemetryJson, serilogCompact, dotnetConsoleJson, monologJson, gelf]) {
      expect(parse({ level: 'error', message: 'no', time: '2026-11-22T16:41:36Z' })).toBeUndefined();
    }
  });
});

it.each([
  ['{{a}} is {a}', '{a} is 1'],
  ['{a} {b} {@c} {$a,-5}', '1 {b} {"d":2} 1'],
  ['{a:000} {a} {a:x}', '001 1 one'],
  ['{a:000} {a:x} {a:y}', '001 one 1'],
  ['{s} in text', 'plain in text'],
  ['{toString} {__proto__}', '{toString} {__proto__}'],
])('Serilog renders %j as %j', (template, message) => {
  const parsed = serilogCompact.parse({
    '@t': 'x',
    '@mt': template,
    '@r': ['001', 'one'],
    a: 1,
    c: { d: 2 },
    s: 'plain',
  });
  expect(parsed?.columns).toMatchObject({ message });
});

it('renders a hostile template in time that grows with its length only', () => {
  for (const piece of ['{', '{a', '{a:', '{@', '{{', '}', '{a,1', '{a:b}']) {
    expect(serilogCompact.parse({ '@t': 'x', '@mt': piece.repeat(200_000), a: 1 })).toBeDefined();
  }
});
