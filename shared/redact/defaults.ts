import { compileAssignments } from './assignments.js';
import { mayHoldCardNumber, replaceCardNumbers } from './cardNumbers.js';
import { commandWords, compileCommands } from './commands.js';
import { type DefaultRule, tokenStart, wordsFor } from './defaultRule.js';
import { authorizationKeys, compileAuthorization, compileCookies, cookieKeys } from './headers.js';
import { wordsOfKeys } from './keys.js';
import { compileProviderTokens, providerWords } from './providerSearch.js';
import {
  keepsPassword,
  keepsPasswordInText,
  keepsToken,
  keepsTokenInText,
  passwordKeys,
  passwordWords,
  tokenKeys,
  tokenWords,
} from './secretKeys.js';
import { compileUrlPasswords, urlWords } from './urlPasswords.js';

/** In the order in which they are applied. */
export const defaultRules: readonly DefaultRule[] = [
  {
    name: 'private-keys',
    doc: 'PEM and OpenSSH private keys, from BEGIN to END or to the end of the text.',
    examples: [['-----BEGIN PRIVATE KEY-----MIIEvQ-----END PRIVATE KEY----- read', '[redacted] read']],
    keys: [],
    text: (cover) => (text) => text.replace(privateKey, cover),
    words: wordsFor('-----begin'),
  },
  {
    name: 'authorization',
    doc: 'The header Authorization, of any scheme, and bearer and basic credentials anywhere in text.',
    examples: [
      ['Authorization: Hawk id="dh37", mac="6R4rV5iE+NPo"', 'Authorization: [redacted]'],
      ['sent Bearer%20abc123def456 upstream', 'sent Bearer%20[redacted] upstream'],
      ["[('authorization', 'Bearer abc123')]", "[('authorization', '[redacted]')]"],
      ['[{"name":"authorization","value":"abc123"}]', '[{"name":"authorization","value":"[redacted]"}]'],
      ['Basic authentication is off', 'Basic authentication is off'],
    ],
    keys: authorizationKeys,
    text: compileAuthorization,
    words: wordsFor('authorization', 'bearer', 'basic'),
  },
  {
    name: 'cookies',
    doc: 'The headers Cookie and Set-Cookie, and the fields `cookie_…` of web servers.',
    examples: [
      ['Cookie: session=abc; theme="dark"', 'Cookie: [redacted]'],
      ["('cookie', 'sid=abc')", "('cookie', '[redacted]')"],
      ['cookie: not found', 'cookie: not found'],
    ],
    keys: [...cookieKeys, 'cookie_*'],
    text: compileCookies,
    words: wordsOfKeys(cookieKeys) ?? [],
  },
  {
    name: 'jwt',
    doc: 'JSON Web Tokens, signed (three parts) and encrypted (five).',
    examples: [['got_eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2lnbmF0dXJl!', 'got_[redacted]!']],
    keys: [],
    text: (cover) => (text) => text.replace(jwt, cover),
    // Base64 of `{"` and of each character that a name begins with.
    words: [...'abcdefghijklmnopqrstuvwxyz0123456'].map((next) => ({ word: `eyj${next}` })),
  },
  {
    name: 'aws-keys',
    doc: 'AWS access key ids (`AKIA…`, `ASIA…`), and whatever looks like a secret access key in the same text.',
    examples: [[`key ${'AKIA'}IOSFODNN7EXAMPLE denied`, 'key [redacted] denied']],
    keys: [],
    text: (cover) => (text) => {
      const found = text.replace(accessKeyId, cover);
      return found === text ? text : found.replace(secretAccessKey, cover);
    },
    words: wordsFor('akia', 'asia'),
  },
  {
    name: 'service-tokens',
    doc: 'Tokens that say whose they are, by the prefixes below, and the secret part of webhook links.',
    examples: [[`using ghp_${'a1'.repeat(18)}`, 'using [redacted]']],
    keys: [],
    text: compileProviderTokens,
    words: providerWords,
  },
  {
    name: 'url-credentials',
    doc: 'The password of a URL.',
    examples: [
      ['postgres://app:s3cr:et@db:5432/x', 'postgres://app:[redacted]@db:5432/x'],
      ['amqp://ann@shop.example.com:a/b@mq', 'amqp://ann@shop.example.com:[redacted]@mq'],
      ['https://shop.example.com:8080/a@b', 'https://shop.example.com:8080/a@b'],
    ],
    keys: [],
    text: compileUrlPasswords,
    words: urlWords,
  },
  {
    name: 'passwords',
    doc: 'Values under keys that hold `password`, `passwd` or `passphrase`, or end in `pwd`, `passcode` or `_pass`; in text, query strings, connection strings, options, markup and forms too.',
    examples: [
      ['login failed password=hunter2 user=7', 'login failed password=[redacted] user=7'],
      ['{"user[password]"=>"hunter2"}', '{"user[password]"=>"[redacted]"}'],
      ['user%5Bpassword%5D=hunter2&a=1', 'user%5Bpassword%5D=[redacted]&a=1'],
      ['Server=db;Password=hunter2;Encrypt=true', 'Server=db;Password=[redacted];Encrypt=true'],
      ['mysql --password hunter2 shop', 'mysql --password [redacted] shop'],
      ['<wsse:Password>hunter2</wsse:Password>', '<wsse:Password>[redacted]</wsse:Password>'],
      ['Access denied (using password: YES)', 'Access denied (using password: YES)'],
      ['PWD=/app passwordChangedAt=2026-11-22', 'PWD=/app passwordChangedAt=2026-11-22'],
    ],
    keys: passwordKeys,
    keeps: keepsPassword,
    text: (cover) => compileAssignments(passwordKeys, cover, { keeps: keepsPasswordInText }),
    words: passwordWords,
  },
  {
    name: 'commands',
    doc: 'Passwords that commands and SQL statements take without naming them.',
    examples: [
      ['curl -u ann:hunter2 https://shop', 'curl -u ann:[redacted] https://shop'],
      ['mysqldump -u root -phunter2 shop', 'mysqldump -u root -p[redacted] shop'],
      ["CREATE USER ann IDENTIFIED BY 'hunter2'", "CREATE USER ann IDENTIFIED BY '[redacted]'"],
    ],
    keys: [],
    text: compileCommands,
    words: [...commandWords, ...passwordWords],
  },
  {
    name: 'tokens',
    doc: 'Values under keys that end in `token`, `secret`, `credentials`, `secret_key_base`, or in the name of a key that is secret (`api_key`, `access_key`, `private_key`, `account_key`, `encryption_key`, …); in text as above.',
    examples: [
      ['GET /a?access_token=abc&next=/b', 'GET /a?access_token=[redacted]&next=/b'],
      ['x-api-key: 0123abc', 'x-api-key: [redacted]'],
      ['SECRET_KEY_BASE=0123abc', 'SECRET_KEY_BASE=[redacted]'],
      ['SyntaxError: Unexpected token: foo', 'SyntaxError: Unexpected token: foo'],
      ['token=5 token=Token{a64f992 u0}', 'token=5 token=Token{a64f992 u0}'],
    ],
    keys: tokenKeys,
    keeps: keepsToken,
    text: (cover) => compileAssignments(tokenKeys, cover, { keeps: keepsTokenInText }),
    words: tokenWords,
  },
  {
    name: 'card-numbers',
    doc: "Payment card numbers: a network's range and length, Luhn's check, in one piece or in the network's groups, and not where the words or keys around them name something else. More than 16 digits in one piece need a word such as `card` beside them.",
    examples: [
      ['paid with 4111 1111 1111 1111 123', 'paid with [redacted] 123'],
      ['{"card":"6205500000000000004"}', '{"card":"[redacted]"}'],
      ['order 4111111111111111 shipped', 'order 4111111111111111 shipped'],
      ['GET /users/4111111111111111/posts', 'GET /users/4111111111111111/posts'],
      ['fan speeds (4111 1111 1111 1111 3479 3552)', 'fan speeds (4111 1111 1111 1111 3479 3552)'],
    ],
    keys: [],
    text: (cover) => (text, key) => replaceCardNumbers(text, cover, key),
    words: [],
    mayHold: mayHoldCardNumber,
  },
];

export const defaultNames = defaultRules.map(({ name }) => name);

const privateKey =
  /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----|$)/g;

/** RFC 7519 and RFC 7516, whose key may be empty. */
const jwt = new RegExp(String.raw`${tokenStart}eyJ[\w-]{5,}(?:\.[\w-]{5,}|\.[\w-]*\.[\w-]{3,})(?:\.[\w-]*){1,3}`, 'g');
const accessKeyId = new RegExp(`${tokenStart}(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])`, 'g');
/** 40 characters of base64 that are not a SHA-1. */
const secretAccessKey = /(?<![\w/+=])(?![0-9a-f]{40}(?![\w/+=]))[A-Za-z0-9/+]{40}(?![\w/+=])/g;
