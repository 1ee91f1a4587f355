import { mkdir } from 'node:fs/promises';
import { freePort } from '../helpers/freePort.js';
import type { WayLab } from './lab.js';
import { shop, type Written } from './lines.js';

/**
 * A stand-in of Vector, which is not run: what its sink `http` sends of its sources `docker_logs` and `file`, in front of the real router.
 *
 * @see https://github.com/vectordotdev/vector/blob/master/src/sources/docker_logs/mod.rs
 * @see https://github.com/vectordotdev/vector/blob/master/src/sinks/http/encoder.rs
 */
export async function vector(lab: WayLab): Promise<void> {
  const port = await freePort();
  await mkdir(lab.path('chunks'));
  const settings = { 'storage.path': lab.path('chunks'), Port: String(port) };
  await lab.router(await lab.configuration('infra/fluent-bit/http/fluent-bit.conf', settings));
  const events = [...fileEvents('/var/log/web.log', shop.web), ...containerEvents('worker', shop.worker)];
  const { ok, status } = await fetch(`http://127.0.0.1:${port}/vector`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(events),
  });
  if (!ok) throw new Error(`The router answers ${status}:\n${lab.log}`);
  await lab.arrive(4);
}

/** Keys come in the order of the alphabet. */
function fileEvents(file: string, { stdout }: Written): object[] {
  return stdout.map((message, index) => ({
    cluster: 'prod',
    file,
    host: 'web-1',
    message,
    source_type: 'file',
    timestamp: timeOf(index),
  }));
}

function containerEvents(service: string, { stdout, stderr }: Written): object[] {
  const lines = [...stdout.map((line) => ['stdout', line]), ...stderr.map((line) => ['stderr', line])];
  return lines.map(([stream, message], index) => ({
    cluster: 'prod',
    container_created_at: '2026-11-29T20:00:00.123456789Z',
    container_id: '7'.repeat(64),
    container_name: `shop-${service}-1`,
    host: 'web-1',
    image: `${service}:1`,
    label: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': service },
    message,
    source_type: 'docker_logs',
    stream,
    timestamp: timeOf(index),
  }));
}

function timeOf(index: number): string {
  return new Date(Date.parse('2026-11-29T21:00:06.123Z') + index).toISOString().replace('Z', '456789Z');
}
