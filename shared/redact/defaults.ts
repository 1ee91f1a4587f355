import type { Word } from '../text/wordScanner.js';
import { compileAssignments } from './assignments.js';
import { mayHoldCardNumber, replaceCardNumbers } from './cardNumbers.js';
import { wordsOfKeys } from './keys.js';

/** What Firesplit redacts unless told otherwise. */
export interface DefaultRule {
  readonly name: string;
  /** One sentence for docs/redaction.md. */
  readonly doc: string;
  /** Keys whose values are replaced whole. */
  readonly keys: readonly string[];
  /** Replaces what is found in a text. */
  readonly text: (cover: Cover) => (text: string) => string;
  /** Words of which a line must hold one to be worth a look. */
  readonly words: readonly Word[];
  /** A look for what no word announces. */
  readonly mayHold?: (text: string, start: number, end: number) => boolean;
  /** Columns whose values can't be told from what this rule looks for. */
  readonly not?: readonly string[];
}

/** Gives what is stored in the place of a value. */
export type Cover = (value: string) => string;

const passwordKeys = ['*password*', '*passwd*', '*passphrase*', '*passcode', '*pwd', 'pass'];
const tokenKeys = [
  ...['*token', '*secret', '*secret_key', '*secret_access_key', '*api_key', '*access_key', '*private_key'],
  ...['*credential', '*credentials', '*amz_signature', '*goog_signature', 'jsessionid', 'phpsessid'],
];

/** In the order in which they are applied. */
export const defaultRules: readonly DefaultRule[] = [
  {
    name: 'private-keys',
    doc: 'PEM and OpenSSH private keys, from BEGIN to END or to the end of the text.',
    keys: [],
    text: (cover) => (text) => text.replace(privateKey, cover),
    words: wordsFor('-----begin'),
  },
  {
    name: 'authorization',
    doc: 'The header Authorization, and bearer and basic credentials anywhere in text.',
    keys: ['*authorization'],
    text: (cover) => (text) =>
      text
        .replace(header, (_, head: string, value: string) => head + cover(value))
        .replace(bearer, (whole, scheme: string, value: string) =>
          noToken.test(value) ? whole : scheme + cover(value),
        )
        .replace(basic, (whole, scheme: string, value: string) =>
          isUserAndPassword(value) ? scheme + cover(value) : whole,
        ),
    words: wordsFor('authorization', 'bearer', 'basic'),
  },
  {
    name: 'cookies',
    doc: 'The headers Cookie and Set-Cookie.',
    keys: ['*cookie', '*cookies'],
    text: (cover) => (text) => text.replace(cookie, (_, head: string, value: string) => head + cover(value)),
    words: wordsOfKeys(['*cookie', '*cookies']) ?? [],
  },
  {
    name: 'jwt',
    doc: 'JSON Web Tokens.',
    keys: [],
    text: (cover) => (text) => text.replace(jwt, cover),
    // Base64 of `{"`, and of the usual first letters of a header.
    words: wordsFor('.eyj', 'eyjh', 'eyj0', 'eyjr', 'eyjl', 'eyjj', 'eyj4', 'eyj6', 'eyjq', 'eyjp', 'eyj1'),
  },
  {
    name: 'aws-keys',
    doc: 'AWS access key ids (`AKIA…`, `ASIA…`), and whatever looks like a secret access key in the same text.',
    keys: [],
    text: (cover) => (text) => {
      const found = text.replace(accessKeyId, cover);
      return found === text ? text : found.replace(secretAccessKey, cover);
    },
    words: wordsFor('akia', 'asia'),
  },
  {
    name: 'service-tokens',
    doc: 'Tokens that say whose they are: GitHub, Slack (webhook links too), Stripe, Google.',
    keys: [],
    text: (cover) => (text) => text.replace(serviceToken, cover),
    words: wordsFor(
      ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_', 'xoxa-', 'xoxb-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'],
      ...['sk_live_', 'rk_live_', 'aiza', 'hooks.slack.com'],
    ),
  },
  {
    name: 'url-credentials',
    doc: 'The password of a URL such as `postgres://user:password@host`.',
    keys: [],
    text: (cover) => (text) => text.replace(urlPassword, (_, head: string, password: string) => head + cover(password)),
    words: [
      ...[...'abcdefghijklmnopqrstuvwxyz0123456789'].map((last) => ({ word: `${last}://`, confirm: hasUserInfo })),
      // As some encoders write it in JSON.
      { word: ':\\/\\/' },
    ],
  },
  {
    name: 'passwords',
    doc: 'Values under keys that hold `password`, `passwd` or `passphrase`, or end in `pwd` or `passcode`; as `password=…` in text and query strings too.',
    keys: passwordKeys,
    text: (cover) => compileAssignments(passwordKeys, cover),
    words: wordsOfKeys(passwordKeys) ?? [],
  },
  {
    name: 'tokens',
    doc: 'Values under keys that end in `token`, `secret`, `api_key`, `access_key`, `secret_key`, `private_key` or `credentials`; as `token=…` in text and query strings too.',
    keys: tokenKeys,
    text: (cover) => compileAssignments(tokenKeys, cover, { proseAllowed: true }),
    words: wordsOfKeys(tokenKeys) ?? [],
  },
  {
    name: 'card-numbers',
    doc: "Payment card numbers: 13 to 19 digits, in groups or not, that pass Luhn's check.",
    keys: [],
    text: (cover) => (text) => replaceCardNumbers(text, cover),
    words: [],
    mayHold: mayHoldCardNumber,
    // Datadog's trace ids are 19 digits: one in ten would pass for a card.
    not: ['trace_id', 'span_id', 'dd.trace_id', 'dd.span_id', 'fingerprint'],
  },
];

