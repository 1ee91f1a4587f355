import { describe, expect, it } from '@jest/globals';
import { splitRequest, splitTarget, splitUrl } from '../../../../shared/parse/values/request.js';

describe('splitRequest', () => {
  it.each<[string, object]>([
    ['GET /a?b=c HTTP/1.1', { method: 'GET', path: '/a', query: 'b=c', protocol: 'HTTP/1.1' }],
    ['GET /a b HTTP/2', { method: 'GET', path: '/a b', protocol: 'HTTP/2' }],
    ['GET /a', { method: 'GET', path: '/a' }],
    ['GET /a b', { method: 'GET', path: '/a b' }],
    ['GET HTTP/1.1', { method: 'GET', path: 'HTTP/1.1' }],
    ['M-SEARCH * HTTP/1.1', { method: 'M-SEARCH', path: '*', protocol: 'HTTP/1.1' }],
    ['G /a HTTP/1.1', { method: 'G', path: '/a', protocol: 'HTTP/1.1' }],
    ['get /a HTTP/1.1', { path: 'get /a HTTP/1.1' }],
    [' /a HTTP/1.1', { path: ' /a HTTP/1.1' }],
    ['GET', { path: 'GET' }],
    ['', {}],
    ['-', {}],
  ])('%j is %j', (request, columns) => {
    expect(splitRequest(request)).toEqual(columns);
  });

  it('undoes the escapes of path and query, and of what is no request', () => {
    const decode = (text: string) => text.toUpperCase();
    expect(splitRequest('GET /a?b HTTP/1.1', decode)).toMatchObject({ path: '/A', query: 'B' });
    expect(splitRequest('tls', decode)).toEqual({ path: 'TLS' });
  });
});

it.each<[string, object]>([
  ['/a', { path: '/a' }],
  ['/a?', { path: '/a', query: '' }],
  ['?b', { path: '', query: 'b' }],
  ['/a?b?c', { path: '/a', query: 'b?c' }],
])('splitTarget parts %j into %j', (target, columns) => {
  expect(splitTarget(target)).toEqual(columns);
});

it.each<[string, object]>([
  ['/a?b', { path: '/a', query: 'b' }],
  ['https://shop.example.com:443/a?b', { host: 'shop.example.com', path: '/a', query: 'b' }],
  ['https://shop.example.com:80/', { host: 'shop.example.com:80', path: '/' }],
  ['http://shop.example.com:80', { host: 'shop.example.com', path: '/' }],
  ['http://shop.example.com:443/', { host: 'shop.example.com:443', path: '/' }],
  ['wss://shop.example.com:443?b', { host: 'shop.example.com', path: '/', query: 'b' }],
  ['ftp://shop.example.com/a', { path: 'ftp://shop.example.com/a' }],
])('splitUrl parts %j into %j', (url, columns) => {
  expect(splitUrl(url)).toEqual(columns);
});
