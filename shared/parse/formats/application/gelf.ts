import type { Parsed } from '../../../line/parsed.js';
import type { JsonFormat } from '../../format.js';
import { EntryKeys } from '../../json/entryKeys.js';
import { commonKeys, toJsonEntry } from '../../json/jsonEntry.js';
import type { JsonObject } from '../../json/object.js';

/**
 * Graylog's extended log format: levels are syslog severities, the application's own keys start with `_`.
 *
 * https://go2docs.graylog.org/current/getting_in_log_data/gelf.html
 */
export const gelf: JsonFormat = {
  name: 'gelf',
  keys: ['short_message'],
  samples: [
    {
      of: 'GELF, for example from Spring Boot',
      line: '{"version":"1.1","host":"web-7f","short_message":"checkout failed","full_message":"checkout failed\\n\\njava.lang.IllegalStateException: no stock\\n\\tat com.shop.Checkout.run(Checkout.java:52)\\n","timestamp":1795365696.256,"level":3,"_level_name":"ERROR","_log_logger":"com.shop.Checkout","_error_type":"java.lang.IllegalStateException","_error_message":"no stock","_error_stack_trace":"java.lang.IllegalStateException: no stock\\n\\tat com.shop.Checkout.run(Checkout.java:52)\\n","_order":7}',
    },
  ],
  parse: parseGelf,
};

const keys = new EntryKeys(
  {
    level: ['level'],
    message: ['short_message'],
    logger: ['_log_logger', '_logger', '_loggerName', '_logger_name', 'facility'],
    exception: ['_error_type', '_exceptionClass'],
    thrown: ['_error_message', '_exceptionMessage'],
    stack: ['_error_stack_trace', '_stackTrace', '_stack_trace', '_exceptionStackTrace', 'full_message'],
    trace_id: ['_trace_id', '_traceId'],
    span_id: ['_span_id', '_spanId'],
    request_id: ['_request_id', '_requestId'],
  },
  commonKeys,
);

function parseGelf(object: JsonObject): Parsed | undefined {
  if (typeof object.short_message !== 'string' || typeof object.version !== 'string') return undefined;
  const { full_message: full } = object;
  const found = keys.find(object);
  // Graylog's own name for a stack, but just as well a long message.
  if (typeof full === 'string' && found.values.stack === full && !/\n\s+at |^Traceback/m.test(full)) {
    found.giveBack('stack');
    delete found.values.stack;
  }
  return toJsonEntry(found);
}
