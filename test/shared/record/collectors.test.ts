import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openEnvelope } from '../../../shared/record/envelope.js';

const pod = {
  pod_name: 'web-6d4cf56db6-x7k2p',
  namespace_name: 'shop',
  labels: { 'app.kubernetes.io/name': 'web', app: 'old', 'pod-template-hash': '6d4cf56db6' },
  ownerReferences: [{ kind: 'ReplicaSet', name: 'frontend-6d4cf56db6' }],
  container_name: 'nginx',
};
const compose = { 'com.docker.compose.service': 'web', 'com.docker.compose.project': 'shop' };
const ecs = {
  'com.amazonaws.ecs.cluster': 'arn:aws:ecs:us-east-1:111122223333:cluster/prod',
  'com.amazonaws.ecs.container-name': 'web',
  'com.amazonaws.ecs.task-arn': 'arn:aws:ecs:us-east-1:111122223333:task/prod/0123',
};
const docker = { container_id: '77', container_name: '/shop-web-1', source: 'stderr', log: 'x' };
const journal = { MESSAGE: 'x', _TRANSPORT: 'stdout', _HOSTNAME: 'web-1' };
const vector = { message: 'x', timestamp: '2026-11-29T21:00:00Z', host: 'web-1' };

function podFile(name: string): string {
  return `/var/log/containers/${name}_shop_main-${'7'.repeat(64)}.log`;
}

/** What each collector says, and what stays for `fields`. */
const cases: readonly [what: string, record: object, columns: object, extra: object][] = [
  [
    'Kubernetes: the recommended label',
    { log: 'x', stream: 'stdout', logtag: 'F', 'log.file.path': podFile('web-0'), kubernetes: pod, cluster: 'prod' },
    { service: 'web', source: 'stdout', task: pod.pod_name, cluster: 'prod' },
    { kubernetes: pod },
  ],
  ...(
    [
      ['the label app', { ...pod, labels: { app: 'old' } }, 'old'],
      ['the Deployment behind the ReplicaSet', { ...pod, labels: { 'pod-template-hash': '6d4cf56db6' } }, 'frontend'],
      ['a DaemonSet', { pod_name: 'p', ownerReferences: [{ kind: 'DaemonSet', name: 'agent' }] }, 'agent'],
      ['the container', { pod_name: 'p', container_name: 'nginx' }, 'nginx'],
      ['the container beside what is no owner', { pod_name: 'p', ownerReferences: [7], container_name: 'c' }, 'c'],
    ] as const
  ).map(([what, kubernetes, service]): (typeof cases)[number] => [
    `Kubernetes: ${what}`,
    { log: 'x', stream: 'stderr', kubernetes },
    { service, source: 'stderr', task: kubernetes.pod_name },
    { kubernetes },
  ]),
  [
    'Kubernetes: a line whose keys stand beside it, as with Merge_Log',
    { log: 'x', stream: 'stdout', kubernetes: pod, container_name: 'other', container_id: '7', ecs_task_arn: 'a/b' },
    { service: 'web', source: 'stdout', task: pod.pod_name },
    { kubernetes: pod, container_name: 'other', container_id: '7', ecs_task_arn: 'a/b' },
  ],
  ...(
    [
      ['web-6d4cf56db6-x7k2p', 'web'],
      ['node-agent-x7k2p', 'node-agent'],
      ['db-0', 'db'],
      ['job', 'job'],
    ] as const
  ).map(([name, service]): (typeof cases)[number] => [
    `Kubernetes: the file of the pod ${name} alone`,
    { log: 'x', stream: 'stdout', logtag: 'F', 'log.file.path': podFile(name), cluster: 'prod' },
    { service, source: 'stdout', task: name, cluster: 'prod' },
    { 'log.file.path': podFile(name) },
  ]),
  ['Docker', docker, { service: 'shop-web-1', source: 'stderr' }, { container_id: '77' }],
  [
    'Docker: no name',
    { ...docker, container_name: '/' },
    { source: 'stderr' },
    { container_id: '77', container_name: '/' },
  ],
  [
    'Docker Compose',
    { ...docker, ...compose },
    { service: 'web', source: 'stderr', task: 'shop-web-1', cluster: 'shop' },
    { container_id: '77' },
  ],
  [
    'ECS on EC2',
    { ...docker, ...ecs },
    { service: 'web', source: 'stderr', task: '0123', cluster: 'prod' },
    { container_id: '77', container_name: '/shop-web-1' },
  ],
  [
    'what the router states itself',
    { ...docker, 'service.name': 'shop', cluster: 'test', ecs_cluster: 'prod' },
    { service: 'shop', source: 'stderr', cluster: 'test' },
    { container_id: '77', container_name: '/shop-web-1', ecs_cluster: 'prod' },
  ],
  [
    'the journal: the unit',
    { ...journal, _SYSTEMD_UNIT: 'shop@2.service', SYSLOG_IDENTIFIER: 'node' },
    { service: 'shop', task: 'web-1' },
    { _TRANSPORT: 'stdout', _SYSTEMD_UNIT: 'shop@2.service', SYSLOG_IDENTIFIER: 'node' },
  ],
  [
    'the journal: a program without a unit of its own',
    { ...journal, _SYSTEMD_UNIT: 'session-3.scope', SYSLOG_IDENTIFIER: 'sudo' },
    { service: 'sudo', task: 'web-1' },
    { _TRANSPORT: 'stdout', _SYSTEMD_UNIT: 'session-3.scope' },
  ],
  ...(
    [
      ['/var/log/nginx/access.log', 'nginx'],
      ['/var/log/shop.log', 'shop'],
      ['/srv/shop/logs/worker.1.log', 'worker'],
      ['C:\\inetpub\\shop\\out.log', 'shop'],
      ['shop.log', 'shop'],
    ] as const
  ).map(([path, service]): (typeof cases)[number] => [
    `a file: ${path}`,
    { log: 'x', 'log.file.path': path, 'host.name': 'web-1', cluster: 'prod' },
    { service, task: 'web-1', cluster: 'prod' },
    { 'log.file.path': path },
  ]),
  [
    'a program of its own',
    { 'service.name': 'shop', 'service.instance.id': 'i-7', 'host.name': 'web-1', log: 'x' },
    { service: 'shop', task: 'i-7' },
    { 'host.name': 'web-1' },
  ],
  [
    'Vector: a container',
    { ...vector, source_type: 'docker_logs', container_name: 'shop-web-1', stream: 'stdout', label: compose },
    { service: 'web', source: 'stdout', task: 'shop-web-1', cluster: 'shop' },
    { host: 'web-1', source_type: 'docker_logs', label: compose },
  ],
  [
    'Vector: a pod',
    { ...vector, source_type: 'kubernetes_logs', kubernetes: { pod_name: 'web-0', pod_owner: 'StatefulSet/web' } },
    { service: 'web', task: 'web-0' },
    { host: 'web-1', source_type: 'kubernetes_logs', kubernetes: { pod_name: 'web-0', pod_owner: 'StatefulSet/web' } },
  ],
  [
    'Vector: a file',
    { ...vector, source_type: 'file', file: '/var/log/nginx/error.log' },
    { service: 'nginx', task: 'web-1' },
    { source_type: 'file', file: '/var/log/nginx/error.log' },
  ],
];

