import { type Assigned, compileAssignments } from './assignments.js';
import type { Cover } from './defaultRule.js';

export const authorizationKeys = ['*authorization'];
export const cookieKeys = ['*cookie', '*cookies'];

/** The header Authorization, and credentials that their scheme announces anywhere in text. */
export function compileAuthorization(cover: Cover): (text: string) => string {
  const header = compileAssignments(authorizationKeys, cover, { bare: credentials, keeps: keepsCredentials });
  return (text) =>
    header(text)
      .replace(bearer, (whole, scheme: string, value: string) => (noToken.test(value) ? whole : scheme + cover(value)))
      .replace(basic, (whole, scheme: string, value: string) =>
        isUserAndPassword(value) ? scheme + cover(value) : whole,
      );
}

/** The headers Cookie and Set-Cookie. */
export function compileCookies(cover: Cover): (text: string) => string {
  return compileAssignments(cookieKeys, cover, { bare: cookies, keeps: keepsCookies });
}

/**
 * A scheme and its credentials. Those of Digest, OAuth, Hawk and AWS signatures are parts with commas and quotes between
 * them: the rest of the line is theirs.
 */
const credentials = [
  String.raw`[A-Za-z][\w-]{0,40}[ \t]{1,3}[\w-]{1,40}[ \t]?=(?!=|["'\s]|$)[^\r\n]*`,
  String.raw`[A-Za-z][\w-]{0,40}[ \t]{1,3}[\w-]{1,40}[ \t]?="[^\r\n]*`,
  String.raw`(?:Basic|Bearer|Token|Bot|ApiKey|Api-Key|Key|Negotiate|NTLM|GoogleLogin|SharedKey|SharedKeyLite)(?:[ \t]{1,3}|%20|\+)[^\s"'\\,;]+`,
  String.raw`[A-Za-z][A-Za-z-]{0,20}[ \t]{1,3}(?=[^\s"'\\,;]{6})[^\s"'\\,;:=]+={0,2}(?![\w:])`,
  String.raw`[^\s"'\\,;]+`,
].join('|');

function keepsCredentials({ value, isQuoted, joint }: Assigned): boolean {
  return /:\s*$/.test(joint) && !isQuoted && absent.test(value);
}

const absent =
  /^(?:required|missing|failed|failure|denied|invalid|expired|ok|error|disabled|enabled|successful|succeeded|granted|not|is|was|header|checking|optional|skipped)\b[\w .!:]*$/i;

const bearer = /(?<![A-Za-z])(Bearer(?::?\s{1,3}|:|%20|\+))([\w.~+/%-]{6,}(?![\w.~+/%-])(?:={1,2}(?!\w)|(?!=)))/gi;
/** `Bearer authentication` and the challenge `Bearer realm="…"` hold no token. */
const noToken = /^(?:[A-Z]?[a-z]{1,19}\.?|(?:realm|error|scope|charset|authorization_uri)=)$/;
const basic = /(?<![A-Za-z])(Basic(?:\s{1,3}|%20|\+))([A-Za-z0-9+/]{4,}={0,2})/gi;

/** RFC 7617: `Basic authentication` is prose, `Basic dXNlcjpwYXNz` is `user:pass`. */
function isUserAndPassword(base64: string): boolean {
  return Buffer.from(base64, 'base64').includes(':');
}

/** Names and values up to the end of the line, or a value alone. */
const cookies = String.raw`[^\s=;,"'\\()]{1,200}(?==)(?:[^\r\n"'\\=]|=(?:"[^"\r\n]*")?|\\(?!\\*["']|[rnt]))*|[^\s"'&\\,;()<>]+`;

/** `cookie: not found`, `cookies: 5`: no value that a browser would send back. */
function keepsCookies({ value, isQuoted }: Assigned): boolean {
  return !isQuoted && /^(?:[A-Za-z]+[.:!?]?|\d{1,4})$/.test(value);
}
