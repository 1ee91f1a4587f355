import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../helpers/freePort.js';
import type { WayLab } from './lab.js';
import { shop, type Written } from './lines.js';

/** The Collector with the shipped configuration, in front of the router; what an SDK would send it comes as OTLP over HTTP. */
export async function openTelemetry(lab: WayLab): Promise<void> {
  const [port, grpc, http] = [await freePort(), await freePort(), await freePort()];
  await mkdir(lab.path('chunks'));
  await mkdir(lab.path('queue'));
  const settings = { 'storage.path': lab.path('chunks'), Port: String(port) };
  await lab.router(await lab.configuration('infra/fluent-bit/http/fluent-bit.conf', settings));
  const shipped = await readFile('infra/otel/collector.yml', 'utf8');
  const local = shipped
    .replace(':9880', `:${port}`)
    .replace(':4317', `:${grpc}`)
    .replace(':4318', `:${http}`)
    .replace('/var/lib/otelcol/firesplit', lab.path('queue'));
  const file = lab.path('collector.yml');
  await writeFile(file, `${local}  telemetry:\n    metrics:\n      level: none\n`);
  const collector = lab.start(lab.programs.collector, ['--config', file], { FIRESPLIT_CLUSTER: 'prod' });
  for (const [service, written] of Object.entries(shop)) {
    while (!(await sent(`http://127.0.0.1:${http}/v1/logs`, exportRequest(service, written)))) {
      if (!collector.isAlive) throw new Error(`The Collector did not start:\n${collector.output}`);
      await pause(100);
    }
  }
  await lab.arrive(4);
}

async function sent(url: string, body: object): Promise<boolean> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => undefined);
  return answer?.ok === true;
}

/** What the SDK of a service on Kubernetes sends: a record an entry, the trace as one. */
function exportRequest(service: string, { stdout, stderr }: Written): object {
  const attributes = { 'service.name': service, 'k8s.pod.name': `${service}-0`, 'k8s.namespace.name': 'shop' };
  const entries: [string, string][] = stdout.map((line) => ['stdout', line]);
  if (stderr.length > 0) entries.push(['stderr', stderr.join('\n')]);
  const logRecords = entries.map(([stream, stringValue], index) => ({
    timeUnixNano: `${BigInt(Date.parse('2026-11-29T21:00:05Z') + index) * 1_000_000n}`,
    body: { stringValue },
    attributes: attributesOf({ 'log.iostream': stream }),
  }));
  return { resourceLogs: [{ resource: { attributes: attributesOf(attributes) }, scopeLogs: [{ logRecords }] }] };
}

function attributesOf(values: Readonly<Record<string, string>>): object[] {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}
