import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { urlProblem } from '../../../shared/webhook/url.js';

const notWhole = 'is not a whole URL, such as https://example.com/hook';
const withUser = 'has a user or a password in it; use token_parameter or headers instead';
const inTheClear = 'would send log lines unencrypted; write https:// (http:// is for localhost alone)';

it.each([
  ['https://example.com/hook', undefined],
  ['HTTPS://example.com:8443/hook?key=a#b', undefined],
  ['http://localhost:8080/hook', undefined],
  ['http://127.0.0.1:1', undefined],
  ['http://[::1]:1/', undefined],
  ['', notWhole],
  ['example.com/hook', notWhole],
  ['//example.com/hook', notWhole],
  ['ftp://example.com', notWhole],
  ['https://', notWhole],
  ['https://exa mple.com', notWhole],
  ['https://user@example.com', withUser],
  ['https://user:password@example.com', withUser],
  ['http://example.com/hook', inTheClear],
  ['http://127.0.0.1.example.com', inTheClear],
  ['http://localhost.example.com', inTheClear],
  ['http://10.0.0.1/', inTheClear],
])('%j: %s', (url, problem) => {
  expect(urlProblem(url)).toBe(problem);
});

it('takes only URLs that fetch takes', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true })), (url) => {
      if (urlProblem(url) === undefined) expect(() => new Request(url)).not.toThrow();
    }),
  );
});
