import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { serverCertificate } from '../../local/aws/certificates.js';
import { RecordingEndpoint } from '../fluent-bit/endpoint.js';
import { writeRecording } from '../fluent-bit/recording.js';
import { compose, ecsOnEc2 } from './docker.js';
import { host } from './host.js';
import { kubernetes, rendered } from './kubernetes.js';
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
    'dry-run': { type: 'boolean', default: false },
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

if (options['dry-run']) await inLab(dryRun);
else await runWays();

async function runWays(): Promise<void> {
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
}

async function rowsOf(name: string, way: (lab: WayLab) => Promise<void>): Promise<Record<string, unknown>[]> {
  return inLab(async (lab) => {
    await way(lab);
    const { accepted } = lab.endpoint;
    if (options.record) await writeRecording(join(options.record, `way-${name}.ndjson.gz`), { written: [], accepted });
    return rowsOfAccepted(accepted);
  });
}

/** Whether Fluent Bit takes each of the configurations. */
async function dryRun(lab: WayLab): Promise<void> {
  const { conf, parsers } = await rendered(lab.programs);
  await writeFile(lab.path('parsers.conf'), parsers);
  const confs = new Map([
    ['kubernetes/values.yaml', conf.replace(/^( {4}Parsers_File +).*$/m, `$1${lab.path('parsers.conf')}`)],
  ]);
  for (const name of ['docker', 'host', 'http'])
    confs.set(`${name}/fluent-bit.conf`, await lab.configuration(`infra/fluent-bit/${name}/fluent-bit.conf`));
  for (const [name, text] of confs) {
    const isTaken = await lab.dryRun(text);
    console.log(`infra/fluent-bit/${name}: ${isTaken ? 'configuration test is successful' : 'refused'}`);
    if (!isTaken) process.exitCode = 1;
  }
}

async function inLab<T>(work: (lab: WayLab) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'firesplit-way-'));
  const certificate = await serverCertificate(folder);
  const endpoint = await RecordingEndpoint.open(certificate);
  const firehose = {
    port: options.port ? Number(options.port) : endpoint.port,
    caFile: options['ca-file'] ?? certificate.caFile,
  };
  const lab = new WayLab(folder, certificate, endpoint, firehose, {
    fluentBit: options['fluent-bit'],
    helm: options.helm,
    chart: options.chart,
    collector: options.collector,
    compose: options.compose,
    image: options.image,
    plugin: options.plugin,
  });
  try {
    return await work(lab);
  } finally {
    if (options.verbose) console.error(lab.log);
    await lab.close();
    await endpoint.close();
    await rm(folder, { recursive: true, force: true });
  }
}