it.each(cases)('reads what is said by %s', (_, record, columns, extra) => {
  const [event] = openEnvelope(JSON.stringify(record));
  expect(event?.log).toBe('x');
  const { service, source, task, cluster, extra: others } = event?.origin ?? { extra: [] };
  expect({ service, source, task, cluster }).toEqual({
    service: undefined,
    source: undefined,
    cluster: undefined,
    task: undefined,
    ...columns,
  });
  expect(Object.fromEntries(others)).toEqual(extra);
});

describe('what is no record of a collector', () => {
  it.each([
    { log: 'x', level: 'info' },
    { message: 'x', source_type: 'invoice', timestamp: '2026-11-29T21:00:00Z', level: 'error' },
    { MESSAGE: 'x', host: 'web-1' },
    { 'service.name': 'shop', message: 'x' },
    { kubernetes: 'x', log: 'y' },
    { kubernetes: { pod: 'x' }, log: 'y' },
  ])('is the line itself: %j', (line) => {
    const text = JSON.stringify(line);
    expect(openEnvelope(text)).toMatchObject([{ log: text, origin: { extra: [] } }]);
  });
});

it('leaves to a line that a parser has spread what an operator could state beside a whole one', () => {
  const [event] = openEnvelope(JSON.stringify({ kubernetes: pod, stream: 'stdout', cluster: 'redis-7', msg: 'x' }));
  expect(event?.log).toEqual({ cluster: 'redis-7', msg: 'x' });
  expect(event?.origin).toMatchObject({ service: 'web', cluster: undefined });
});

it('keeps every word of any record, in its line or its origin', () => {
  const keys = fc.constantFrom(
    ...['log', 'message', 'MESSAGE', 'container_name', 'source', 'stream', 'logtag', 'kubernetes', 'cluster', 'time'],
    ...['_TRANSPORT', '_SYSTEMD_UNIT', 'log.file.path', 'service.name', 'source_type', 'file', 'other', 'partial_id'],
  );
  const values = fc.oneof(
    fc.stringMatching(/^[a-z]{6,9}$/),
    fc.constantFrom('file', 'P', 'F'),
    fc.object({ maxDepth: 1 }),
  );
  fc.assert(
    fc.property(fc.dictionary(keys, values), (record) => {
      const events = openEnvelope(JSON.stringify(record));
      expect(events).toHaveLength(1);
      const [event] = events;
      const { service, source, task, cluster, extra } = event?.origin ?? { extra: [] };
      const kept = JSON.stringify([event?.log, service, source, task, cluster, extra]);
      for (const [key, value] of Object.entries(record)) {
        const isTag = key === 'logtag' && (value === 'P' || value === 'F');
        if (typeof value === 'string' && !isTag) expect(kept).toContain(value);
      }
    }),
  );
});
