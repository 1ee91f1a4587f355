import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cloudFront, cloudFrontJson } from '../../../../../shared/parse/formats/access/cloudFront.js';

const time = Date.UTC(2026, 10, 22, 16, 41, 2);

it('reads the standard log', () => {
  expect(cloudFront.parse(cloudFront.samples[0]?.line ?? '')).toEqual({
    type: 'access',
    time,
    columns: {
      method: 'GET',
      path: '/a/view.jpg',
      query: 'b=c',
      protocol: 'HTTP/2.0',
      status: 200,
      client_ip: '203.0.113.9',
      bytes: 2390282,
      duration_ms: 1,
      referer: 'https://shop.example.com/',
      user_agent: 'Mozilla/5.0 (X11; Linux)',
      host: 'shop.example.com',
      request_id: 'SOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==',
    },
    fields: [
      ['x_edge_location', 'LAX1-P1'],
      ['cs_host', 'd111111abcdef8.cloudfront.net'],
      ['x_edge_result_type', 'Hit'],
      ['cs_protocol', 'https'],
      ['cs_bytes', 23],
      ['ssl_protocol', 'TLSv1.2'],
      ['ssl_cipher', 'ECDHE-RSA-AES128-GCM-SHA256'],
      ['x_edge_response_result_type', 'Hit'],
      ['c_port', 11040],
      ['time_to_first_byte', 0.001],
      ['x_edge_detailed_result_type', 'Hit'],
      ['sc_content_type', 'text/html'],
      ['sc_content_len', 78],
    ],
  });
});

it('keeps columns that it does not know', () => {
  expect(cloudFront.parse(`${cloudFront.samples[0]?.line}\tnew`)?.fields.at(-1)).toEqual(['column_34', 'new']);
});

it('leaves the header lines and other tables to the app', () => {
  for (const line of [
    '#Version: 1.0',
    '#Fields: date time x-edge-location',
    '2026-11-22\t16:41:02\tx',
    `2026-11-22\t16:41:02${'\tx'.repeat(20)}`,
  ])
    expect(cloudFront.parse(line)).toBeUndefined();
});

it('reads JSON of the standard log, and of the real-time log with its query in the stem', () => {
  const [standard, realTime] = cloudFrontJson.samples.map(({ line }) => cloudFrontJson.parse(JSON.parse(line)));
  expect(standard).toMatchObject({
    time,
    columns: { method: 'GET', path: '/a/view.jpg', status: 200, host: 'd111111abcdef8.cloudfront.net', duration_ms: 1 },
    fields: [['x-edge-location', 'LAX1-P1']],
  });
  expect(realTime).toMatchObject({
    time: 1795365662123,
    columns: {
      path: '/a',
      query: 'b=c',
      status: 200,
      host: 'shop.example.com',
      duration_ms: 2,
      user_agent: 'curl/8.5.0',
    },
    fields: [['cs-protocol', 'https']],
  });
});

it('gives back what was written', () => {
  fc.assert(
    fc.property(
      fc.ipV4(),
      fc.integer({ min: 100, max: 599 }),
      fc.nat(),
      fc.nat({ max: 99_999_999 }),
      fc.string({ unit: 'grapheme', minLength: 2, maxLength: 30 }),
      (ip, status, bytes, ms, agent) => {
        fc.pre(agent.isWellFormed());
        const line = `2026-11-22\t16:41:02\tLAX1\t${bytes}\t${ip}\tGET\td\t/x\t${status}\t-\t${encodeURIComponent(agent)}\t-\t-\tHit\tid\tshop\thttps\t1\t${(ms / 1000).toFixed(3)}`;
        expect(cloudFront.parse(line)?.columns).toEqual({
          method: 'GET',
          path: '/x',
          client_ip: ip,
          status,
          bytes,
          user_agent: agent,
          host: 'shop',
          request_id: 'id',
          duration_ms: ms,
        });
      },
    ),
  );
});

it('keeps a user agent whose percent signs are no encoding', () => {
  const line = (cloudFront.samples[0]?.line ?? '').replace('Mozilla/5.0%20(X11;%20Linux)', '100%');
  expect(cloudFront.parse(line)?.columns).toMatchObject({ user_agent: '100%' });
});
