import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closeServer, listen } from '../../local/aws/listen.js';
import { tempFolder } from '../helpers/tempFolder.js';

const run = promisify(execFile);

/** What the router's monitoring endpoint says. */
let counts = { proc_records: 0, retries: 0, dropped_records: 0 };
let chunks = 0;
/** Of the output: its alias, else what Fluent Bit makes of plugin and number. */
let name = 'firesplit';
let server: Server;
let check: () => Promise<boolean>;

beforeEach(async () => {
  counts = { proc_records: 100, retries: 0, dropped_records: 0 };
  chunks = 0;
  name = 'firesplit';
  server = createServer(({ url }, response) => {
    const other = { proc_records: Math.random(), retries: 0 };
    const metrics = {
      input: { 'forward.0': { records: 1 } },
      output: { 'null.0': other, [name]: counts, 'null.2': other },
    };
    const storage = { storage_layer: { chunks: { total_chunks: chunks, mem_chunks: 0, fs_chunks: chunks } } };
    response.end(JSON.stringify(url === '/api/v1/metrics' ? metrics : storage));
  });
  const port = await listen(server, 0, 'test');
  const folder = await tempFolder();
  const task = JSON.parse(await readFile('infra/ecs/task-definition.json', 'utf8')) as {
    readonly containerDefinitions: readonly { readonly healthCheck?: { readonly command: readonly string[] } }[];
  };
  const [kind, shipped = ''] = task.containerDefinitions[0]?.healthCheck?.command ?? [];
  expect(kind).toBe('CMD-SHELL');
  const command = shipped
    .replaceAll('127.0.0.1:2020', `127.0.0.1:${port}`)
    .replaceAll('/tmp/firesplit-health', join(folder, 'health'));
  check = () =>
    run('/bin/sh', ['-c', command]).then(
      () => true,
      () => false,
    );
});

afterEach(() => closeServer(server));

describe("the router's health check", () => {
  it('passes while nothing waits, however often', async () => {
    expect([await check(), await check(), await check()]).toEqual([true, true, true]);
  });

  it('passes while lines wait and are delivered', async () => {
    chunks = 3;
    expect(await check()).toBe(true);
    counts.proc_records += 10;
    expect(await check()).toBe(true);
  });

  it('passes while Firehose is away and the router tries: a new task would lose what this one has on disk', async () => {
    chunks = 300;
    expect(await check()).toBe(true);
    counts.retries++;
    expect(await check()).toBe(true);
  });

  it('fails while lines wait and nothing is tried, and passes when it goes on', async () => {
    chunks = 1;
    expect([await check(), await check(), await check()]).toEqual([true, false, false]);
    counts.proc_records++;
    expect(await check()).toBe(true);
  });

  it('counts an output without an alias, too', async () => {
    name = 'kinesis_firehose.1';
    chunks = 1;
    expect([await check(), await check()]).toEqual([true, false]);
    counts.retries++;
    expect(await check()).toBe(true);
  });

  it('fails when nobody answers', async () => {
    await closeServer(server);
    expect(await check()).toBe(false);
    server = createServer();
  });
});
