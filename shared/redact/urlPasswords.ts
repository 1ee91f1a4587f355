import type { Word } from '../text/wordScanner.js';
import { type Cover, wordsFor } from './defaultRule.js';

/**
 * The passwords of URLs: `postgres://user:password@host`, `jdbc:oracle:thin:user/password@host`, Go's
 * `user:password@tcp(host)/db`, and tokens in a user's place: `https://token@host`.
 */
export function compileUrlPasswords(cover: Cover): (text: string) => string {
  const replace = (_: string, head: string, password: string) => head + cover(password);
  return (text) =>
    text
      .replace(inAuthority, replace)
      .replace(withSlash, replace)
      .replace(oracle, replace)
      .replace(goSource, replace)
      .replace(tokenAsUser, replace);
}

/** A user name may be an address: the last `@` before the path ends the password. */
const inAuthority =
  /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:"'\\?#[\]]{0,200}:)(?!\[redacted)([^\s/?#"'\\<>]{1,500})(?=@(?!sha256:))/gi;
/** A password that was not encoded; digits up to the slash would be a port. */
const withSlash =
  /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:"'\\?#[\]]{0,200}:)(?!\[redacted|\d{1,5}(?:[/?#,]|$))([^\s"'\\<>@]{1,500})(?=@(?!sha256:)[\w-]+(?:\.[\w-]+){0,8}(?::\d|[/?,;"'\s)]|$))/gi;
const oracle = /(jdbc:oracle:thin:[\w.-]{1,100}\/)(?!\[redacted)([^\s@"'\\]{1,200})(?=@)/gi;

/** https://github.com/go-sql-driver/mysql#dsn-data-source-name */
const goSource = /((?<![\w.:/-])[\w.-]{1,64}:)(?!\[redacted)([^\s"'\\]{1,200}?)(?=@(?:tcp6?|unix)\()/g;
/** A user's name is shorter, or has words of letters. */
const tokenAsUser = /(\bhttps?:\/\/)(?=[\w-]{0,199}\d)([A-Za-z0-9_-]{20,200})(?=@)/g;

export const urlWords: readonly Word[] = [
  { word: '://', confirm: (text, after, end) => hasUserInfo(text, after, end) || hasLongUser(text, after, end) },
  { word: '@tcp' },
  { word: '@unix' },
  // As some encoders write two slashes in JSON.
  { word: '\\/\\' },
  ...wordsFor('oracle:thin:'),
];

/** A colon stands before the path, and an `@` somewhere behind it. */
function hasUserInfo(text: string, after: number, end: number): boolean {
  let colon = 0;
  for (let at = after; at < end && at < after + 800; at++) {
    const code = text.charCodeAt(at);
    if (code === AT && colon > 0) return true;
    if (code === COLON && colon === 0) colon = at;
    else if (code === SPACE || code === QUOTE || code === APOSTROPHE || code === BACKSLASH) return false;
    else if ((code === SLASH || code === QUESTION || code === HASH) && (colon === 0 || isPort(text, colon + 1, at)))
      return false;
  }
  return false;
}

function hasLongUser(text: string, after: number, end: number): boolean {
  const at = text.indexOf('@', after);
  return at >= after + 20 && at < end && at <= after + 200;
}

function isPort(text: string, start: number, end: number): boolean {
  return end - start <= 5 && /^\d+$/.test(text.slice(start, end));
}

const SPACE = 0x20;
const QUOTE = 0x22;
const HASH = 0x23;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const COLON = 0x3a;
const QUESTION = 0x3f;
const AT = 0x40;
const BACKSLASH = 0x5c;
