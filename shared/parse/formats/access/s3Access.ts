import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import type { TextFormat } from '../../format.js';
import { numberOrText, tokenize } from '../../tokens.js';
import { isAddress } from '../../values/address.js';
import { putNumber } from '../../values/number.js';
import { splitRequest } from '../../values/request.js';
import { parseClfTime } from '../../values/time.js';

/** Server access logs of Amazon S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html */
export const s3Access: TextFormat = {
  name: 's3-access',
  dates: [],
  samples: [
    {
      of: 'Amazon S3, server access log',
      line: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be shop-files [22/Nov/2026:16:41:02 +0000] 203.0.113.9 79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be 3E57427F3EXAMPLE REST.GET.OBJECT a.jpg "GET /a.jpg?x=1 HTTP/1.1" 200 - 113 512 7 5 "-" "S3Console/0.4" - s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi31234= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader shop-files.s3.us-west-1.amazonaws.com TLSv1.2 - -',
    },
  ],
  parse: parseS3,
};

function parseS3(line: string): Parsed | undefined {
  const tokens = start.test(line) ? tokenize(line) : undefined;
  if (!tokens || tokens.length < oldest) return undefined;
  const value = (key: (typeof keys)[number]) => tokens[keys.indexOf(key)]?.value ?? '-';
  const time = parseClfTime(value('time'));
  const client = value('remote_ip');
  if (time === undefined || !(client === '-' || isAddress(client)) || !statusCode.test(value('http_status')))
    return undefined;

  const columns: AccessColumns = { ...splitRequest(value('request')) };
  if (client !== '-') columns.client_ip = client;
  const fields: Fields = [];
  putNumber(columns, fields, 'status', value('http_status'));
  putNumber(columns, fields, 'bytes', value('bytes_sent'));
  putNumber(columns, fields, 'duration_ms', value('total_time'));
  for (const [key, column] of texts) if (value(key) !== '-') columns[column] = value(key);
  for (const [i, key] of keys.entries()) {
    const text = tokens[i]?.value ?? '-';
    if (text !== '-' && !inColumns.has(key)) fields.push([key, numberOrText(text)]);
  }
  // AWS adds columns at the end as time goes by.
  const added = tokens.slice(keys.length).map(({ raw }) => raw);
  if (added.length > 0) fields.push(['tail', added.join(' ')]);
  return { type: 'access', time, columns, fields };
}

const start =
  /^\S{1,128} [a-z\d][a-z\d.-]{1,62} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] \S{1,45} \S{1,2048} \S{1,64} [A-Z\d]{1,16}\.[A-Z_\d]{1,64}(?:\.[A-Z_\d]{1,64})? /;
const statusCode = /^(?:\d{3}|-)$/;
const keys = [
  'bucket_owner',
  'bucket',
  'time',
  'remote_ip',
  'requester',
  'request_id',
  'operation',
  'key',
  'request',
  'http_status',
  'error_code',
  'bytes_sent',
  'object_size',
  'total_time',
  'turn_around_time',
  'referer',
  'user_agent',
  'version_id',
  'host_id',
  'signature_version',
  'cipher_suite',
  'authentication_type',
  'host_header',
  'tls_version',
  'access_point_arn',
  'acl_required',
] as const;
/** The columns up to the user agent have been there from the start. */
const oldest = 17;
const texts = [
  ['referer', 'referer'],
  ['user_agent', 'user_agent'],
  ['request_id', 'request_id'],
  ['host_header', 'host'],
] as const;
const inColumns: ReadonlySet<string> = new Set([
  'time',
  'remote_ip',
  'request_id',
  'request',
  'http_status',
  'bytes_sent',
  'total_time',
  'referer',
  'user_agent',
  'host_header',
]);
