import { createHmac, timingSafeEqual } from 'node:crypto';
import { silenceLinks } from '../../bounds.js';

/** The alert that a link is about, which it lets anybody silence until it expires. */
export interface LinkedAlert {
  readonly rule: string;
  readonly key: string;
  /** ms since the epoch; whole seconds. */
  readonly expires: number;
}

/** `forged`: no token of ours, or one of a key that is no longer in use. */
export type ReadToken =
  | { readonly result: 'valid' | 'expired'; readonly alert: LinkedAlert }
  | { readonly result: 'forged' };

/**
 * The token of a link: what it says as JSON, a dot, and an HMAC-SHA256 of it, both in base64url.
 *
 * @param secret the key that signs.
 */
export function signToken({ rule, key, expires }: LinkedAlert, secret: string): string {
  const said = Buffer.from(JSON.stringify([version, Math.ceil(expires / 1000), rule, key])).toString('base64url');
  return `${said}.${signatureOf(said, secret)}`;
}

/** @param secrets the keys that are believed. */
export function readToken(token: string, secrets: readonly string[], now: number): ReadToken {
  const [, said, signature] = /^([\w-]+)\.([\w-]{43})$/.exec(token) ?? [];
  if (said === undefined || signature === undefined) return { result: 'forged' };
  // Each is compared whole and as text, so neither time nor another way to write the same bytes tells anything.
  if (!secrets.map((secret) => isSame(signature, signatureOf(said, secret))).includes(true))
    return { result: 'forged' };
  const alert = parse(said);
  if (!alert) return { result: 'forged' };
  // One from far ahead was signed by a clock that was wrong: it would be good for years.
  const isInTime = now < alert.expires && alert.expires <= now + silenceLinks.life + silenceLinks.clockSkew;
  return { result: isInTime ? 'valid' : 'expired', alert };
}

const version = 1;

/** What is signed begins with what it is for: no other signature of the same key can stand for it. */
function signatureOf(said: string, secret: string): string {
  return createHmac('sha256', secret).update(`firesplit silence link ${said}`).digest('base64url');
}

/** Both are ASCII of the same length. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** Undefined for what another version has signed. */
function parse(said: string): LinkedAlert | undefined {
  const [stated, seconds, rule, key] = JSON.parse(Buffer.from(said, 'base64url').toString()) as unknown[];
  if (stated !== version || typeof seconds !== 'number' || typeof rule !== 'string' || typeof key !== 'string') {
    return undefined;
  }
  return { rule, key, expires: seconds * 1000 };
}
