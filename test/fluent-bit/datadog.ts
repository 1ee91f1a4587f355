import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { serverCertificate } from '../../local/aws/certificates.js';
import { Intake } from '../../local/intake/intake.js';
import { LogDriver } from './logDriver.js';
import { taskMetadata } from './router.js';

/**
 * `npm run fluent-bit:datadog -- --fluent-bit PATH`: a real Fluent Bit with infra/fluent-bit/datadog.conf in front of a stand-in of
 * Datadog's intake over TLS. Prints what arrives of lines that functions/forward would join, redact or leave out: docs/forward.md.
 */
const { values: options } = parseArgs({ options: { 'fluent-bit': { type: 'string', default: 'fluent-bit' } } });

const lines = [
  '{"level":"error","msg":"card declined","order":7}',
  'java.lang.IllegalStateException: no session',
  '\tat com.shop.Cart.pay(Cart.java:31)',
  '\tat com.shop.Cart.run(Cart.java:12)',
  'login failed password=hunter22 user=anna',
  '203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET / HTTP/1.1" 200 12 "-" "curl/8"',
  'x'.repeat(20_000),
];

interface Entry {
  readonly message?: string;
  readonly ddtags?: string;
}

const folder = await mkdtemp(join(tmpdir(), 'firesplit-datadog-'));
const intake = new Intake();
let refused = 0;
const { caFile, ...certificate } = await serverCertificate(folder);
const server = createServer(certificate, (request, response) => {
  // The first one, so that all of its entries come by a retry.
  if (refused === 0) {
    refused++;
    request.resume().on('end', () => response.writeHead(500).end());
  } else void intake.handle(request, response);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const socket = join(folder, 'fluent.sock');
const router = await startFluentBit();
try {
  const driver = new LogDriver({ name: 'shop', id: 'f'.repeat(64), task: '0123456789abcdef' }, { path: socket });
  for (const line of lines) driver.log('stdout', line);
  const expected = lines.length + 1;
  let entries: readonly Entry[] = [];
  for (let waited = 0; entries.length < expected && waited < 60; waited++) {
    await pause(500);
    entries = intake.entries().map(({ entry }) => entry as Entry);
  }
  await driver.close();
  const has = (text: string) => entries.filter(({ message = '' }) => message.includes(text)).length;
  const seen = {
    lines: lines.length,
    entries: entries.length,
    'entries of the trace of 3 lines': has('Cart') + has('IllegalStateException'),
    'entries of the line of 20,000 bytes': has('xxxx'),
    'secrets in the open': has('hunter22'),
    'access lines': has('GET /'),
    'requests answered with 500': refused,
  };
  console.log(JSON.stringify(seen, null, 2));
  console.log(
    JSON.stringify(
      entries.find(({ message }) => message?.startsWith('{')),
      null,
      2,
    ),
  );
  process.exitCode = entries.length === expected ? 0 : 1;
} finally {
  const exited = once(router, 'exit');
  router.kill('SIGKILL');
  await exited;
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
}

/** What ECS writes for a task, and the shipped file with the host, the port and the authority of this run. */
async function startFluentBit(): Promise<ChildProcess> {
  const { port } = server.address() as AddressInfo;
  const shipped = await readFile('infra/fluent-bit/datadog.conf', 'utf8');
  const output = shipped.replace(/^ {4}Host .*$/m, `    Host localhost\n    Port ${port}\n    tls.ca_file ${caFile}`);
  if (output === shipped) throw new Error('infra/fluent-bit/datadog.conf has no Host that could be replaced.');
  const file = join(folder, 'fluent-bit.conf');
  await writeFile(
    file,
    `[SERVICE]
    Flush 1
    scheduler.base 1
    scheduler.cap 2
[INPUT]
    Name forward
    unix_path ${socket}
${taskMetadata}
${output}`,
  );
  const child = spawn(options['fluent-bit'], ['-c', file], {
    env: { ...process.env, DD_API_KEY: 'local', DD_SITE: 'localhost' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  child.once('error', (error) => {
    throw new Error(`${options['fluent-bit']} can't be started: ${error.message}. Name it with --fluent-bit PATH.`);
  });
  while (!log.includes('listening on')) {
    if (child.exitCode !== null) throw new Error(`Fluent Bit did not start:\n${log}`);
    await pause(50);
  }
  return child;
}
