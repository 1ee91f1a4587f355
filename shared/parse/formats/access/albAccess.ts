import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import { decodeLogEscapes } from '../../../text/logEscapes.js';
import type { TextFormat } from '../../format.js';
import { numberOrText, tokenize } from '../../tokens.js';
import { withoutPort } from '../../values/address.js';
import { scaleToMilliseconds } from '../../values/duration.js';
import { putNumber } from '../../values/number.js';
import { parseIsoTime } from '../../values/time.js';
import { absoluteRequest } from './absoluteRequest.js';

/**
 * Access logs of AWS Application Load Balancers.
 *
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#access-log-entry-syntax
 */
export const albAccess: TextFormat = {
  name: 'alb-access',
  first: /[hgw]/,
  dates: [],
  samples: [
    {
      of: 'AWS Application Load Balancer',
      line: 'https 2026-11-22T16:41:02.186641Z app/shop/50dc6c495c0c9188 203.0.113.9:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 34 366 "GET https://shop.example.com:443/a?b=c HTTP/1.1" "curl/8.5.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/73e2d6bc24d8a067 "Root=1-6a22bd9e-23a8c76965a2ef7629b185e3" "shop.example.com" "-" 1 2026-11-22T16:41:02.015000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-" TID_1234abcd5678ef90 "-" "-" "-"',
    },
    {
      of: 'AWS Application Load Balancer, no healthy target',
      line: 'http 2026-11-22T16:41:02.186641Z app/shop/50dc6c495c0c9188 203.0.113.9:2817 - -1 -1 -1 503 - 34 366 "GET http://shop.example.com:80/ HTTP/1.1" "curl/8.5.0" - - arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/73e2d6bc24d8a067 "Root=1-6a22bd9e-23a8c76965a2ef7629b185e3" "-" "-" 0 2026-11-22T16:41:02.015000Z "forward" "-" "-" "-" "-" "-" "-"',
    },
  ],
  parse: parseAlb,
};

function parseAlb(line: string): Parsed | undefined {
  const tokens = start.test(line) ? tokenize(line) : undefined;
  if (!tokens || tokens.length < oldest) return undefined;
  const value = (key: (typeof keys)[number]) => tokens[keys.indexOf(key)]?.value ?? '-';
  const status = value('elb_status_code');
  const time = parseIsoTime(value('time'));
  if (time === undefined || !statusCode.test(status)) return undefined;

  const columns: AccessColumns = {
    client_ip: withoutPort(value('client')),
    ...absoluteRequest(decodeLogEscapes(value('request'))),
  };
  const fields: Fields = [];
  putNumber(columns, fields, 'status', status);
  putNumber(columns, fields, 'bytes', value('sent_bytes'));
  // -1 stands for a phase that was never reached.
  const phases = processing.map((key) => Number(value(key)));
  if (phases.every((seconds) => seconds >= 0))
    columns.duration_ms = scaleToMilliseconds(
      phases.reduce((sum, seconds) => sum + seconds, 0),
      1000,
    );
  if (value('user_agent') !== '-') columns.user_agent = decodeLogEscapes(value('user_agent'));
  if (value('trace_id') !== '-') columns.request_id = value('trace_id');

  for (const [i, { value: text }] of tokens.slice(0, keys.length).entries()) {
    const key = keys[i];
    if (key !== undefined && text !== '-' && !inColumns.has(key)) fields.push([key, numberOrText(text)]);
  }
  // AWS adds columns at the end as time goes by.
  const added = tokens.slice(keys.length).map(({ raw }) => raw);
  if (added.length > 0) fields.push(['tail', added.join(' ')]);
  return { type: 'access', time, columns, fields };
}

const statusCode = /^(?:\d{3}|-)$/;
const start = /^(?:https?|h2|grpcs|wss?) \d{4}-\d\d-\d\dT[\d:.]{8,20}Z /;
const keys = [
  'type',
  'time',
  'elb',
  'client',
  'target',
  'request_processing_time',
  'target_processing_time',
  'response_processing_time',
  'elb_status_code',
  'target_status_code',
  'received_bytes',
  'sent_bytes',
  'request',
  'user_agent',
  'ssl_cipher',
  'ssl_protocol',
  'target_group_arn',
  'trace_id',
  'domain_name',
  'chosen_cert_arn',
  'matched_rule_priority',
  'request_creation_time',
  'actions_executed',
  'redirect_url',
  'error_reason',
  'target_port_list',
  'target_status_code_list',
  'classification',
  'classification_reason',
  'conn_trace_id',
  'transformed_host',
  'transformed_uri',
  'request_transform_status',
] as const;
/** The number of columns that the first load balancers of this kind wrote, up to the trace id. */
const oldest = 18;
const processing = ['request_processing_time', 'target_processing_time', 'response_processing_time'] as const;
/** What its column holds whole; the client keeps its port in `fields`, the times the parts of the duration. */
const inColumns: ReadonlySet<string> = new Set([
  'time',
  'elb_status_code',
  'sent_bytes',
  'request',
  'user_agent',
  'trace_id',
]);
