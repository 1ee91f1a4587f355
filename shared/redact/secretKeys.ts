import type { Word } from '../text/wordScanner.js';
import type { Assigned } from './assignments.js';
import { endsKey, keysInText, wordsOf } from './keys.js';

/** Keys of passwords. */
export const passwordKeys = [
  ...['*password*', '*passwd*', '*passphrase*', '*passcode', '*pwd', 'pass', '*_pass', 'db_pass', 'user_pass'],
  ...['smtp_pass', 'mail_pass', 'ftp_pass', 'redis_pass', 'mysql_pass', 'admin_pass'],
];

/** Each of these keys begins or ends with one of the two. */
export const passwordWords: readonly Word[] = [
  { word: 'pass', confirm: endsKey },
  { word: 'pwd', confirm: endsKey },
];

/** Keys of tokens, and of keys that are secret; `primary_key`, `cache_key` and `public_key` are not. */
export const tokenKeys = [
  ...[
    '*token',
    '*secret',
    '*secrets',
    '*secret_key',
    '*secret_access_key',
    '*secret_key_base',
    '*api_key',
    '*access_key',
  ],
  ...['*private_key', '*account_key', '*encryption_key', '*signing_key', '*auth_key', '*master_key', '*shared_key'],
  ...[
    '*app_key',
    '*application_key',
    '*session_key',
    '*service_key',
    '*storage_key',
    '*license_key',
    '*subscription_key',
    '*webhook_key',
  ],
  ...['*credential', '*credentials', '*amz_signature', '*goog_signature', 'jsessionid', 'phpsessid'],
];

export const tokenWords: readonly Word[] = [
  ...['token', 'secret', 'credential', 'signature', 'jsessionid', 'phpsessid'].map((word) => ({
    word,
    confirm: endsKey,
  })),
  { word: 'key', confirm: (text, after, end) => endsKey(text, after, end) && isSecretKey(text, after) },
];

const endsAsSecretKey = new RegExp(`${keysInText(tokenKeys.filter((key) => key.endsWith('_key')))}$`, 'i');

/** Keys are many, and few of them secret. */
function isSecretKey(text: string, after: number): boolean {
  return endsAsSecretKey.test(text.slice(Math.max(0, after - 24), after));
}

/** `passwordChangedAt`, `password_age`: what a key says of a password, rather than the password. */
function saysAboutPassword(key: string): boolean {
  return about.has(wordsOf(key).at(-1) ?? '');
}

const about = new Set([
  ...[
    'age',
    'at',
    'in',
    'on',
    'days',
    'date',
    'time',
    'ttl',
    'timeout',
    'expires',
    'expired',
    'expiry',
    'expiration',
    'history',
  ],
  ...[
    'changed',
    'updated',
    'created',
    'set',
    'required',
    'enabled',
    'disabled',
    'valid',
    'invalid',
    'verified',
    'protected',
  ],
  ...[
    'length',
    'len',
    'min',
    'max',
    'count',
    'attempts',
    'retries',
    'strength',
    'score',
    'policy',
    'rules',
    'type',
    'status',
  ],
  ...[
    'error',
    'errors',
    'message',
    'id',
    'ids',
    'url',
    'uri',
    'link',
    'path',
    'file',
    'stdin',
    'page',
    'route',
    'form',
    'field',
  ],
  ...[
    'label',
    'placeholder',
    'format',
    'encoder',
    'encryption',
    'algorithm',
    'manager',
    'provider',
    'match',
    'matches',
    'grace',
  ],
  ...['command', 'authentication', 'last', 'reuse', 'lifetime', 'reset', 'mismatch', 'visible'],
  // Classes and files
  ...[
    'service',
    'validator',
    'controller',
    'resolver',
    'helper',
    'util',
    'utils',
    'filter',
    'handler',
    'repository',
    'module',
  ],
  ...[
    'exception',
    'component',
    'test',
    'spec',
    'js',
    'ts',
    'jsx',
    'tsx',
    'py',
    'rb',
    'go',
    'java',
    'kt',
    'cs',
    'php',
    'html',
    'txt',
  ],
]);

