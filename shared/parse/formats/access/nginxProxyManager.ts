import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import { decodeLogEscapes } from '../../../text/logEscapes.js';
import type { TextFormat } from '../../format.js';
import { numberOrText } from '../../tokens.js';
import { putNumber } from '../../values/number.js';
import { splitTarget } from '../../values/request.js';
import { parseClfTime } from '../../values/time.js';

/** Nginx Proxy Manager's two formats: https://github.com/NginxProxyManager/nginx-proxy-manager/tree/develop/docker/rootfs/etc/nginx */
export const nginxProxyManager: TextFormat = {
  name: 'nginx-proxy-manager',
  first: /\[/,
  dates: [],
  samples: [
    {
      of: 'Nginx Proxy Manager, proxy',
      line: '[22/Nov/2026:16:41:02 +0000] - 200 200 - GET https shop.example.com "/a?b=c" [Client 203.0.113.9] [Length 192] [Gzip 3.10] [Sent-to web] "curl/8.5.0" "https://shop.example.com/"',
    },
    {
      of: 'Nginx Proxy Manager, standard',
      line: '[22/Nov/2026:16:41:02 +0000] 404 - GET http shop.example.com "/a" [Client 203.0.113.9] [Length 150] [Gzip -] "curl/8.5.0" "-"',
    },
  ],
  parse(line): Parsed | undefined {
    const groups = pattern.exec(line)?.groups;
    const time = groups && parseClfTime(groups.time ?? '');
    if (!groups || time === undefined) return undefined;
    const {
      status = '',
      method = '-',
      host = '-',
      target = '',
      client = '-',
      length = '',
      agent = '-',
      referer = '-',
    } = groups;
    const columns: AccessColumns = { ...splitTarget(target, decodeLogEscapes) };
    const fields: Fields = [];
    if (client !== '-') columns.client_ip = client;
    if (method !== '-') columns.method = method;
    if (host !== '-') columns.host = host;
    putNumber(columns, fields, 'status', status);
    putNumber(columns, fields, 'bytes', length);
    if (referer !== '-') columns.referer = decodeLogEscapes(referer);
    if (agent !== '-') columns.user_agent = decodeLogEscapes(agent);
    for (const key of ['upstream_cache_status', 'upstream_status', 'scheme', 'gzip_ratio', 'sent_to']) {
      const value = groups[key]?.trim();
      if (value !== undefined && value !== '-') fields.push([key, numberOrText(value)]);
    }
    return { type: 'access', time, columns, fields };
  },
};

const pattern =
  /^\[(?<time>[^\]]{26})\] (?:(?<upstream_cache_status>[A-Z]{1,16}|-) (?<upstream_status>[\d, :-]{1,255}) )?(?<status>\d{3}) - (?<method>[A-Z][A-Z_-]{0,31}|-) (?<scheme>\w{1,16}) (?<host>\S{1,255}) "(?<target>(?:[^"\\]|\\.)*)" \[Client (?<client>[^\]]{1,64})\] \[Length (?<length>\d{1,40}|-)\] \[Gzip (?<gzip_ratio>[\d.-]{1,16})\](?: \[Sent-to (?<sent_to>[^\]]{1,255})\])? "(?<agent>(?:[^"\\]|\\.)*)" "(?<referer>(?:[^"\\]|\\.)*)"$/;
