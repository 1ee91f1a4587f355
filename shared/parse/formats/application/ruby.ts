import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';
import { splitTarget } from '../../values/request.js';
import { parseTime } from '../../values/time.js';

/** Ruby's Logger, which Rails and Sidekiq use too: https://docs.ruby-lang.org/en/master/Logger/Formatter.html */
export const rubyLogger: TextFormat = {
  name: 'ruby-logger',
  first: /[DIWEFAU]/,
  samples: [
    { of: 'Ruby, Logger', line: 'W, [2026-11-22T16:41:02.123456 #7]  WARN -- billing: card declined' },
    {
      of: 'Rails, production',
      line: 'I, [2026-11-22T16:41:02.123456 #7]  INFO -- : [0f8fad5b-d9cb-469f-a165-70867728950e] Started GET "/orders?page=2" for 203.0.113.9 at 2026-11-22 16:41:02 +0000',
    },
    {
      of: 'Ruby, Logger with an exception',
      line: "E, [2026-11-22T16:41:02.123456 #7] ERROR -- : no stock (Shop::OutOfStock)\n/app/stock.rb:4:in 'reserve'\n/app/main.rb:9:in '<main>'",
    },
  ],
  parse: parseRubyLogger,
};

/**
 * Rails' request lines. `Started` is the access line: it names the client, method and path; the `Completed` that follows
 * has the status and times, but neither of these, and is an app line, so that a request counts once.
 *
 * https://guides.rubyonrails.org/debugging_rails_applications.html#the-logger
 */
export const railsRequest: TextFormat = {
  name: 'rails-request',
  first: /[SC]/,
  samples: [
    {
      of: 'Rails, start of a request',
      line: 'Started GET "/orders?page=2" for 203.0.113.9 at 2026-11-22 16:41:02 +0000',
    },
    {
      of: 'Rails, end of a request',
      line: 'Completed 500 Internal Server Error in 12ms (ActiveRecord: 3.4ms | Allocations: 1234)',
    },
  ],
  parse: (line) => parseStarted(line) ?? parseCompleted(line),
};

function parseRubyLogger(line: string): Parsed | undefined {
  const match = logger.exec(line);
  if (!match) return undefined;
  const [, time, pid, level, program, text = ''] = match;
  const [tag = repeatedTags(text), requestId] = requestTag.exec(text) ?? [];
  // Rails repeats the tag on every line of an exception, and starts it with an empty one.
  const message = tag === '' ? text : text.replaceAll(tag, '').trimStart();
  const fields: Fields = [['pid', Number(pid)]];
  if (tag !== '' && !requestId) fields.push(['tags', tag.trim()]);
  const request = railsRequest.parse(message);
  const entry = toEntry({
    time,
    level,
    logger: program,
    message,
    fields,
    ...(requestId && { columns: { request_id: requestId } }),
  });
  if (!request) return entry;
  if (request.type === 'access') {
    const columns: AccessColumns = { ...request.columns };
    if (requestId) columns.request_id = requestId;
    return { ...request, columns, fields: [...entry.fields, ...request.fields] };
  }
  return { ...entry, fields: [...entry.fields, ...request.fields] };
}

function parseStarted(line: string): Parsed | undefined {
  const match = started.exec(line);
  if (!match) return undefined;
  const [, method = '', target = '', client, at = ''] = match;
  const columns: AccessColumns = { method, ...splitTarget(target) };
  if (client) columns.client_ip = client;
  const time = parseTime(at);
  return { type: 'access', time, columns, fields: time === undefined ? [['time', at]] : [] };
}

function parseCompleted(line: string): Parsed | undefined {
  const match = completed.exec(line);
  if (!match) return undefined;
  const fields: Fields = [
    ['status', Number(match[1])],
    ['duration_ms', Number(match[2])],
  ];
  return toEntry({ message: line, fields });
}

/** What each line of a message begins with; '' when they differ, or when there is one line only. */
function repeatedTags(text: string): string {
  const tags = anyTags.exec(text)?.[0] ?? '';
  const further = text.split('\n').slice(1);
  return further.length > 0 && further.every((line) => line.startsWith(tags)) ? tags : '';
}

const anyTags = /^(?:\[[^\]\n]{1,200}\] )+/;
const logger = /^[DIWEFAU], \[(\d{4}-\d\d-\d\dT[\d:.]+) ?#(\d+)\]\s+([A-Z]+) -- (\S*):(?: (.*))?$/s;
const requestTag = /^\[([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\] /;
const started = /^Started ([A-Z]+) "([^"]*)" for ([\w.:]+) at (\d{4}-\d\d-\d\d [\d:]{8} [+-]\d{4})$/;
const completed = /^Completed (\d{3}) [^\n]*? ?in (\d+)ms(?: \(.*\))?\s*$/;