/** E-mail addresses, which are kept unless the configuration asks otherwise. */
export const emailRule: DefaultRule = {
  name: 'emails',
  doc: 'E-mail addresses; off by default: `emails: hash` or `emails: replace` turns it on.',
  keys: [],
  text: (cover) => (text) => text.replace(email, cover),
  words: [],
  mayHold: (text, start, end) => text.slice(start, end).includes('@'),
};

export const defaultNames = defaultRules.map(({ name }) => name);

const privateKey =
  /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----|$)/g;

/** Digest, OAuth and AWS signatures have parts with commas and quotes between them: the rest of the line is theirs. */
const header =
  /(authorization(?:\\{0,4}["'])?\s{0,3}[=:]\s{0,3}(?:\\{0,4}["'])?)(?!\[redacted)((?:Digest|OAuth|AWS4-HMAC-SHA256)\s[^\r\n]*|(?:[A-Za-z-]{1,20}\s{1,3}(?=[^\s"'\\,;]{6}))?[^\s"'\\,;]+)/gi;
const bearer = /\b(Bearer\s{1,3})([\w.~+/-]{6,}=*)/gi;
/** `Bearer authentication` and the challenge `Bearer realm="…"` hold no token. */
const noToken = /^(?:[A-Z]?[a-z]{1,19}\.?|(?:realm|error|scope|charset|authorization_uri)=)$/;
const basic = /\b(Basic\s{1,3})([A-Za-z0-9+/]{4,}={0,2})/gi;
const cookie = /(cookies?(?:\\{0,4}["'])?\s{0,3}[=:]\s{0,3}(?:\\{0,4}["'])?)([^\s=;,"'\\]{1,200}=[^\r\n"'\\]*)/gi;
const jwt = /\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*){1,3}/g;
const accessKeyId = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g;
/** 40 characters of base64 that are not a SHA-1. */
const secretAccessKey = /(?<![\w/+=])(?![0-9a-f]{40}(?![\w/+=]))[A-Za-z0-9/+]{40}(?![\w/+=])/g;
const serviceToken =
  /\bgh[pousr]_\w{20,255}|\bgithub_pat_\w{20,255}|\b(?:xox[abprs]|xapp)-[\w-]{10,255}|\b[sr]k_live_\w{10,255}|\bAIza[\w-]{35}|(?<=hooks\.slack\.com\/)(?:services|workflows|triggers)\/[\w/-]{10,255}/g;
const urlPassword = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@"'\\]{0,200}:)(?!\[redacted)([^\s/@"'\\]{1,500})(?=@)/gi;
const email = /(?<![\w.%+-])[\w.%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi;

/** RFC 7617: `Basic authentication` is prose, `Basic dXNlcjpwYXNz` is `user:pass`. */
function isUserAndPassword(base64: string): boolean {
  return Buffer.from(base64, 'base64').includes(':');
}

/** A user name and password stand between the scheme and an `@`, before the first slash. */
function hasUserInfo(text: string, after: number, end: number): boolean {
  for (let at = after; at < end && at < after + 700; at++) {
    const char = text[at] ?? '';
    if (char === '@') return true;
    if ('/ "\'\\?#'.includes(char)) return false;
  }
  return false;
}

function wordsFor(...words: readonly string[]): Word[] {
  return words.map((word) => ({ word }));
}
