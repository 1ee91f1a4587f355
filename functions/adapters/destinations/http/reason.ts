import type { Endpoint } from '../../../../shared/alerts/destination.js';

/** What an error says, with its causes. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${reasonOf(error.cause)})` : error.message;
}

/** fetch names the URL in some of its errors, and a proxy may echo it, or the part of it that is the secret. */
export function withoutSecrets(
  text: string,
  { url, key = '', headers = {} }: Pick<Endpoint, 'url' | 'key' | 'headers'>,
): string {
  const credentials = [key, ...Object.values(headers).map((value) => value.replace(/^(Bearer|GenieKey) /, ''))].flatMap(
    formsOf,
  );
  // The longest first, so that no part of it is left over.
  const secrets = [...secretsOf(url), ...atLeast(shortestValue, credentials)].sort((a, b) => b.length - a.length);
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '<webhook>'), text);
}

/** A header's value as it is, as fetch sends and quotes it, and as JSON has it. */
function formsOf(value: string): string[] {
  const sent = value.trim();
  return [value, sent, JSON.stringify(sent).slice(1, -1)];
}

/** Characters: what is shorter is no secret, and would be found in any text. */
const [shortestPath, shortestPart, shortestValue] = [6, 10, 4];

/** The URL, its path, the parts of the path that may be a token, and the values of the query; as they are written and decoded. */
function secretsOf(url: string): string[] {
  const forms = [url, decoded(url), ...(URL.canParse(url) ? [new URL(url).href] : [])].filter(Boolean);
  return forms.flatMap((form) => {
    const path = form.replace(/^[a-z]+:\/\/[^/?#]*\/?/, '');
    const query = /\?([^#]*)/.exec(path)?.[1] ?? '';
    const values = query.split('&').map((pair) => pair.slice(pair.indexOf('=') + 1));
    return [
      form,
      ...atLeast(shortestPath, [path]),
      ...atLeast(shortestPart, path.split(/[/?#&=]/)),
      ...atLeast(shortestValue, values),
    ];
  });
}

function atLeast(length: number, texts: readonly string[]): string[] {
  return texts.filter((text) => text.length >= length);
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
