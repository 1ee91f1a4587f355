import { isIP } from 'node:net';
import type { AccessColumns, Fields } from '../../../line/parsed.js';
import { firstAddress, isAddress } from '../../values/address.js';

interface Clients {
  readonly columns: Pick<AccessColumns, 'client_ip' | 'host'>;
  readonly ident: string;
  readonly user: string;
  readonly fields: Fields;
}

/**
 * Reads `[host[:port]] client[, client…] ident user`, the start of a combined line with more than one column before
 * the client's ident. Undefined when it is the usual `client ident user`.
 */
export function readClients(head: string): Clients | undefined {
  const words = head.split(' ');
  const host = readHost(words);
  const start = host ? 1 : 0;
  let next = start;
  while (words[next]?.endsWith(',')) next++;
  const clients = words.slice(start, ++next).join(' ');
  const [ident, ...user] = words.slice(next);
  const isList = clients.includes(',') && clients.split(/, ?/).every(isAddress);
  if (ident === undefined || (!host && !isList)) return undefined;
  const fields: [string, unknown][] = [];
  if (host?.port !== undefined) fields.push(['server_port', host.port]);
  // The first is whom the request came from, the others are the proxies it came through.
  if (isList) fields.push(['x_forwarded_for', clients]);
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
  return isAddress(second.replace(/,$/, '')) ? { name } : undefined;
}

const hostAndPort = /^([\w.*-]{1,255}|\[[\da-f:]{2,45}\])(?::(\d{1,5}))?$/i;
