import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applicationJson } from '../../../../../shared/parse/formats/application/applicationJson.js';
import { levels } from '../../../../../shared/parse/values/level.js';
import { describeLines } from '../../../../helpers/jsonLines.js';

const traceback =
  'Traceback (most recent call last):\n  File "/app/b.py", line 12, in charge\n    raise KeyError(5)\nKeyError: 5';
const javaStack = 'java.lang.IllegalStateException: no\n\tat com.shop.Checkout.run(Checkout.java:52)\n';
const nodeStack = 'TypeError: no\n    at a (b.js:1:2)';
const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';

describeLines([
  [
    'pino, with an error of its own',
    {
      level: 50,
      time: 1795365696256,
      pid: 1,
      name: 'orders',
      err: { type: 'TypeError', message: 'x', stack: nodeStack, code: 'E1' },
      msg: 'failed',
    },
    {
      type: 'error',
      time: '2026-11-22T16:41:36.256Z',
      columns: { level: 'error', message: 'failed', logger: 'orders', exception: 'TypeError', stack: nodeStack },
      fields: { pid: 1, err: { message: 'x', code: 'E1' } },
    },
  ],
  [
    'bunyan, whose error says what the line says',
    { name: 'orders', pid: 1, level: 50, err: { name: 'TypeError', message: 'no', stack: nodeStack }, msg: 'no', v: 0 },
    {
      type: 'error',
      columns: { level: 'error', message: 'no', logger: 'orders', exception: 'TypeError', stack: nodeStack },
      fields: { pid: 1, v: 0 },
    },
  ],
  [
    'a name that is no logger',
    { level: 'info', message: 'signed up', name: 'Anna' },
    { type: 'app', columns: { level: 'info', message: 'signed up' }, fields: { name: 'Anna' } },
  ],
  [
    'logstash-logback-encoder',
    {
      '@timestamp': '2026-11-22T17:41:36.2+01:00',
      '@version': '1',
      message: 'no',
      logger_name: 'c.s.Checkout',
      level: 'ERROR',
      level_value: 40000,
      stack_trace: javaStack,
    },
    {
      type: 'error',
      time: '2026-11-22T16:41:36.200Z',
      columns: {
        level: 'error',
        message: 'no',
        logger: 'c.s.Checkout',
        stack: javaStack,
        exception: 'java.lang.IllegalStateException',
      },
      fields: { '@version': '1', level_value: 40000 },
    },
  ],
  [
    'python-json-logger, whose time has no zone',
    { asctime: '2026-11-22 16:41:36,469', levelname: 'CRITICAL', name: 'billing', message: 'no', exc_info: traceback },
    {
      type: 'error',
      columns: { level: 'fatal', message: 'no', logger: 'billing', stack: traceback, exception: 'KeyError' },
      fields: { asctime: '2026-11-22 16:41:36,469' },
    },
  ],
  [
    'structlog, whose exception is a text',
    { event: 'no', level: 'warning', exception: traceback, customer: 5 },
    {
      type: 'app',
      columns: { level: 'warn', message: 'no', stack: traceback, exception: 'KeyError' },
      fields: { customer: 5 },
    },
  ],
  [
    'zap',
    {
      level: 'dpanic',
      ts: 1795365696.256,
      logger: 'search',
      caller: 'q.go:52',
      msg: 'no',
      error: 'refused',
      stacktrace: 'main.query\n\t/app/q.go:52',
    },
    {
      type: 'error',
      time: '2026-11-22T16:41:36.256Z',
      columns: { level: 'fatal', message: 'no', logger: 'search', stack: 'main.query\n\t/app/q.go:52' },
      fields: { caller: 'q.go:52', error: 'refused' },
    },
  ],
  [
    'slog, with a group and a level between two',
    { time: '2026-11-22T16:41:36.256123456Z', level: 'ERROR+4', msg: 'no', db: { took: 3, rows: 0 } },
    {
      type: 'error',
      time: '2026-11-22T16:41:36.256Z',
      columns: { level: 'error', message: 'no' },
      fields: { db: { took: 3, rows: 0 } },
    },
  ],
  [
    'Elastic Common Schema, dotted',
    {
      '@timestamp': '2026-11-22T16:41:36Z',
      'log.level': 'ERROR',
      message: 'no',
      'ecs.version': '1.2.0',
      'service.name': 'shop',
      'log.logger': 'c.s.A',
      'error.type': 'a.B',
      'error.message': 'x',
      'error.stack_trace': javaStack,
      'trace.id': trace,
      'transaction.id': span,
    },
    {
      type: 'error',
      time: '2026-11-22T16:41:36.000Z',
      columns: {
        level: 'error',
        message: 'no',
        logger: 'c.s.A',
        exception: 'a.B',
        stack: javaStack,
        trace_id: trace,
        span_id: span,
      },
      fields: { 'ecs.version': '1.2.0', 'service.name': 'shop', 'error.message': 'x' },
    },
  ],
  [
    'Elastic Common Schema, nested',
    {
      log: { level: 'warn', logger: 'shop', origin: { file: { line: 5 } } },
      message: 'no',
      trace: { id: trace },
      span: { id: span },
      transaction: { id: 't-1' },
      error: { type: 'a.B', message: 'no', code: 7 },
    },
    {
      type: 'app',
      columns: { level: 'warn', message: 'no', logger: 'shop', exception: 'a.B', trace_id: trace, span_id: span },
      fields: { log: { origin: { file: { line: 5 } } }, transaction: { id: 't-1' }, error: { code: 7 } },
    },
  ],
  [
    'semantic_logger, whose stack is a list',
    {
      level: 'error',
      level_index: 4,
      name: 'Checkout',
      message: 'no',
      exception: { name: 'StockError', message: 'x', stack_trace: ["a.rb:1:in `b'", "c.rb:2:in `d'"] },
    },
    {
      type: 'error',
      columns: {
        level: 'error',
        message: 'no',
        logger: 'Checkout',
        exception: 'StockError',
        stack: "a.rb:1:in `b'\nc.rb:2:in `d'",
      },
      fields: { level_index: 4, exception: { message: 'x' } },
    },
  ],
  [
    'a stack without a level',
    { message: 'no', stack: nodeStack },
    { type: 'error', columns: { level: 'error', message: 'no', stack: nodeStack, exception: 'TypeError' } },
  ],
  [
    'a message with its trace behind it',
    { level: 'error', message: `charge failed\n${traceback}` },
    { type: 'error', columns: { level: 'error', message: 'charge failed', stack: traceback, exception: 'KeyError' } },
  ],
  [
    'an error in place of a message',
    { level: 'error', error: { message: 'no', kind: 'E' } },
    { type: 'error', columns: { level: 'error', message: 'no', exception: 'E' } },
  ],
  [
    'values of other kinds than the columns',
    { level: 'loud', message: { a: 1 }, time: 'now', logger: 7, stack: 'one line', trace_id: 0, err: null },
    {
      type: 'app',
      columns: {},
      fields: { level: 'loud', message: { a: 1 }, time: 'now', logger: 7, stack: 'one line', trace_id: 0, err: null },
    },
  ],
  [
    'two names for one column: the more usual wins, the other stays',
    {
      message: 'second',
      msg: 'first',
      logger_name: 'b',
      logger: 'a',
      severity: 'INFO',
      level: 'debug',
      ts: 1795365696,
      time: 1795365696256,
    },
    {
      type: 'app',
      time: '2026-11-22T16:41:36.256Z',
      columns: { level: 'debug', message: 'first', logger: 'a' },
      fields: { message: 'second', logger_name: 'b', severity: 'INFO', ts: 1795365696 },
    },
  ],
]);

