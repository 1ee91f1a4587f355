/** What a request asks for, as it was sent: the URL class would resolve the `..` and `//` of a path. */
export interface RequestTarget {
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
}

export function requestTarget(url = '/'): RequestTarget {
  const at = url.indexOf('?');
  return at === -1
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, at), query: new URLSearchParams(url.slice(at + 1)) };
}
