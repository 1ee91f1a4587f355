import type { Parsed } from '../../../line/parsed.js';
import type { JsonFormat } from '../../format.js';
import { EntryKeys } from '../../json/entryKeys.js';
import { commonKeys, toJsonEntry } from '../../json/jsonEntry.js';
import { renderTemplate } from '../../json/messageTemplate.js';
import type { JsonObject } from '../../json/object.js';
import { declareRead } from '../../json/readPaths.js';
import { parseLevel } from '../../values/level.js';

/**
 * Serilog's compact JSON (CLEF): known by `@t` with a message `@m` or a message template `@mt`.
 *
 * https://github.com/serilog/serilog-formatting-compact#format-details
 */
export const serilogCompact: JsonFormat = {
  name: 'serilog-compact',
  keys: ['@t'],
  samples: [
    {
      of: 'Serilog, CompactJsonFormatter',
      line: '{"@t":"2026-11-22T16:41:36.2561234Z","@mt":"Order {OrderId} took {Elapsed:0.0} ms","@r":["32.3"],"@tr":"4bf92f3577b34da6a3ce929d0e0e4736","@sp":"00f067aa0ba902b7","OrderId":7,"Elapsed":32.338,"SourceContext":"Shop.Orders"}',
    },
    {
      of: 'Serilog, RenderedCompactJsonFormatter',
      line: '{"@t":"2026-11-22T16:41:36.2561234Z","@m":"Order 7 failed","@i":"c3a1f2d0","@l":"Error","@x":"System.InvalidOperationException: no stock\\n   at Shop.Stock.Reserve() in /src/Stock.cs:line 12","OrderId":7,"SourceContext":"Shop.Orders"}',
    },
  ],
  parse: parseSerilog,
};

declareRead(['@l']);
const keys = new EntryKeys(
  { time: ['@t'], message: ['@m'], error: ['@x'], trace_id: ['@tr'], span_id: ['@sp'], level: [] },
  commonKeys,
);

function parseSerilog(object: JsonObject): Parsed | undefined {
  const { '@t': time, '@m': message, '@mt': template, '@l': levelName } = object;
  if (time === undefined || (typeof message !== 'string' && typeof template !== 'string')) return undefined;
  const found = keys.find(object);
  if (typeof message !== 'string' && typeof template === 'string') {
    // The template stays in `fields`: it is the same for all events of a kind.
    found.values.message = renderTemplate(template, object, renderings(object['@r']));
    if (found.values.message === template) found.takeRest('@mt');
  }
  // Without a level the event is informational. Serilog's Verbose lies below its Debug, unlike npm's.
  const level = levelName === undefined ? 'info' : levelName === 'Verbose' ? 'trace' : parseLevel(levelName);
  if (level) {
    found.giveBack('level');
    found.values.level = level;
    found.takeRest('@l');
  }
  return toJsonEntry(found);
}

/** The values of tokens with a format, as Serilog rendered them. */
function renderings(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
