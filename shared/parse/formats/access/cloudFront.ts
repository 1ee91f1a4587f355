import type { Parsed } from '../../../line/parsed.js';
import type { JsonFormat, TextFormat } from '../../format.js';
import { accessTree, readAccess } from '../../json/accessKeys.js';
import type { JsonObject } from '../../json/object.js';
import { numberOrText } from '../../tokens.js';
import { parseIsoTime } from '../../values/time.js';

/**
 * CloudFront's standard log, tab separated. Its header lines, which start with `#`, are app lines.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html#BasicDistributionFileFormat
 */
export const cloudFront: TextFormat = {
  name: 'cloudfront',
  first: /\d/,
  dates: [],
  samples: [
    {
      of: 'CloudFront, standard log',
      line: '2026-11-22\t16:41:02\tLAX1-P1\t2390282\t203.0.113.9\tGET\td111111abcdef8.cloudfront.net\t/a/view.jpg\t200\thttps://shop.example.com/\tMozilla/5.0%20(X11;%20Linux)\tb=c\t-\tHit\tSOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==\tshop.example.com\thttps\t23\t0.001\t-\tTLSv1.2\tECDHE-RSA-AES128-GCM-SHA256\tHit\tHTTP/2.0\t-\t-\t11040\t0.001\tHit\ttext/html\t78\t-\t-',
    },
  ],
  parse(line) {
    if (!start.test(line)) return undefined;
    const values = line.split('\t');
    if (values.length < oldest) return undefined;
    const named = values.map((value, i) => [keys[i] ?? `column-${i + 1}`, value] as const);
    const parsed = readCloudFront(Object.fromEntries(named));
    return parsed && { ...parsed, fields: snakeCased(parsed.fields) };
  },
};

/**
 * The same columns in JSON, as standard logging v2 writes them and real-time logs become on their way.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html#understand-real-time-log-config-fields
 */
export const cloudFrontJson: JsonFormat = {
  name: 'cloudfront-json',
  keys: ['sc-status', 'sc_status'],
  samples: [
    {
      of: 'CloudFront, standard log in JSON',
      line: '{"date":"2026-11-22","time":"16:41:02","x-edge-location":"LAX1-P1","sc-bytes":"2390282","c-ip":"203.0.113.9","cs-method":"GET","cs(Host)":"d111111abcdef8.cloudfront.net","cs-uri-stem":"/a/view.jpg","sc-status":"200","cs(User-Agent)":"curl/8.5.0","cs-uri-query":"-","time-taken":"0.001"}',
    },
    {
      of: 'CloudFront, real-time log as JSON',
      line: '{"timestamp":"1795365662.123","c-ip":"203.0.113.9","sc-status":"200","sc-bytes":"366","cs-method":"GET","cs-protocol":"https","cs-host":"shop.example.com","cs-uri-stem":"/a?b=c","time-taken":"0.002","cs-user-agent":"curl/8.5.0"}',
    },
  ],
  parse: readCloudFront,
};

function readCloudFront(object: JsonObject): Parsed | undefined {
  if (!Object.hasOwn(object, 'sc-status') && !Object.hasOwn(object, 'sc_status')) return undefined;
  const parsed = readAccess(tree, object);
  if (parsed?.type !== 'access') return undefined;
  const { columns } = parsed;
  // What clients sent is percent-encoded by CloudFront, so that none of it holds a tab.
  if (columns.user_agent !== undefined) columns.user_agent = decodePercents(columns.user_agent);
  if (columns.referer !== undefined) columns.referer = decodePercents(columns.referer);
  // CloudFront's clock is UTC.
  const clock = parseIsoTime(`${object.date}T${object.time}Z`);
  const fields = parsed.fields.filter(([key, value]) => {
    return value !== '-' && (clock === undefined || (key !== 'date' && key !== 'time'));
  });
  return { type: 'access', time: parsed.time ?? clock, columns, fields };
}

function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `x-edge-location` and `cs(Cookie)`, as the other text formats write their keys. */
function snakeCased(fields: Parsed['fields']): Parsed['fields'] {
  return fields.map(([key, value]) => [
    key.replace(/[-(]/g, '_').replace(')', '').toLowerCase(),
    numberOrText(String(value)),
  ]);
}

const start = /^\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d\t/;
const keys = [
  'date',
  'time',
  'x-edge-location',
  'sc-bytes',
  'c-ip',
  'cs-method',
  'cs(Host)',
  'cs-uri-stem',
  'sc-status',
  'cs(Referer)',
  'cs(User-Agent)',
  'cs-uri-query',
  'cs(Cookie)',
  'x-edge-result-type',
  'x-edge-request-id',
  'x-host-header',
  'cs-protocol',
  'cs-bytes',
  'time-taken',
  'x-forwarded-for',
  'ssl-protocol',
  'ssl-cipher',
  'x-edge-response-result-type',
  'cs-protocol-version',
  'fle-status',
  'fle-encrypted-fields',
  'c-port',
  'time-to-first-byte',
  'x-edge-detailed-result-type',
  'sc-content-type',
  'sc-content-len',
  'sc-range-start',
  'sc-range-end',
];
/** The columns up to the query have been there from the start. */
const oldest = 12;

const tree = accessTree({
  time: ['timestamp(ms)', 'timestamp'],
  status: ['sc-status', 'sc_status'],
  method: ['cs-method', 'cs_method'],
  target: ['cs-uri-stem', 'cs_uri_stem'],
  query: ['cs-uri-query', 'cs_uri_query'],
  protocol: ['cs-protocol-version', 'cs_protocol_version'],
  client_ip: ['c-ip', 'c_ip'],
  bytes: ['sc-bytes', 'sc_bytes'],
  seconds: ['time-taken', 'time_taken'],
  referer: ['cs(Referer)', 'cs-referer', 'cs_referer'],
  user_agent: ['cs(User-Agent)', 'cs-user-agent', 'cs_user_agent'],
  host: ['x-host-header', 'x_host_header', 'cs-host', 'cs(Host)', 'cs_host'],
  request_id: ['x-edge-request-id', 'x_edge_request_id'],
});
