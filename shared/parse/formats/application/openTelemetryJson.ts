import type { Parsed } from '../../../line/parsed.js';
import { stringify } from '../../../text/json.js';
import type { JsonFormat } from '../../format.js';
import { EntryKeys } from '../../json/entryKeys.js';
import { commonKeys, toJsonEntry } from '../../json/jsonEntry.js';
import { isObject, type JsonObject } from '../../json/object.js';
import { plainAttributes, plainValue } from '../../json/otlpValue.js';
import { declareRead } from '../../json/readPaths.js';
import { type Level, levels, parseLevel } from '../../values/level.js';

const numberKeys = ['severityNumber', 'SeverityNumber', 'severity_number'];
const textKeys = ['severityText', 'SeverityText', 'severity_text'];
const bodyKeys = ['body', 'Body'];

/**
 * An OpenTelemetry log record, in the words of the data model (`SeverityNumber`, `Body`) or of OTLP's JSON encoding
 * (`severityNumber`, `body: { stringValue }`), or with the flat keys of SDKs and exporters (`severity_number`, `body`).
 *
 * https://opentelemetry.io/docs/specs/otel/logs/data-model/, https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export const openTelemetryJson: JsonFormat = {
  name: 'opentelemetry-json',
  keys: [...numberKeys, ...textKeys, ...bodyKeys],
  samples: [
    {
      of: 'OpenTelemetry, data model',
      line: '{"Timestamp":"1795365696256000000","ObservedTimestamp":"1795365696257000000","TraceId":"4bf92f3577b34da6a3ce929d0e0e4736","SpanId":"00f067aa0ba902b7","SeverityText":"Error","SeverityNumber":17,"Body":"checkout failed","Resource":{"service.name":"shop"},"Attributes":{"order":7,"exception.type":"StockError","exception.message":"no stock","exception.stacktrace":"StockError: no stock\\n    at reserve (/app/stock.js:4:9)"}}',
    },
    {
      of: 'OpenTelemetry, OTLP JSON',
      line: '{"timeUnixNano":"1795365696256000000","severityNumber":9,"severityText":"Information","traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","body":{"stringValue":"order accepted"},"attributes":[{"key":"order","value":{"intValue":"7"}},{"key":"tags","value":{"arrayValue":{"values":[{"stringValue":"new"}]}}}]}',
    },
  ],
  parse: parseOpenTelemetry,
};

declareRead([...numberKeys, ...textKeys, ...bodyKeys]);
const keys = new EntryKeys(
  {
    time: [
      ...['timeUnixNano', 'Timestamp', 'time_unix_nano', 'timestamp'],
      ...['observedTimeUnixNano', 'ObservedTimestamp', 'observed_time_unix_nano', 'observed_timestamp'],
    ],
    message: ['body', 'Body', 'body.message', 'body.msg', 'Body.message', 'Body.msg'],
    logger: ['scope.name', 'InstrumentationScope.Name', 'InstrumentationScope.name'],
    exception: ['attributes.exception.type', 'Attributes.exception.type'],
    thrown: ['attributes.exception.message', 'Attributes.exception.message'],
    stack: ['attributes.exception.stacktrace', 'Attributes.exception.stacktrace'],
  },
  commonKeys,
);

function parseOpenTelemetry(object: JsonObject): Parsed | undefined {
  const numberKey = keyIn(object, numberKeys);
  const textKey = keyIn(object, textKeys);
  const bodyKey = keyIn(object, bodyKeys);
  if (!numberKey && !textKey && !(bodyKey && keyIn(object, recordKeys))) return undefined;
  const found = keys.find(plainly(object, bodyKey));
  const ofNumber = numberKey && levelOf(object[numberKey]);
  const ofText = textKey && levelNamed(object[textKey]);
  const level = ofNumber ?? ofText;
  if (level) {
    found.giveBack('level');
    found.values.level = level;
    if (numberKey && ofNumber) found.takeRest(numberKey);
    // A source's own word for the severity that is not on our scale is kept.
    if (textKey && ofText === level) found.takeRest(textKey);
  }
  const body = bodyKey && found.peekRest(bodyKey);
  if (bodyKey && found.values.message === undefined && typeof body === 'object' && body !== null) {
    found.values.message = stringify(found.takeRest(bodyKey));
  }
  return toJsonEntry(found);
}

/** What tells a record without a severity from any line with a body. */
const recordKeys = [
  ...['timeUnixNano', 'Timestamp', 'time_unix_nano', 'observedTimeUnixNano', 'ObservedTimestamp'],
  ...['observed_timestamp', 'trace_flags', 'instrumentation_scope'],
];

function keyIn(object: JsonObject, spellings: readonly string[]): string | undefined {
  return spellings.find((key) => object[key] !== undefined && object[key] !== null && Object.hasOwn(object, key));
}

/** The record with OTLP's own values as the JSON they stand for. */
function plainly(object: JsonObject, bodyKey: string | undefined): JsonObject {
  const attributes = plainAttributes(object.attributes);
  const body = bodyKey && object[bodyKey];
  const plain = attributes ? { ...object, attributes } : object;
  return bodyKey && isObject(body) ? { ...plain, [bodyKey]: plainValue(body) } : plain;
}

/** 1 to 24: four steps for each level, trace to fatal. JSON may also name them: `SEVERITY_NUMBER_ERROR2`. */
function levelOf(severityNumber: unknown): Level | undefined {
  if (typeof severityNumber === 'string') {
    return /^\d+$/.test(severityNumber) ? levelOf(Number(severityNumber)) : levelNamed(severityNumber);
  }
  if (typeof severityNumber !== 'number' || !(severityNumber >= 1 && severityNumber <= 24)) return undefined;
  return levels[Math.floor((severityNumber - 1) / 4)];
}

/** The model's short names have a step behind them: `ERROR2`. */
function levelNamed(severityText: unknown): Level | undefined {
  if (typeof severityText !== 'string') return undefined;
  return parseLevel(severityText.replace(/^(?:SEVERITY_NUMBER_|SeverityNumber\.)/, '').replace(/(?<=[A-Z])[1-4]$/, ''));
}
