import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import type { TextFormat } from '../../format.js';
import { putNumber } from '../../values/number.js';
import { splitUrl } from '../../values/request.js';
import { parseEpoch } from '../../values/time.js';

/** Squid's native access log: https://wiki.squid-cache.org/Features/LogFormat#squid-native-accesslog-format-in-detail */
export const squid: TextFormat = {
  name: 'squid',
  first: /\d/,
  dates: [],
  samples: [
    {
      of: 'Squid, native',
      line: '1795365662.123    251 203.0.113.9 TCP_MISS/200 1541 GET http://shop.example.com/a?b=c - HIER_DIRECT/198.51.100.2 text/html',
    },
    {
      of: 'Squid, a tunnel',
      line: '1795365662.123  60251 203.0.113.9 TCP_TUNNEL/200 4841 CONNECT shop.example.com:443 anna HIER_DIRECT/198.51.100.2 -',
    },
  ],
  parse(line): Parsed | undefined {
    const groups = pattern.exec(line)?.groups;
    const time = groups && parseEpoch(Number(groups.time));
    if (!groups || time === undefined) return undefined;
    const { duration = '', client = '', result, status = '', bytes = '', method = '-', url = '' } = groups;
    const columns: AccessColumns = { client_ip: client, ...(method === 'CONNECT' ? { path: url } : splitUrl(url)) };
    if (method !== '-') columns.method = method;
    const fields: Fields = [];
    // Squid writes 000 for a request that was never answered.
    putNumber(columns, fields, 'status', status);
    putNumber(columns, fields, 'bytes', bytes);
    putNumber(columns, fields, 'duration_ms', duration);
    fields.push(['cache_result', result]);
    for (const key of ['remote_user', 'hierarchy', 'peer', 'content_type', 'tail']) {
      const value = groups[key];
      if (value !== undefined && value !== '-') fields.push([key, value]);
    }
    return { type: 'access', time, columns, fields };
  },
};

const pattern =
  /^(?<time>\d{9,10}\.\d{3}) {1,8}(?<duration>-?\d{1,15}) (?<client>\S{1,255}) (?<result>[A-Z][A-Z_]{1,63})\/(?<status>\d{3}) (?<bytes>\d{1,40}) (?<method>[A-Z][A-Z_-]{0,31}|-) (?<url>\S{1,16384}) (?<remote_user>\S{1,255}) (?<hierarchy>[A-Z][A-Z_]{1,63})\/(?<peer>\S{1,255}) (?<content_type>\S{1,255})(?: (?<tail>.*))?$/s;
