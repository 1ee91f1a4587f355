import type { AccessColumns } from '../../../line/parsed.js';
import { splitRequest, splitUrl } from '../../values/request.js';

/** The columns of a request whose target may be a whole URL: `GET https://shop.example.com:443/a HTTP/1.1`. */
export function absoluteRequest(request: string): AccessColumns {
  const { path, query, ...columns } = splitRequest(request);
  if (columns.method === undefined) return path === undefined ? {} : { path };
  return { ...columns, ...splitUrl(query === undefined ? (path ?? '') : `${path}?${query}`) };
}