/** Values of columns and fields that are no password though the key names one. */
export function keepsPassword(key: string, value: unknown): boolean {
  if (saysAboutPassword(key) || isSum(key, String(value))) return true;
  if (Array.isArray(value)) return value.every((item) => keepsPassword(key, item));
  return typeof value === 'string' && (isFolder(key, value) || prose.test(value));
}

/** The same in text, where prose goes on behind the first word. */
export function keepsPasswordInText({ key, value, joint, isQuoted, lead }: Assigned): boolean {
  if (isFile(lead, joint)) return true;
  if (saysAboutPassword(key) || isSum(key, value) || isFolder(key, value)) return true;
  return (isQuoted || /:\s*$|^\s+$/.test(joint)) && prose.test(value);
}

/** `/etc/passwd: permission denied`, `GET /oauth/token: 200` */
function isFile(lead: string, joint: string): boolean {
  return /:\s*$/.test(joint) && /\/[\w.-]*$/.test(lead);
}

/** `pass: 12, fail: 0`, as tests are summed up. */
function isSum(key: string, value: string): boolean {
  return /^pass$/i.test(key) && /^\d{1,5}$/.test(value);
}

/** `PWD=/app`: the folder that a process is in. */
function isFolder(key: string, value: string): boolean {
  return /^(?:old)?pwd$/i.test(key) && /^(?:[/~]|[A-Za-z]:[\\/])/.test(value);
}

/** `Password: required`, `(using password: YES)`, `"password":"must be longer"`. */
const prose =
  /^(?:(?:yes|no|not|required|optional|invalid|incorrect|wrong|missing|empty|unset|set|expired|expires|changed|updated|reset|failed|rejected|accepted|ok|valid|verified|weak|strong|mismatch|mismatched|must|cannot|can't|can|should|may|is|was|has|does|doesn't|do|did|too|at|needs|please|enter|string|blank|default|disabled|enabled|unchanged|field|for|to|and|or|from|with|in|on|of|the|option|instead)[.,:;!?]?)(?:\s+[A-Za-z0-9'.,-]+){0,20}[.!?]?$/i;

/** `token=expired` */
const state = /^(?:expired|invalid|missing|revoked|valid|required|absent|empty|present|unknown)$/i;
/** `Unexpected token: '}'`, `secret: 'db-creds' not found` */
const plainName = /^(?:[A-Za-z][a-z]{0,20}(?:[-_.][A-Za-z][a-z]{0,20}){0,5}|[^\w\s]{1,3})$/;
const offending = /(?:unexpected|invalid|illegal|unknown|bad|missing|expected|unrecognized|unterminated)\s$/i;
const lookedFor = /^['"]?\s(?:(?:was )?not found|does(?: not|n't) exist|is missing|already exists)/;

/** `BinderProxy@1a2b3c4`: an object as Java prints one that has no other text. */
const identity = /^[A-Za-z][\w.$]*@[0-9a-f]{4,8}$/;

/** A number of a few digits says how many tokens, not which. */
export function keepsToken(_key: string, value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 10_000;
}

/** In text, a plain word after a colon is left too: `Unexpected token: foo` names no token. */
export function keepsTokenInText({ value, joint, isQuoted, lead, rest }: Assigned): boolean {
  if (isFile(lead, joint) || state.test(value)) return true;
  if (/:\s*$/.test(joint) && plainName.test(value) && (offending.test(lead) || lookedFor.test(rest))) return true;
  if (isQuoted) return prose.test(value);
  if (/^-?\d{1,4}$/.test(value) || identity.test(value)) return true;
  if (!/:\s*$/.test(joint) || !/^[A-Za-z]+[.:!?]?$/.test(value)) return false;
  return /\s$/.test(joint) || /^\s+[A-Za-z]/.test(rest);
}
