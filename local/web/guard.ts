import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { BlockList, isIP } from 'node:net';

/**
 * Whom the ports of this machine serve. Any web page can make the browser send requests here, under a name of its own
 * that it points at 127.0.0.1 (DNS rebinding) or from its own origin, another port of this machine included. Both say so:
 * in `Host`, `Origin` or `Sec-Fetch-Site`, which a page can't change.
 */
export class Guard {
  /** What changes the console's state must carry; new at each start. */
  readonly token = randomBytes(24).toString('base64url');
  private readonly names: ReadonlySet<string>;

  /** @param allowed names and addresses beside those of this machine; `*.name` stands for every name below one. */
  constructor(allowed: readonly string[] = []) {
    this.names = new Set(allowed.map((name) => name.toLowerCase()));
  }

  /** Why a request is not served, and what to do about it; undefined when it may pass. */
  refusalOf({ method, headers, url = '/', rawHeaders = [] }: IncomingMessage): string | undefined {
    const { host = '', origin } = headers;
    const target = refusalOfTarget(url, rawHeaders);
    if (target !== undefined) return target;
    if (!this.serves(hostName(host))) return `${quoted(host)} is no name of this machine. ${this.remedy(host)}`;
    if (origin !== undefined && !this.serves(originName(origin))) {
      return `Pages of ${quoted(origin)} may not use this port. ${this.remedy(origin.replace(/^\w+:\/\//, ''))}`;
    }
    const isTrusted = origin !== undefined && (isOwn(origin, host) || this.isAllowed(originName(origin)));
    if (origin !== undefined && changes(method) && !isTrusted) {
      return `Pages of ${quoted(origin)} may change nothing here: pages of this port may, and those of a name that "firesplit up" is started with (--allow-host ${originName(origin)}).`;
    }
    // A link may lead here from anywhere; images, scripts, frames and forms of other sites and ports may not.
    const isLink = /^(GET|HEAD)$/.test(method ?? '') && headers['sec-fetch-dest'] === 'document';
    if (/^(?:cross|same)-site$/.test(String(headers['sec-fetch-site'])) && !isLink && !isTrusted) {
      return 'Pages of other sites and ports may not use this port. Open its address in a tab of its own.';
    }
    return undefined;
  }

  /** Whether a text is this start's token. */
  isToken(text: string): boolean {
    const [given, expected] = [Buffer.from(text), Buffer.from(this.token)];
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  private serves(name: string | undefined): boolean {
    if (name === undefined) return false;
    return name === 'localhost' || name.endsWith('.localhost') || isLoopback(name) || this.isAllowed(name);
  }

  private isAllowed(name: string | undefined): boolean {
    if (name === undefined) return false;
    return (
      this.names.has(name) || [...name.matchAll(/\./g)].some(({ index }) => this.names.has(`*${name.slice(index)}`))
    );
  }

  private remedy(host: string): string {
    const name = hostName(host);
    const own = 'Use localhost or 127.0.0.1';
    return name === undefined ? `${own}.` : `${own}, or start "firesplit up" with --allow-host ${name}.`;
  }
}

/**
 * A server's listener behind a guard.
 *
 * @param refuse answers what is refused, in the server's own form.
 */
export function guarded(
  listener: RequestListener,
  guard: Guard,
  refuse: (request: IncomingMessage, response: ServerResponse, reason: string) => void,
): RequestListener {
  return (request, response) => {
    const reason = guard.refusalOf(request);
    if (reason === undefined) return listener(request, response);
    request.resume();
    // Nobody waits for the rest of a body that will not be read.
    response.shouldKeepAlive = false;
    refuse(request, response, reason);
  };
}

/** Where a request leaves open which host it is for, what checks `Host` could be passed by. */
function refusalOfTarget(url: string, rawHeaders: readonly string[]): string | undefined {
  // RFC 9112, section 3.2.2: such a request is for the host in its target, whatever `Host` says.
  if (!/^(?:\/|\*$)/.test(url)) return `${quoted(url)} is no path, and this is no proxy. Ask for /PATH.`;
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  return hosts.length > 1 ? 'A request names its host once: this one has several Host headers.' : undefined;
}

function changes(method = ''): boolean {
  return !/^(?:GET|HEAD|OPTIONS)$/.test(method);
}

/** Whether a page is of this very port: another one of this machine may be anybody's. */
function isOwn(origin: string, host: string): boolean {
  return origin.replace(/^https?:\/\//, '').toLowerCase() === host.toLowerCase();
}

/** Whether a text can be given to `--allow-host`. */
export function isHostPattern(text: string): boolean {
  return isIP(text) !== 0 || /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i.test(text);
}

/** The name or address of `name[:port]`, in small letters and without the brackets of IPv6; undefined when it has none. */
function hostName(host: string): string | undefined {
  const [, address, name] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+?)\.?)(?::\d{1,5})?$/i.exec(host) ?? [];
  return (address ?? name)?.toLowerCase();
}

/** That of `http://name[:port]`; a page without an origin of its own says `null`. */
function originName(origin: string): string | undefined {
  const [, host] = /^https?:\/\/(.+)$/.exec(origin) ?? [];
  return host === undefined ? undefined : hostName(host);
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function isLoopback(name: string): boolean {
  const version = isIP(name);
  return version !== 0 && loopback.check(name, version === 4 ? 'ipv4' : 'ipv6');
}

/** What a stranger sent, cut to what a line can hold. */
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
