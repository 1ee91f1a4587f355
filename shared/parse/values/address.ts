import { isIP } from 'node:net';

/** Whether a word is an IP address, with or without a port, or what proxies write for a client they hide (RFC 7239). */
export function isAddress(word: string): boolean {
  return word === 'unknown' || isIP(withoutPort(word)) !== 0;
}

/** `203.0.113.9:4711` and `[2001:db8::7]:4711` without the port; anything else as it is. */
export function withoutPort(address: string): string {
  if (!address.includes(':')) return address;
  const [, bracketed, plain] = addressAndPort.exec(address) ?? [];
  return bracketed ?? plain ?? address;
}

/** The client of a list such as X-Forwarded-For's: the first, each proxy adds the one it heard from. */
export function firstAddress(list: string): string {
  const comma = list.indexOf(',');
  return withoutPort((comma < 0 ? list : list.slice(0, comma)).trim());
}

const addressAndPort = /^(?:\[([\da-f:.]{2,45})\](?::\d{1,5})?|([^:]{1,255}):\d{1,5})$/i;