describe('trace ids', () => {
  it.each([
    [{ traceparent: `00-${trace}-${span}-01` }, { trace_id: trace, span_id: span }],
    [{ trace_id: `00-${trace}-${span}-01` }, { trace_id: trace, span_id: span }],
    [
      { 'AWS-XRAY-TRACE-ID': `AWS-XRAY-TRACE-ID: 1-5759e988-bd862e3fe1be46a994272793@${span}` },
      { trace_id: '1-5759e988-bd862e3fe1be46a994272793', span_id: span },
    ],
    [
      {
        'X-Amzn-Trace-Id': `Self=1-67891234-12456789abcdef012345678;Root=1-5759e988-bd862e3fe1be46a994272793;Parent=${span};Sampled=1`,
      },
      { trace_id: '1-5759e988-bd862e3fe1be46a994272793', span_id: span },
    ],
    [{ b3: `${trace}-${span}-1-05e3ac9a4f6e3b90` }, { trace_id: trace, span_id: span }],
    [{ 'logging.googleapis.com/trace': `projects/shop/traces/${trace}` }, { trace_id: trace }],
  ])('%j is a header: read, and kept whole', (object, expected) => {
    const parsed = applicationJson.parse(object);
    expect(parsed).toEqual({ type: 'app', time: undefined, columns: expected, fields: Object.entries(object) });
  });

  it.each([
    [{ xray_trace_id: '1-5759e988-bd862e3fe1be46a994272793' }, { trace_id: '1-5759e988-bd862e3fe1be46a994272793' }],
    [
      { 'X-B3-TraceId': trace, 'X-B3-SpanId': span },
      { trace_id: trace, span_id: span },
    ],
    [
      { 'dd.trace_id': '6685474894012345678', 'dd.span_id': 7 },
      { trace_id: '6685474894012345678', span_id: '7' },
    ],
    [{ dd: { trace_id: '66', span_id: '7' } }, { trace_id: '66', span_id: '7' }],
    [{ contextMap: { traceId: trace, spanId: span } }, { trace_id: trace, span_id: span }],
    [
      { otelTraceID: trace, otelSpanID: span },
      { trace_id: trace, span_id: span },
    ],
    [
      { traceID: trace, requestId: 'r-1' },
      { trace_id: trace, request_id: 'r-1' },
    ],
  ])('%j are ids', (object, expected) => {
    expect(applicationJson.parse(object)).toEqual({ type: 'app', time: undefined, columns: expected, fields: [] });
  });

  it.each([
    { trace_id: '' },
    { trace_id: '0' },
    { traceId: '0'.repeat(32) },
    { 'dd.trace_id': 0 },
    { trace_id: 'no trace' },
    { b3: '0' },
    { traceparent: `00-${'0'.repeat(32)}-${span}-00` },
  ])('%j is none', (object) => {
    expect(applicationJson.parse(object)).toEqual({
      type: 'app',
      time: undefined,
      columns: {},
      fields: Object.entries(object),
    });
  });
});

