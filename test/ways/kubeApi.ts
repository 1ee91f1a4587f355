import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServerCertificate } from '../../local/aws/certificates.js';

export interface Pod {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly owner: { readonly kind: string; readonly name: string };
}

/**
 * As much of the API server as Fluent Bit's filter `kubernetes` asks: each pod, once. Anything else is 404.
 *
 * @returns its address, and what closes it
 */
export async function kubeApi(
  { key, cert }: ServerCertificate,
  namespace: string,
  pods: readonly Pod[],
): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer({ key, cert }, ({ url }, response) => {
    const pod = pods.find(({ name }) => url === `/api/v1/namespaces/${namespace}/pods/${name}`);
    response.writeHead(pod ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(pod ? podObject(namespace, pod) : { kind: 'Status', status: 'Failure', code: 404 }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}`, close: () => server.close().closeAllConnections() };
}

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
function podObject(namespace: string, { name, labels, owner }: Pod): object {
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name,
      namespace,
      uid: `${name}-uid`,
      labels,
      annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-29T20:00:00Z' },
      ownerReferences: [{ apiVersion: 'apps/v1', ...owner, uid: 'owner-uid', controller: true }],
    },
    spec: { nodeName: 'node-1', containers: [] },
    status: { podIP: '10.0.0.7', containerStatuses: [] },
  };
}
