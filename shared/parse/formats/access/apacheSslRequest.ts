import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import { decodeLogEscapes } from '../../../text/logEscapes.js';
import type { TextFormat } from '../../format.js';
import { putNumber } from '../../values/number.js';
import { splitRequest } from '../../values/request.js';
import { parseClfTime } from '../../values/time.js';

/** The log of TLS requests that Apache's own configuration sets up: https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#logformats */
export const apacheSslRequest: TextFormat = {
  name: 'apache-ssl-request',
  first: /\[/,
  dates: [],
  samples: [
    {
      of: 'Apache, ssl_request_log',
      line: '[22/Nov/2026:16:41:02 +0000] 203.0.113.9 TLSv1.3 TLS_AES_256_GCM_SHA384 "GET /a?b=c HTTP/1.1" 1375',
    },
  ],
  parse(line): Parsed | undefined {
    const match = pattern.exec(line);
    const time = match && parseClfTime(match[1] ?? '');
    if (!match || time === null || time === undefined) return undefined;
    const [, , client = '', protocol = '-', cipher = '-', request = '', bytes = ''] = match;
    const columns: AccessColumns = { client_ip: client, ...splitRequest(request, decodeLogEscapes) };
    const fields: Fields = [];
    putNumber(columns, fields, 'bytes', bytes);
    if (protocol !== '-') fields.push(['ssl_protocol', protocol]);
    if (cipher !== '-') fields.push(['ssl_cipher', cipher]);
    return { type: 'access', time, columns, fields };
  },
};

const pattern =
  /^\[([^\]]{26})\] ([\w.:-]{1,255}) ((?:TLS|SSL)v[\d.]{1,4}|-) ([\w-]{1,64}) "((?:[^"\\]|\\.)*)" (\d{1,40}|-)$/;