it('gives back what a logger wrote, and keeps what it does not know', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  fc.assert(
    fc.property(
      fc.constantFrom(...levels),
      fc.string(),
      fc.integer({ min: Date.UTC(2001), max: Date.UTC(2099) }),
      fc.dictionary(
        word.map((key) => `x_${key}`),
        fc.jsonValue(),
      ),
      (level, message, time, extra) => {
        fc.pre(message.trim() !== '' && !message.includes('\n'));
        const parsed = applicationJson.parse({ level, time: new Date(time).toISOString(), msg: message, ...extra });
        expect(parsed).toEqual({
          type: level === 'error' || level === 'fatal' ? 'error' : 'app',
          time,
          columns: { level, message },
          fields: Object.entries(extra),
        });
      },
    ),
  );
});

it('loses no value, whatever stands under the keys it knows', () => {
  const key = fc.constantFrom(
    'level',
    'msg',
    'message',
    'err',
    'error',
    'exception',
    'stack',
    'name',
    'pid',
    'trace',
    'log',
    'dd',
    'trace_id',
  );
  const leaf = fc.oneof(
    fc.nat().map((n) => `v${n}`),
    fc.nat().map((n) => `v${n}\n    at x`),
  );
  const inner = fc.dictionary(fc.constantFrom('message', 'type', 'stack', 'id', 'level', 'trace_id', 'other'), leaf);
  fc.assert(
    fc.property(fc.dictionary(key, fc.oneof(leaf, inner)), (object) => {
      const { columns, fields } = applicationJson.parse(object);
      const kept = JSON.stringify([columns, fields]);
      for (const value of Object.values(object).flatMap((each) =>
        typeof each === 'string' ? each : Object.values(each),
      )) {
        // Of a message with a trace behind it, each part has a column.
        for (const part of value.split('\n')) expect(kept).toContain(part);
      }
    }),
  );
});
