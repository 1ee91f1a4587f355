import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { albAccess } from '../../../../../shared/parse/formats/access/albAccess.js';

const time = Date.UTC(2026, 10, 22, 16, 41, 2, 186);

it('reads every column', () => {
  expect(albAccess.parse(albAccess.samples[0]?.line ?? '')).toEqual({
    type: 'access',
    time,
    columns: {
      client_ip: '203.0.113.9',
      method: 'GET',
      path: '/a',
      query: 'b=c',
      protocol: 'HTTP/1.1',
      host: 'shop.example.com',
      status: 200,
      bytes: 366,
      duration_ms: 171,
      user_agent: 'curl/8.5.0',
      request_id: 'Root=1-6a22bd9e-23a8c76965a2ef7629b185e3',
    },
    fields: [
      ['type', 'https'],
      ['elb', 'app/shop/50dc6c495c0c9188'],
      ['client', '203.0.113.9:2817'],
      ['target', '10.0.0.1:80'],
      ['request_processing_time', 0.086],
      ['target_processing_time', 0.048],
      ['response_processing_time', 0.037],
      ['target_status_code', 200],
      ['received_bytes', 34],
      ['ssl_cipher', 'ECDHE-RSA-AES128-GCM-SHA256'],
      ['ssl_protocol', 'TLSv1.2'],
      ['target_group_arn', 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/73e2d6bc24d8a067'],
      ['domain_name', 'shop.example.com'],
      ['matched_rule_priority', 1],
      ['request_creation_time', '2026-11-22T16:41:02.015000Z'],
      ['actions_executed', 'forward'],
      ['target_port_list', '10.0.0.1:80'],
      ['target_status_code_list', 200],
      ['conn_trace_id', 'TID_1234abcd5678ef90'],
    ],
  });
});

it('has no duration when no target answered', () => {
  const parsed = albAccess.parse(albAccess.samples[1]?.line ?? '');
  expect(parsed?.columns).toEqual({
    client_ip: '203.0.113.9',
    method: 'GET',
    path: '/',
    protocol: 'HTTP/1.1',
    host: 'shop.example.com',
    status: 503,
    bytes: 366,
    user_agent: 'curl/8.5.0',
    request_id: 'Root=1-6a22bd9e-23a8c76965a2ef7629b185e3',
  });
  expect(parsed?.fields).toContainEqual(['target_processing_time', -1]);
});

it.each([
  ['a request that was no HTTP', '"- http://shop.example.com:80- "', { path: '- http://shop.example.com:80- ' }],
  ['a port of its own', '"GET https://shop.example.com:8443 HTTP/2.0"', { host: 'shop.example.com:8443', path: '/' }],
])('reads %s', (_, request, columns) => {
  const line = (albAccess.samples[1]?.line ?? '').replace(/"GET [^"]*"/, request);
  expect(albAccess.parse(line)?.columns).toMatchObject(columns);
});

it('keeps what AWS adds at the end', () => {
  const parsed = albAccess.parse(`${albAccess.samples[0]?.line} "new" 10.0.0.3`);
  expect(parsed?.fields.at(-1)).toEqual(['tail', '"new" 10.0.0.3']);
});

it.each(['http 2026-11-22T16:41:02.186641Z app/shop x', 'https is down', 'ws 2026-11-22T16:41:02.186641Z "'])(
  'leaves %j to others',
  (line) => {
    expect(albAccess.parse(line)).toBeUndefined();
  },
);

it('gives back what was written', () => {
  fc.assert(
    fc.property(
      fc.ipV4(),
      fc.nat({ max: 65535 }),
      fc.integer({ min: 100, max: 599 }),
      fc.nat(),
      fc.tuple(fc.nat({ max: 99_999 }), fc.nat({ max: 99_999 }), fc.nat({ max: 99_999 })),
      fc.stringMatching(/^[\w(;/][ \w(;/)]{0,30}[\w)]$/),
      fc.stringMatching(/^\/[\w/.-]{0,30}$/),
      (ip, port, status, bytes, phases, agent, path) => {
        const seconds = phases.map((ms) => (ms / 1000).toFixed(3)).join(' ');
        const parsed = albAccess.parse(
          `h2 2026-11-22T16:41:02.186641Z app/shop/50dc ${ip}:${port} 10.0.0.1:80 ${seconds} ${status} ${status} 34 ${bytes} "PUT https://shop:443${path} HTTP/2.0" "${agent}" - - arn "Root=1-a" "-" "-" 0 2026-11-22T16:41:02.015000Z "forward" "-" "-"`,
        );
        expect(parsed).toMatchObject({
          time,
          columns: {
            client_ip: ip,
            status,
            bytes,
            duration_ms: phases.reduce((sum, ms) => sum + ms, 0),
            user_agent: agent,
            host: 'shop',
            path,
          },
        });
      },
    ),
  );
});

it('is read in time that grows with its length only', () => {
  for (const piece of ['"', ' "', 'a="', '- ', '[', '\\"'])
    albAccess.parse(`http 2026-11-22T16:41:02.186641Z ${piece.repeat(200_000)}`);
});
