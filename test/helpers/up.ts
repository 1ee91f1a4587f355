import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { openDatabase } from '../../local/query/database.js';
import type { Ready } from '../../local/stack/stack.js';

/** A `firesplit up` of its own, as a user runs it, on free ports. */
export interface Up {
  readonly ready: Ready;
  /** Sends requests one by one; resolves when each is acknowledged. */
  put(requests: readonly (readonly (Buffer | string)[])[], client?: FirehoseClient): Promise<void>;
  /** Resolves once it has told this on standard error, from now on. */
  says(text: string): Promise<void>;
  /** SIGTERM: flushes and ends. Resolves to the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

const cli = new URL('../../dist/local/cli.mjs', import.meta.url).pathname;

export function startUp(data: string, ...options: string[]): Promise<Up> {
  return startUpOf(cli, {}, data, ...options);
}

/** @param variables of the environment that it runs in, beside this process's own. */
export function startUpWith(
  variables: Readonly<Record<string, string>>,
  data: string,
  ...options: string[]
): Promise<Up> {
  return startUpOf(cli, variables, data, ...options);
}

/** The same of another build, whose command this is. */
export async function startUpOf(
  cli: string,
  variables: Readonly<Record<string, string>>,
  data: string,
  ...options: string[]
): Promise<Up> {
  const child = spawn(
    process.execPath,
    [cli, 'up', '--data', data, '--port', '0', '--tls-port', '0', '--console-port', '0', ...options],
    // What a test sets in its environment is not this process's own. CI systems are taken for terminals with colours.
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1', ...variables } },
  );
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  const ready = await readyLine(child).catch(() => {
    throw new Error(`firesplit up did not get ready: ${complaints}`);
  });
  const sdk = new FirehoseClient({
    endpoint: ready.firehose,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const end = async (signal: NodeJS.Signals) => {
    sdk.destroy();
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = await exited;
    return code as number | null;
  };
  return {
    ready,
    async put(requests, client = sdk) {
      for (const records of requests) {
        const { FailedPutCount } = await client.send(
          new PutRecordBatchCommand({
            DeliveryStreamName: ready.stream,
            Records: records.map((data) => ({ Data: Buffer.from(data) })),
          }),
        );
        if (FailedPutCount) throw new Error(`${FailedPutCount} records were refused`);
      }
    },
    says: (text) => {
      const from = complaints.length;
      return new Promise((resolve) => {
        child.stderr.on('data', () => {
          if (complaints.includes(text, from)) resolve();
        });
      });
    },
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
  };
}

async function readyLine(child: ChildProcess): Promise<Ready> {
  if (!child.stdout) throw new Error('no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('ready ')) return JSON.parse(line.slice('ready '.length)) as Ready;
  }
  throw new Error('it ended');
}

/** Gives a data folder to a test, and removes it afterwards. */
export async function withData<T>(test: (data: string) => Promise<T>): Promise<T> {
  const data = await mkdtemp(join(tmpdir(), 'firesplit-e2e-'));
  try {
    return await test(data);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

export async function query(data: string, sql: string): Promise<readonly (readonly unknown[])[]> {
  const database = await openDatabase(data);
  try {
    return (await database.query(sql)).rows;
  } finally {
    database.close();
  }
}
