import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../helpers/freePort.js';

export const account = '111122223333';
export const region = 'us-east-1';

export interface Ministack {
  /** Variables by which programs take it for AWS. */
  readonly variables: NodeJS.ProcessEnv;
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Starts the AWS-compatible server on loopback, with all that it keeps below the folder. With `holdsToPolicies` callers may do what
 * their policies say, except those that have the account's number for an access key, who may do all.
 */
export async function startMinistack(programs: string, folder: string, holdsToPolicies = false): Promise<Ministack> {
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  await provideEngine(folder);
  const port = await freePort();
  const log = createWriteStream(join(folder, 'ministack.log'));
  const own = {
    TMPDIR: temporary,
    STATE_DIR: join(folder, 'state'),
    AUTH: String(holdsToPolicies),
    // It is not installed: queries fail. By default they would be answered with what nobody has stored.
    ATHENA_ENGINE: 'duckdb',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const address = { GATEWAY_PORT: String(port), BIND_HOST: '127.0.0.1', MINISTACK_ACCOUNT_ID: account };
  const child = spawn(join(programs, 'ministack'), [], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...own, ...address },
  });
  child.stdout.pipe(log);
  child.stderr.pipe(log, { end: false });
  const endpoint = `http://127.0.0.1:${port}`;
  while (!(await fetch(endpoint).catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`ministack ended with ${child.exitCode}; see ${folder}/ministack.log`);
    await sleep(100);
  }
  return {
    endpoint,
    variables: {
      PATH: process.env.PATH,
      HOME: folder,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: account,
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_REGION: region,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      SLS_TELEMETRY_DISABLED: '1',
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/**
 * The package has DuckDB's library for Lambda, and the functions run on this machine: Node finds the one of this machine in a
 * folder above theirs.
 */
async function provideEngine(folder: string): Promise<void> {
  const name = `@duckdb/node-bindings-${process.platform}-${process.arch}`;
  const place = join(folder, 'node_modules', name);
  await mkdir(dirname(place), { recursive: true });
  await symlink(resolve('node_modules', name), place);
}
