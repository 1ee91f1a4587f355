/**
 * Why a webhook can't be posted to at this URL, to be put after its name; undefined when it can. The URL may be a secret,
 * so it is not shown.
 */
export function urlProblem(url: string): string | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return 'is not a whole URL, such as https://example.com/hook';
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '')
    return 'has a user or a password in it; use token_parameter or headers instead';
  if (protocol === 'http:' && !isThisMachine(hostname)) {
    return 'would send log lines unencrypted; write https:// (http:// is for localhost alone)';
  }
  return undefined;
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
