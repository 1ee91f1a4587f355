import type { Parsed } from '../../../line/parsed.js';
import type { JsonFormat } from '../../format.js';
import { EntryKeys } from '../../json/entryKeys.js';
import { commonKeys, toJsonEntry } from '../../json/jsonEntry.js';
import { isObject, type JsonObject } from '../../json/object.js';

/**
 * Rust's tracing-subscriber in JSON: known by its level beside `fields`, or beside a `target` that is a Rust path.
 *
 * https://docs.rs/tracing-subscriber/latest/tracing_subscriber/fmt/format/struct.Json.html
 */
export const rustTracingJson: JsonFormat = {
  name: 'rust-tracing-json',
  keys: ['fields', 'target'],
  samples: [
    {
      of: 'Rust, tracing-subscriber',
      line: '{"timestamp":"2026-11-22T16:41:36.256123Z","level":"ERROR","fields":{"message":"payment failed","order":7},"target":"shop::pay","span":{"request_id":"r-1","name":"checkout"},"spans":[{"request_id":"r-1","name":"checkout"}]}',
    },
    {
      of: 'Rust, tracing-subscriber with `flatten_event`',
      line: '{"timestamp":"2026-11-22T16:41:36.256123Z","level":"INFO","message":"order accepted","order":7,"target":"shop::orders"}',
    },
  ],
  parse: parseTracing,
};

const keys = new EntryKeys(
  {
    message: ['fields.message'],
    logger: ['target'],
    request_id: ['fields.request_id', 'span.request_id'],
    trace_id: ['fields.trace_id', 'span.trace_id'],
  },
  commonKeys,
);

function parseTracing(object: JsonObject): Parsed | undefined {
  const { level, fields, target } = object;
  if (typeof level !== 'string') return undefined;
  const isPath = typeof target === 'string' && rustPath.test(target);
  const isNested = isObject(fields) && (typeof fields.message === 'string' || isPath);
  return isNested || (isPath && target.includes('::')) ? toJsonEntry(keys.find(object)) : undefined;
}

/** A crate, and modules in it. */
const rustPath = /^[A-Za-z_]\w*(?:::\w+)*$/;
