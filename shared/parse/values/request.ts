import type { AccessColumns } from '../../line/parsed.js';

type RequestColumns = Pick<AccessColumns, 'method' | 'path' | 'query' | 'protocol'>;

/**
 * `GET /a?b=c HTTP/1.1` to its columns. What is no HTTP request (a TLS handshake on port 80, say) is kept whole in `path`.
 *
 * @param decode undoes the log format's own escapes; percent-encoding is kept as the client sent it.
 */
export function splitRequest(request: string, decode = asIs): RequestColumns {
  const space = request.indexOf(' ');
  if (space > 0 && method.test(request.slice(0, space))) {
    const last = request.lastIndexOf(' ');
    const version = last > space ? request.slice(last + 1) : '';
    const hasProtocol = version.startsWith('HTTP/') || bareVersion.test(version);
    const target = request.slice(space + 1, hasProtocol ? last : undefined);
    const columns: RequestColumns = { method: request.slice(0, space), ...splitTarget(target, decode) };
    if (hasProtocol) columns.protocol = version.startsWith('HTTP/') ? version : `HTTP/${version}`;
    return columns;
  }
  return request === '' || request === '-' ? {} : { path: decode(request) };
}

/** `/a?b=c` to path and query. */
export function splitTarget(target: string, decode = asIs): Pick<AccessColumns, 'path' | 'query'> {
  const mark = target.indexOf('?');
  if (mark < 0) return { path: decode(target) };
  return { path: decode(target.slice(0, mark)), query: decode(target.slice(mark + 1)) };
}

/** The same for a target that may be absolute, as proxies and clients write it: `https://shop.example.com:443/a?b=c`. */
export function splitUrl(url: string): Pick<AccessColumns, 'path' | 'query' | 'host'> {
  const scheme = url.startsWith('/') ? undefined : /^(?:https?|wss?):\/\//.exec(url)?.[0];
  if (!scheme) return splitTarget(url);
  const length = url.slice(scheme.length).search(/[/?]/);
  const end = length < 0 ? url.length : scheme.length + length;
  const host = url.slice(scheme.length, end).replace(scheme.includes('s:') ? /:443$/ : /:80$/, '');
  const { path, query } = splitTarget(url.slice(end));
  return { host, path: path || '/', ...(query === undefined ? {} : { query }) };
}

function asIs(text: string): string {
  return text;
}

/** Hypercorn's `GET / 1.1`. */
const bareVersion = /^[123](?:\.\d)?$/;
/** RFC 9110 methods are tokens; real ones are upper-case letters, with `-` and `_` in WebDAV and home-made ones. */
const method = /^[A-Z][A-Z_-]{0,31}$/;
