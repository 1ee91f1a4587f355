import { isIP } from 'node:net';
import type { AccessColumns, Fields } from '../../../line/parsed.js';
import { decodeLogEscapes } from '../../../text/logEscapes.js';
import { firstAddress, isAddress, withoutPort } from '../../values/address.js';

export interface Head {
  readonly columns: Pick<AccessColumns, 'client_ip' | 'host'>;
  readonly fields: Fields;
}

/** Reads what stands before a combined line's time: `client ident user`, and what may come before it. */
export function readHead(head: string): Head | undefined {
  const isCarried = (head.includes(': ') && !head.startsWith(`${SOCKET} `)) || levelled.test(head);
  const prefix = (isCarried ? carrier.exec(head)?.[0] : undefined) ?? prefixOf(head);
  const read = prefix === '' ? readColumns(head) : readColumns(head.slice(prefix.length));
  return read && prefix !== '' ? { ...read, fields: [...read.fields, ['prefix', prefix.trim()]] } : read;
}

/** nginx's `$remote_addr` behind a Unix socket. */
const SOCKET = 'unix:';
/** What syslog or Python's logging put before the line. */
const carrier =
  /^(?:(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )?(?:[\w.-]{1,255} )?[A-Za-z][\w.-]{0,63}(?:\[\d{1,10}\])?: |(?:DEBUG|INFO):[\w.]{1,255}:)/;
const levelled = /^(?:DEBUG|INFO):/;

/** What a logger put before the client, its ident and its user: a time in brackets, a level, a name. */
function prefixOf(head: string): string {
  if (!loggerStart.test(head)) return '';
  const words = head.split(' ');
  const client = words.length - 3;
  return client > 0 && isAddress(words[client] ?? '') ? `${words.slice(0, client).join(' ')} ` : '';
}

const loggerStart = /^(?:\[|\d{4}[-/]\d\d[-/]\d\d|[A-Z]{4,8} )/;

function readColumns(head: string): Head | undefined {
  const identStart = head.indexOf(' ') + 1;
  const userStart = head.indexOf(' ', identStart) + 1;
  if (identStart < 2 || userStart < 2) return undefined;
  const client = head.slice(0, identStart - 1);
  const ident = head.slice(identStart, userStart - 1);
  // Nobody has run an ident daemon for decades: a value here is most often another column before the client's.
  const isUsual = ident === '-' && !client.includes(',') && !client.startsWith('"');
  const clients = (isUsual ? undefined : readClients(head)) ?? {
    columns: { client_ip: client },
    ident,
    user: head.slice(userStart),
    fields: [],
  };
  const { client_ip = '-', host } = clients.columns;
  const address = withoutPort(client_ip);
  const fields: Fields = [...clients.fields];
  // A server behind a Unix socket knows of no address.
  const isAddressed = client_ip !== '-' && client_ip !== SOCKET;
  if (isAddressed && address !== client_ip)
    fields.push(['client_port', Number(client_ip.slice(client_ip.lastIndexOf(':') + 1))]);
  if (clients.ident !== '-') fields.push(['ident', clients.ident]);
  const [, realIp, user = clients.user] = oldIngress.exec(clients.user) ?? [];
  if (realIp !== undefined && realIp !== client_ip) fields.push(['the_real_ip', realIp]);
  if (user !== '-' && user !== '') fields.push(['remote_user', decodeLogEscapes(user)]);
  return { columns: { ...(isAddressed && { client_ip: address }), ...(host !== undefined && { host }) }, fields };
}

/** ingress-nginx before 0.22: `$remote_addr - [$the_real_ip] - $remote_user`. */
const oldIngress = /^\[([^\]\s]{1,64})\] - (.*)$/;

interface Clients extends Head {
  readonly ident: string;
  readonly user: string;
}

/**
 * Reads `[host[:port]] client[, client…] [proxy] ident user`, the start of a combined line with more than one column
 * before the client's ident. The clients may stand in quotes. Undefined when it is the usual `client ident user`.
 */
function readClients(head: string): Clients | undefined {
  const words = head.replaceAll('"', '').split(' ');
  const host = readHost(words);
  const start = host ? 1 : 0;
  // A header that the client did not send, before the address that it came from.
  const first =
    words[start] === '-' && words.length > start + 3 && isAddress(words[start + 1] ?? '') ? start + 1 : start;
  let next = first;
  while (words[next]?.endsWith(',')) next++;
  const clients = words.slice(first, ++next).join(' ');
  const isList = clients.includes(',') && clients.split(/, ?/).every(isAddress);
  const proxies = next;
  if (isList || isAddress(clients)) while (words.length > next + 2 && isAddress(words[next] ?? '')) next++;
  const [ident, ...user] = words.slice(next);
  if (ident === undefined || (!host && !isList && first === 0 && next === proxies)) return undefined;
  const fields: [string, unknown][] = [];
  if (host?.port !== undefined) fields.push(['server_port', host.port]);
  // The first is whom the request came from, the others are the proxies it came through.
  if (isList) fields.push(['x_forwarded_for', clients]);
  if (next > proxies) fields.push(['remote_addr', words.slice(proxies, next).join(' ')]);
  const columns = { client_ip: isList ? firstAddress(clients) : clients, ...(host && { host: host.name }) };
  return { columns, ident, user: user.join(' '), fields };
}

/** Apache's `%v:%p`, or `%v` alone, which is told from a client and its ident by the address behind it. */
function readHost(words: readonly string[]): { name: string; port?: number } | undefined {
  const [first = '', second = ''] = words;
  if (words.length < 4 || isIP(first) !== 0) return undefined;
  const [, name = '', port] = hostAndPort.exec(first) ?? [];
  if (name === '') return undefined;
  if (port !== undefined) return { name, port: Number(port) };
  return name !== '-' && isAddress(second.replace(/,$/, '')) ? { name } : undefined;
}

const hostAndPort = /^([\w.*-]{1,255}|\[[\da-f:]{2,45}\])(?::(\d{1,5}))?$/i;
