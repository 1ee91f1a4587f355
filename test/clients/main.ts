import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startUp } from '../helpers/up.js';

// The client warns on Node 20, which the project supports; nobody who runs this can act on it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/**
 * `npm run test:clients`: boto3 and the AWS CLI, as pip installs them now, against a fresh `firesplit up`. It needs Python 3
 * and PyPI, so it is no part of `.ci/run`. PYTHON names the interpreter.
 */
const folder = await mkdtemp(join(tmpdir(), 'firesplit-clients-'));
try {
  const environment = join(folder, 'python');
  await run(process.env.PYTHON ?? 'python3', ['-m', 'venv', environment]);
  const python = join(environment, process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'boto3', 'awscli', 'awscrt']);
  const up = await startUp(join(folder, 'data'));
  try {
    const { firehose, bucket, stream } = up.ready;
    process.exitCode = await run(python, ['test/clients/run.py'], {
      ENDPOINT: firehose,
      BUCKET: bucket,
      STREAM: stream,
      PYTHONDONTWRITEBYTECODE: '1',
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      // What the machine's own user has set does not matter here.
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    });
  } finally {
    await up.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** @returns the exit code of the tests; @throws when what they need can't be set up. */
async function run(command: string, args: readonly string[], variables?: Record<string, string>): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...variables } });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0 && variables === undefined) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  return code ?? 1;
}
