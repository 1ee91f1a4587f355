import { mkdir, writeFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { kubeApi } from './kubeApi.js';
import type { Programs, WayLab } from './lab.js';
import { shop, type Written } from './lines.js';
import { Program } from './program.js';

const pods = [
  {
    name: 'web-6d4cf56db6-x7k2p',
    labels: { 'app.kubernetes.io/name': 'web', 'pod-template-hash': '6d4cf56db6' },
    owner: { kind: 'ReplicaSet', name: 'web-6d4cf56db6' },
    container: 'nginx',
    written: shop.web,
  },
  {
    name: 'worker-5b7f8d9c4d-q2w9z',
    labels: { 'pod-template-hash': '5b7f8d9c4d' },
    owner: { kind: 'ReplicaSet', name: 'worker-5b7f8d9c4d' },
    container: 'main',
    written: shop.worker,
  },
] as const;

/**
 * The chart's own configuration with infra/fluent-bit/kubernetes/values.yaml, as Helm renders it, over files as containerd writes
 * them. What asks the API server asks a stand-in.
 */
export async function kubernetes(lab: WayLab): Promise<void> {
  const { conf, parsers } = await rendered(lab.programs);
  const logs = lab.path('containers');
  await mkdir(logs);
  await mkdir(lab.path('chunks'));
  for (const [index, { name, container, written }] of pods.entries()) {
    const id = String(index).padStart(64, '7');
    await writeFile(`${logs}/${name}_shop_${container}-${id}.log`, criLines(written));
  }
  const parsersFile = lab.path('parsers.conf');
  await writeFile(parsersFile, parsers);
  await writeFile(lab.path('token'), 'token');
  const api = await kubeApi(lab.certificate, 'shop', pods);
  try {
    const local = lab.localised(conf, {
      Parsers_File: parsersFile,
      'storage.path': lab.path('chunks'),
      DB: lab.path('chunks', 'tail.db'),
      Path: `${logs}/*.log`,
    });
    const asked = `    Kube_URL ${api.url}\n    Kube_CA_File ${lab.certificate.caFile}\n    Kube_Token_File ${lab.path('token')}\n`;
    // The filter takes the pod's name from the tag, which has the folder's in it.
    const tagged = `    Kube_Tag_Prefix kube.${logs.slice(1).replaceAll('/', '.')}.\n`;
    await lab.router(local.replace(/^( {4}Name +kubernetes\n)/m, `$1${asked}${tagged}`));
    await lab.arrive(4);
  } finally {
    api.close();
  }
}

/** What Helm makes of the values: the configuration, and the file of parsers beside it. */
export async function rendered({
  helm,
  chart,
}: Programs): Promise<{ readonly conf: string; readonly parsers: string }> {
  const values = 'infra/fluent-bit/kubernetes/values.yaml';
  const text = await Program.run(helm, ['template', 'firesplit', chart, '--values', values, '--set', 'cluster=prod']);
  for (const document of parseAllDocuments(text)) {
    const { kind, data } = document.toJS() as { readonly kind: string; readonly data?: Record<string, string> };
    if (kind === 'ConfigMap' && data)
      return { conf: data['fluent-bit.conf'] ?? '', parsers: data['custom_parsers.conf'] ?? '' };
  }
  throw new Error('Helm rendered no ConfigMap.');
}

/** https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md: a line in parts of 16 KB. */
function criLines({ stdout, stderr }: Written): string {
  let at = Date.parse('2026-11-29T21:00:00Z');
  const lines = (stream: string, line: string) =>
    [...(line.match(/.{1,16384}/gs) ?? [''])].map((part, index, { length }) => {
      const time = new Date(at++).toISOString().replace('Z', '123456Z');
      return `${time} ${stream} ${index + 1 < length ? 'P' : 'F'} ${part}\n`;
    });
  return [...stdout.map((line) => ['stdout', line]), ...stderr.map((line) => ['stderr', line])]
    .flatMap(([stream = '', line = '']) => lines(stream, line))
    .join('');
}
