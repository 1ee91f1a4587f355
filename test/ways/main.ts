import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { serverCertificate } from '../../local/aws/certificates.js';
import { RecordingEndpoint } from '../fluent-bit/endpoint.js';
import { writeRecording } from '../fluent-bit/recording.js';
import { compose, ecsOnEc2 } from './docker.js';
import { host } from './host.js';
import { kubernetes } from './kubernetes.js';
import { WayLab } from './lab.js';
import { openTelemetry } from './otel.js';
import { rowsOfAccepted } from './rows.js';
import { vector } from './vector.js';

/**
 * `npm run ways -- --fluent-bit PATH [NAME…]`: the shipped configuration of each way in, run with the real programs, and the rows that
 * come of the same lines. `--record FOLDER` keeps what was sent for the tests; `--port` and `--ca-file` send it to a running
 * `firesplit up` instead.
 */
const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    'fluent-bit': { type: 'string', default: 'fluent-bit' },
    plugin: { type: 'string' },
    helm: { type: 'string', default: 'helm' },
    chart: { type: 'string', default: 'fluent/fluent-bit' },
    collector: { type: 'string', default: 'otelcol' },
    compose: { type: 'string', default: 'docker-compose' },
    image: { type: 'string', default: 'busybox:1' },
    record: { type: 'string' },
    port: { type: 'string' },
    'ca-file': { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});

const ways: Readonly<Record<string, (lab: WayLab) => Promise<void>>> = {
  kubernetes,
  compose,
  'ecs-on-ec2': ecsOnEc2,
  host,
  opentelemetry: openTelemetry,
  vector,
};
const unknown = names.filter((name) => !Object.hasOwn(ways, name));
if (unknown.length > 0) throw new Error(`There is no way ${unknown.join(', ')}, only ${Object.keys(ways).join(', ')}.`);

const head = ['way', 'type', 'service', 'source', 'task', 'cluster', 'line'];
const table = new Table({ head, style: { head: [], border: [], compact: true } });
for (const [name, way] of Object.entries(ways)) {
  if (names.length > 0 && !names.includes(name)) continue;
  for (const row of await rowsOf(name, way)) {
    const { type, service, source, task, cluster, path, message } = row as Record<string, string | undefined>;
    const line = (path ?? message ?? '').split('\n')[0]?.slice(0, 40);
    table.push([name, type, service, source, task, cluster, line].map((cell) => cell ?? ''));
    if (options.verbose) console.error(JSON.stringify(row).slice(0, 2000));
  }
}
console.log(table.toString());

async function rowsOf(name: string, way: (lab: WayLab) => Promise<void>): Promise<Record<string, unknown>[]> {
  const folder = await mkdtemp(join(tmpdir(), 'firesplit-way-'));
  const certificate = await serverCertificate(folder);
  const endpoint = await RecordingEndpoint.open(certificate);
  const own = { port: endpoint.port, caFile: certificate.caFile };
  const port = options.port ? Number(options.port) : own.port;
  const lab = new WayLab(
    folder,
    certificate,
    endpoint,
    { port, caFile: options['ca-file'] ?? own.caFile },
    {
      fluentBit: options['fluent-bit'],
      helm: options.helm,
      chart: options.chart,
      collector: options.collector,
      compose: options.compose,
      image: options.image,
      plugin: options.plugin,
    },
  );
  try {
    await way(lab);
    const { accepted } = endpoint;
    if (options.record) await writeRecording(join(options.record, `way-${name}.ndjson.gz`), { written: [], accepted });
    return await rowsOfAccepted(accepted);
  } finally {
    if (options.verbose) console.error(lab.log);
    await lab.close();
    await endpoint.close();
    await rm(folder, { recursive: true, force: true });
  }
}
