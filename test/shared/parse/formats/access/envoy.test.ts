import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { envoy, envoyJson } from '../../../../../shared/parse/formats/access/envoy.js';

const time = Date.UTC(2026, 10, 22, 16, 41, 2, 123);

it("reads Envoy's default", () => {
  expect(envoy.parse(envoy.samples[0]?.line ?? '')).toEqual({
    type: 'access',
    time,
    columns: {
      method: 'POST',
      path: '/api/v1',
      query: 'a=b',
      protocol: 'HTTP/2',
      status: 204,
      client_ip: '203.0.113.9',
      bytes: 0,
      duration_ms: 226,
      user_agent: 'nsq2http',
      request_id: 'cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2',
      host: 'shop.example.com',
    },
    fields: [
      ['bytes_received', 154],
      ['upstream_service_time', 100],
      ['x_forwarded_for', '203.0.113.9, 10.0.35.28'],
      ['upstream_host', 'http://10.0.0.1:8080'],
    ],
  });
});

it.each([
  ['a month that there is none of', '2026-11-22', '2026-13-22'],
  ['a status that is no number', ' 204 ', ' OK '],
])('leaves a line with %s to others', (_, part, other) => {
  expect(envoy.parse((envoy.samples[0]?.line ?? '').replace(part, other))).toBeUndefined();
});

it("reads Istio's default", () => {
  expect(envoy.parse(envoy.samples[1]?.line ?? '')).toEqual({
    type: 'access',
    time,
    columns: {
      method: 'GET',
      path: '/status/418',
      protocol: 'HTTP/1.1',
      status: 418,
      client_ip: '10.44.1.23',
      bytes: 135,
      duration_ms: 4,
      user_agent: 'curl/8.5.0',
      request_id: '84961386-6d84-929d-98bd-c5aee93b5c88',
      host: 'httpbin:8000',
    },
    fields: [
      ['response_code_details', 'via_upstream'],
      ['bytes_received', 0],
      ['upstream_service_time', 4],
      ['upstream_host', '10.44.1.27:80'],
      ['upstream_cluster', 'outbound|8000||httpbin.default.svc.cluster.local'],
      ['upstream_local_address', '10.44.1.23:37652'],
      ['downstream_local_address', '10.0.45.184:8000'],
      ['downstream_remote_address', '10.44.1.23:46520'],
      ['route_name', 'default'],
    ],
  });
});

it('reads a TCP connection', () => {
  const line =
    '[2026-11-22T16:41:02.123Z] "- - -" 0 UF,URX - - "delayed connect error: 111" 0 0 9 - "-" "-" "-" "-" "10.0.0.1:9000" outbound|9000||tcp - 10.0.0.2:9000 10.0.0.3:4711 - -';
  const parsed = envoy.parse(line);
  expect(parsed?.columns).toEqual({ status: 0, client_ip: '10.0.0.3', bytes: 0, duration_ms: 9 });
  expect(parsed?.fields).toContainEqual(['response_flags', 'UF,URX']);
  expect(parsed?.fields).toContainEqual(['upstream_transport_failure_reason', 'delayed connect error: 111']);
});

it('reads a user agent with a quote, which Envoy does not escape', () => {
  const line = (envoy.samples[0]?.line ?? '').replace('nsq2http', 'a "b"c');
  expect(envoy.parse(line)?.columns).toMatchObject({ user_agent: 'a "b"c' });
});

it('leaves a line whose columns a user agent has shifted', () => {
  const line = (envoy.samples[0]?.line ?? '').replace('nsq2http', 'a" 200 "b');
  expect(envoy.parse(line)).toBeUndefined();
});

it.each(['[2026-11-22T16:41:02.123Z] "GET / HTTP/1.1"', '[2026-11-22T16:41:02.123Z] "quoted" text', '[INFO] "x"'])(
  'leaves %j to others',
  (line) => {
    expect(envoy.parse(line)).toBeUndefined();
  },
);

it('reads JSON under the same keys', () => {
  expect(envoyJson.parse(JSON.parse(envoyJson.samples[0]?.line ?? ''))).toEqual({
    type: 'access',
    time,
    columns: {
      method: 'GET',
      path: '/a',
      query: 'b=c',
      protocol: 'HTTP/1.1',
      status: 200,
      client_ip: '203.0.113.9',
      bytes: 12,
      duration_ms: 4,
      user_agent: 'curl/8.5.0',
      request_id: '84961386-6d84-929d-98bd-c5aee93b5c88',
      host: 'shop.example.com',
    },
    fields: [
      ['response_flags', '-'],
      ['response_code_details', 'via_upstream'],
      ['bytes_received', 0],
      ['upstream_service_time', '3'],
      ['upstream_host', '10.0.0.1:80'],
      ['upstream_cluster', 'outbound|80||shop'],
      ['downstream_remote_address', '10.44.1.23:46520'],
      ['route_name', 'default'],
    ],
  });
});

it('gives back what was written', () => {
  fc.assert(
    fc.property(
      fc.ipV4(),
      fc.integer({ min: 100, max: 599 }),
      fc.nat(),
      fc.nat(),
      fc.stringMatching(/^[\w("][ \w("/)]{0,30}[\w)]$/),
      fc.uuid(),
      fc.boolean(),
      (ip, status, bytes, ms, agent, id, isIstio) => {
        // A quote before a space could be the value's end.
        const userAgent = agent.replace(/"+ /g, ' ');
        const line = `[2026-11-22T16:41:02.123Z] "GET /x HTTP/1.1" ${status} -${isIstio ? ' via_upstream - "-"' : ''} 0 ${bytes} ${ms} - "${ip}" "${userAgent}" "${id}" "shop" "-"${isIstio ? ' inbound|80|| - - - - default' : ''}`;
        expect(envoy.parse(line)?.columns).toEqual({
          method: 'GET',
          path: '/x',
          protocol: 'HTTP/1.1',
          client_ip: ip,
          status,
          bytes,
          duration_ms: ms,
          user_agent: userAgent,
          request_id: id,
          host: 'shop',
        });
      },
    ),
  );
});

it('is read in time that grows with its length only', () => {
  for (const piece of ['"', ' "', 'a="', '- ', '[', '\\"'])
    envoy.parse(`[2026-11-22T16:41:02.123Z] "${piece.repeat(200_000)}`);
});
