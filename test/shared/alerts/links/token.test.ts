import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readToken, signToken } from '../../../../shared/alerts/links/token.js';
import { silenceLinks } from '../../../../shared/bounds.js';
import { slack } from '../../../../shared/limits.js';
import { joinKey } from '../../../../shared/signals/alertKey.js';
import { T0 } from '../../../helpers/alerts.js';

const [secret, other] = ['a'.repeat(64), 'b'.repeat(64)];
const alert = { rule: 'http-5xx', key: 'pay', expires: T0 + 60_000 };
const token = signToken(alert, secret);
const forged = { result: 'forged' };
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('the token of a link', () => {
  it('says the alert that it was signed for', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary', maxLength: 400 }), (rule, key) => {
        const said = { ...alert, rule, key };
        // What is no Unicode can't be told from its replacement, as in what is stored.
        const kept = { ...said, rule: rule.toWellFormed(), key: key.toWellFormed() };
        expect(readToken(signToken(said, secret), [secret], T0)).toEqual({ result: 'valid', alert: kept });
      }),
    );
  });

  it('is refused with any other character in any place, one more or one less', () => {
    for (let at = 0; at < token.length; at++) {
      for (const char of `${alphabet}.+/= \n%é`) {
        if (char === token[at]) continue;
        const changed = `${token.slice(0, at)}${char}${token.slice(at + 1)}`;
        expect([changed, readToken(changed, [secret], T0)]).toEqual([changed, forged]);
      }
      const without = `${token.slice(0, at)}${token.slice(at + 1)}`;
      expect([without, readToken(without, [secret], T0)]).toEqual([without, forged]);
      const more = `${token.slice(0, at)}A${token.slice(at)}`;
      expect([more, readToken(more, [secret], T0)]).toEqual([more, forged]);
    }
  });

  it('is refused with the signature of another, whatever that one is about', () => {
    const [said] = token.split('.');
    for (const another of [
      { ...alert, key: 'cart' },
      { ...alert, rule: 'x' },
      { ...alert, expires: T0 + 61_000 },
    ]) {
      const [, signature] = signToken(another, secret).split('.');
      expect(readToken(`${said}.${signature}`, [secret], T0)).toEqual(forged);
    }
  });

  it('is no token of arbitrary text', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(readToken(text, [secret], T0)).toEqual(forged)));
    expect(readToken(`e30.${'A'.repeat(43)}`, [secret], T0)).toEqual(forged);
  });

  it('is believed while its key is among those in use, and by no other key', () => {
    expect(readToken(token, [other, secret], T0).result).toBe('valid');
    expect(readToken(token, [other], T0)).toEqual(forged);
    expect(readToken(token, [], T0)).toEqual(forged);
  });

  it('expires, to the second, and says so', () => {
    expect(readToken(token, [secret], alert.expires - 1).result).toBe('valid');
    expect(readToken(token, [secret], alert.expires)).toEqual({ result: 'expired', alert });
  });

  it('is not good for years because a clock was ahead when it was signed', () => {
    const { life, clockSkew } = silenceLinks;
    const good = signToken({ ...alert, expires: T0 + life + clockSkew }, secret);
    const ahead = signToken({ ...alert, expires: T0 + life + clockSkew + 1000 }, secret);
    expect([good, ahead].map((each) => readToken(each, [secret], T0).result)).toEqual(['valid', 'expired']);
  });

  it('of nearly any key fits a button of Slack', () => {
    const key = joinKey(['ü'.repeat(2000)]);
    expect(signToken({ ...alert, rule: 'r'.repeat(100), key }, secret).length).toBeLessThan(slack.maxButtonUrl - 100);
  });
});
