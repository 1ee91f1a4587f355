import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import { decodeLogEscapes } from '../../../text/logEscapes.js';
import type { TextFormat } from '../../format.js';
import { numberOrText, type Token, tokenize } from '../../tokens.js';
import { withoutPort } from '../../values/address.js';
import { scaleToMilliseconds } from '../../values/duration.js';
import { putNumber } from '../../values/number.js';
import { isDigit, parseIsoTime } from '../../values/time.js';
import { absoluteRequest } from './absoluteRequest.js';

/** Access logs of AWS Classic Load Balancers: https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html#access-log-entry-format */
export const elbAccess: TextFormat = {
  name: 'elb-access',
  first: /\d/,
  dates: ['2026-11-22T'],
  samples: [
    {
      of: 'AWS Classic Load Balancer',
      line: '2026-11-22T16:41:02.945958Z shop 203.0.113.9:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://shop.example.com:80/a?b=c HTTP/1.1" "curl/8.5.0" - -',
    },
    {
      of: 'AWS Classic Load Balancer, before it logged user agents',
      line: '2014-02-15T23:39:43.945958Z shop 203.0.113.9:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://shop.example.com:80/a?b=c HTTP/1.1"',
    },
    {
      of: 'AWS Classic Load Balancer, TCP',
      line: '2026-11-22T16:41:02.945958Z shop 203.0.113.9:2817 10.0.0.1:80 0.001069 0.000028 0.000041 - - 82 305 "- - - " "-" - -',
    },
  ],
  parse: parseElb,
};

/** TLS connections of AWS Network Load Balancers; their times are UTC. https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html#access-log-entry-format */
export const nlbAccess: TextFormat = {
  name: 'nlb-access',
  first: /t/,
  dates: [],
  samples: [
    {
      of: 'AWS Network Load Balancer',
      line: 'tls 2.0 2026-11-22T16:41:02 net/shop/c6e77e28c25b2234 g3d4b5e8bb8464cd 203.0.113.9:51341 10.0.0.1:443 5 2 98 246 - arn:aws:acm:us-east-2:123456789012:certificate/2a108f19-aded-46b0-8493-c63eb1ef4a99 - ECDHE-RSA-AES128-SHA tlsv12 - shop.example.com - - - 2026-11-22T16:41:01',
    },
  ],
  parse: parseNlb,
};

function parseElb(line: string): Parsed | undefined {
  // Most lines of applications that start with such a time have no port here: spared the expression.
  const portEnd = line.indexOf(' ', line.indexOf(' ', line.indexOf(' ') + 1) + 1);
  if (!isDigit(line.charCodeAt(portEnd - 1))) return undefined;
  const tokens = elbStart.test(line) ? tokenize(line) : undefined;
  if (!tokens || tokens.length < elbOldest) return undefined;
  const value = (key: (typeof elbKeys)[number]) => tokens[elbKeys.indexOf(key)]?.value ?? '-';
  const time = parseIsoTime(value('time'));
  if (time === undefined || !elbStatus.test(value('elb_status_code'))) return undefined;

  const request = value('request');
  const columns: AccessColumns = {
    client_ip: withoutPort(value('client')),
    ...(request.startsWith('- ') ? {} : absoluteRequest(decodeLogEscapes(request))),
  };
  const fields: Fields = [];
  putNumber(columns, fields, 'status', value('elb_status_code'));
  putNumber(columns, fields, 'bytes', value('sent_bytes'));
  // -1 stands for a phase that was never reached.
  const phases = processing.map((key) => Number(value(key)));
  if (phases.every((seconds) => seconds >= 0)) {
    columns.duration_ms = scaleToMilliseconds(
      phases.reduce((sum, seconds) => sum + seconds, 0),
      1000,
    );
  }
  if (value('user_agent') !== '-') columns.user_agent = decodeLogEscapes(value('user_agent'));
  addFields(fields, tokens, elbKeys, elbColumns);
  return { type: 'access', time, columns, fields };
}

function parseNlb(line: string): Parsed | undefined {
  const tokens = nlbStart.test(line) ? tokenize(line) : undefined;
  // The listener's id was left out of the first examples that AWS published.
  const hasListener = !clientAndPort.test(tokens?.[4]?.value ?? '');
  const keys: readonly NlbKey[] = hasListener ? nlbKeys : nlbKeys.filter((key) => key !== 'listener');
  if (!tokens || tokens.length < keys.length - 5) return undefined;
  const value = (key: NlbKey) => tokens[keys.indexOf(key)]?.value ?? '-';
  const time = parseIsoTime(`${value('time')}Z`);
  if (time === undefined || !clientAndPort.test(value('client'))) return undefined;

  const columns: AccessColumns = { client_ip: withoutPort(value('client')) };
  const fields: Fields = [];
  putNumber(columns, fields, 'bytes', value('sent_bytes'));
  putNumber(columns, fields, 'duration_ms', value('connection_time'));
  if (value('domain_name') !== '-') columns.host = value('domain_name');
  addFields(fields, tokens, keys, nlbColumns);
  return { type: 'access', time, columns, fields };
}

/** What no column holds, under AWS's names; what AWS adds at the end as time goes by stays together. */
function addFields(
  fields: Fields,
  tokens: readonly Token[],
  keys: readonly string[],
  inColumns: ReadonlySet<string>,
): void {
  for (const [i, key] of keys.entries()) {
    const value = tokens[i]?.value ?? '-';
    if (value !== '-' && !inColumns.has(key)) fields.push([key, numberOrText(value)]);
  }
  const added = tokens.slice(keys.length).map(({ raw }) => raw);
  if (added.length > 0) fields.push(['tail', added.join(' ')]);
}

const elbStart = /^\d{4}-\d\d-\d\dT[\d:.]{8,20}Z [\w-]{1,64} [\da-fA-F.:[\]]{2,47}:\d{1,5} (?:\S{1,64}:\d{1,5}|-) -?\d/;
const elbStatus = /^(?:\d{3}|-)$/;
const elbKeys = [
  'time',
  'elb',
  'client',
  'backend',
  'request_processing_time',
  'backend_processing_time',
  'response_processing_time',
  'elb_status_code',
  'backend_status_code',
  'received_bytes',
  'sent_bytes',
  'request',
  'user_agent',
  'ssl_cipher',
  'ssl_protocol',
] as const;
/** The number of columns before the user agent was added. */
const elbOldest = 12;
const processing = ['request_processing_time', 'backend_processing_time', 'response_processing_time'] as const;
const elbColumns: ReadonlySet<string> = new Set(['time', 'elb_status_code', 'sent_bytes', 'request', 'user_agent']);

const nlbStart = /^(?:tls|tcp|udp) \d\.\d \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d net\//;
const clientAndPort = /^[\da-fA-F.:[\]]{2,47}:\d{1,5}$/;
const nlbKeys = [
  'type',
  'version',
  'time',
  'elb',
  'listener',
  'client',
  'destination',
  'connection_time',
  'tls_handshake_time',
  'received_bytes',
  'sent_bytes',
  'incoming_tls_alert',
  'chosen_cert_arn',
  'chosen_cert_serial',
  'tls_cipher',
  'tls_protocol_version',
  'tls_named_group',
  'domain_name',
  'alpn_fe_protocol',
  'alpn_be_protocol',
  'alpn_client_preference_list',
  'tls_connection_creation_time',
] as const;
type NlbKey = (typeof nlbKeys)[number];
const nlbColumns: ReadonlySet<string> = new Set(['time', 'connection_time', 'sent_bytes', 'domain_name']);
