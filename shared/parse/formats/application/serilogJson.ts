import type { Parsed } from '../../../line/parsed.js';
import type { JsonFormat } from '../../format.js';
import { EntryKeys } from '../../json/entryKeys.js';
import { commonKeys, toJsonEntry } from '../../json/jsonEntry.js';
import { renderTemplate } from '../../json/messageTemplate.js';
import { isObject, type JsonObject } from '../../json/object.js';

/**
 * Serilog's first JSON: known by `MessageTemplate` beside its `Level` or `Timestamp`.
 *
 * https://github.com/serilog/serilog/blob/dev/src/Serilog/Formatting/Json/JsonFormatter.cs
 */
export const serilogJson: JsonFormat = {
  name: 'serilog-json',
  keys: ['MessageTemplate'],
  samples: [
    {
      of: 'Serilog, JsonFormatter',
      line: '{"Timestamp":"2026-11-22T16:41:36.2561234+00:00","Level":"Warning","MessageTemplate":"Order {OrderId} is late","Properties":{"OrderId":7,"SourceContext":"Shop.Orders"}}',
    },
    {
      of: 'Serilog, JsonFormatter with `renderMessage`',
      line: '{"Timestamp":"2026-11-22T16:41:36.2561234+00:00","Level":"Error","MessageTemplate":"Order {OrderId} failed","RenderedMessage":"Order 7 failed","Exception":"System.InvalidOperationException: no stock\\n   at Shop.Stock.Reserve() in /src/Stock.cs:line 12","Properties":{"OrderId":7,"SourceContext":"Shop.Orders"}}',
    },
  ],
  parse: parseSerilogJson,
};

const keys = new EntryKeys(
  {
    time: ['Timestamp', '@timestamp'],
    level: ['Level'],
    message: ['RenderedMessage'],
    logger: ['Properties.SourceContext'],
    request_id: ['Properties.RequestId'],
    trace_id: ['Properties.TraceId'],
    span_id: ['Properties.SpanId'],
  },
  commonKeys,
);

function parseSerilogJson(object: JsonObject): Parsed | undefined {
  const { MessageTemplate: template, RenderedMessage: rendered, Properties: properties, Level: level } = object;
  if (typeof template !== 'string' || !(typeof level === 'string' || Object.hasOwn(object, 'Timestamp'))) {
    return undefined;
  }
  const found = keys.find(object);
  // The template stays in `fields`: it is the same for all events of a kind.
  if (typeof rendered !== 'string') {
    found.giveBack('message');
    found.values.message = renderTemplate(template, isObject(properties) ? properties : object);
  }
  if (found.values.message === template) found.takeRest('MessageTemplate');
  // Serilog's Verbose lies below its Debug, unlike npm's. Without a level an event is informational.
  if (level === 'Verbose') found.values.level = 'trace';
  if (level === undefined) found.values.level = 'info';
  return toJsonEntry(found);
}
