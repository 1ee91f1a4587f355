import type { Parsed } from '../../../line/parsed.js';
import type { JsonFormat } from '../../format.js';
import { EntryKeys } from '../../json/entryKeys.js';
import { commonKeys, toJsonEntry } from '../../json/jsonEntry.js';
import { isObject, type JsonObject } from '../../json/object.js';
import { declareRead } from '../../json/readPaths.js';

/**
 * .NET's console logger in JSON, known by `LogLevel` and `Category`.
 *
 * https://learn.microsoft.com/en-us/dotnet/core/extensions/console-log-formatter#json
 */
export const dotnetConsoleJson: JsonFormat = {
  name: 'dotnet-console-json',
  keys: ['LogLevel'],
  samples: [
    {
      of: '.NET, AddJsonConsole',
      line: '{"Timestamp":"2026-11-22T16:41:36.256Z","EventId":0,"LogLevel":"Error","Category":"Shop.Orders","Message":"Order 7 failed","Exception":"System.InvalidOperationException: no stock\\n   at Shop.Stock.Reserve() in /src/Stock.cs:line 12","State":{"Message":"Order 7 failed","OrderId":7,"{OriginalFormat}":"Order {OrderId} failed"},"Scopes":[{"Message":"SpanId:00f067aa0ba902b7, TraceId:4bf92f3577b34da6a3ce929d0e0e4736","SpanId":"00f067aa0ba902b7","TraceId":"4bf92f3577b34da6a3ce929d0e0e4736"}]}',
    },
  ],
  parse: parseDotnet,
};

declareRead(['Scopes', 'State.Message']);
const keys = new EntryKeys({ level: ['LogLevel'], message: ['Message'], logger: ['Category'] }, commonKeys);

function parseDotnet(object: JsonObject): Parsed | undefined {
  if (typeof object.LogLevel !== 'string' || typeof object.Category !== 'string') return undefined;
  const found = keys.find(object);
  dropRepeatedMessage(object, found.rest);
  // Scopes stay in `fields`: an inner scope may say the same key otherwise.
  for (const scope of Array.isArray(object.Scopes) ? object.Scopes : []) {
    if (!isObject(scope)) continue;
    const { trace_id, span_id, request_id } = keys.find(scope).values;
    found.values.trace_id ??= trace_id;
    found.values.span_id ??= span_id;
    found.values.request_id ??= request_id;
  }
  return toJsonEntry(found);
}

/** The formatter writes the message a second time, into the state. */
function dropRepeatedMessage({ Message: message, State: state }: JsonObject, rest: [string, unknown][]): void {
  if (!isObject(state) || state.Message !== message) return;
  const index = rest.findIndex(([key]) => key === 'State');
  if (index < 0) return;
  const { Message: _, ...others } = state;
  if (Object.keys(others).length > 0) rest[index] = ['State', others];
  else rest.splice(index, 1);
}
