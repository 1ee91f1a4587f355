import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { startFakeAthena } from '../helpers/fakeAthena.js';
import { writeStored } from '../helpers/storedLines.js';
import { tempFolder } from '../helpers/tempFolder.js';

const cli = new URL('../../dist/local/cli.mjs', import.meta.url).pathname;
const start = Date.parse('2026-11-22T16:00:00Z');

let data: string;
beforeAll(async () => {
  data = await tempFolder();
  const lines = Array.from({ length: 3000 }, (_, n) => ({
    type: 'access' as const,
    ts: start + n,
    columns: { path: `/${'long '.repeat(20)}${n}`, status: 200 + (n % 3) },
  }));
  await writeStored(data, lines);
});

function started(...words: string[]) {
  const child = spawn(process.execPath, [cli, 'query', '--data', data, ...words]);
  return { child, stderr: text(child.stderr), exit: once(child, 'exit') };
}

function firesplit(...words: string[]) {
  const { child, ...others } = started(...words);
  return { child, stdout: text(child.stdout), ...others };
}

async function answerOf(...words: string[]) {
  const { stdout, stderr, exit } = firesplit(...words);
  const [code] = await exit;
  return { code, stdout: await stdout, stderr: await stderr };
}

/** Some 27 billion rows. */
const endless = 'SELECT a.path FROM access a CROSS JOIN access b CROSS JOIN access c';

const counts = 'SELECT status, count(*) AS n FROM access GROUP BY 1 ORDER BY 1; -- all';

describe('takes SQL', () => {
  it('as an argument, from a file and from standard input', async () => {
    const file = join(data, 'counts.sql');
    await writeFile(file, `-- how many\n${counts}\n`);
    const piped = firesplit('-', '--format', 'csv');
    piped.child.stdin.end(counts);
    const expected = 'status,n\n200,1000\n201,1000\n202,1000\n';
    expect(await piped.stdout).toBe(expected);
    expect((await answerOf(counts, '--format', 'csv')).stdout).toBe(expected);
    expect((await answerOf('--file', file, '--format', 'csv')).stdout).toBe(expected);
  });

  it('but not two statements, nor none', async () => {
    const two = await answerOf('SELECT 1; SELECT 2');
    expect(two.code).toBe(1);
    expect(two.stderr).toContain('line 1:11: a second statement begins here; Athena takes one at a time');
    expect((await answerOf()).stderr).toContain('there is no SQL; write it behind `query`');
    expect((await answerOf('SELECT 1', '--file', 'x')).stderr).toContain('name one of them');
  });
});

it('reads no other files unless it is unlocked', async () => {
  const secret = "SELECT content FROM read_text('/etc/passwd')";
  const refused = await answerOf(secret);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('Athena has no table function read_text');
  expect((await answerOf(secret, '--unlocked', '--json')).stdout).toContain('root:');
});

it('ends without a word when nobody reads on', async () => {
  const { child, stderr, exit } = started(endless, '--format', 'csv');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect(await exit).toEqual([0, null]);
  expect(await stderr).toBe('');
});

it('ends when it is interrupted', async () => {
  const { child, stderr, exit } = started(endless, '--format', 'csv');
  await once(child.stdout, 'data');
  child.stdout.resume();
  child.kill('SIGINT');
  expect(await exit).toEqual([130, null]);
  expect(await stderr).toContain('Stopped.');
});

it('asks Athena, and tells what that cost', async () => {
  const athena = await startFakeAthena({
    looks: [{ state: 'RUNNING' }, { state: 'SUCCEEDED', scanned: 12_345_678 }],
    columns: [{ Name: 'n', Type: 'bigint' }],
    pages: [[['n'], ['7']]],
  });
  try {
    const child = spawn(
      process.execPath,
      [cli, 'query', '--athena', '--stage', 'test', '--format', 'csv', 'SHOW TABLES;'],
      {
        env: {
          ...process.env,
          AWS_ENDPOINT_URL_ATHENA: athena.url,
          AWS_REGION: 'eu-west-1',
          AWS_ACCESS_KEY_ID: 'any',
          AWS_SECRET_ACCESS_KEY: 'any',
        },
      },
    );
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(stdout).toBe('n\n7\n');
    expect(stderr).toContain('12.3 MB scanned, $0.00006, in 1.2 s');
    expect(athena.requests[0]?.body).toMatchObject({
      QueryString: 'SHOW TABLES',
      WorkGroup: 'firesplit-test',
      QueryExecutionContext: { Database: 'firesplit_test' },
    });
  } finally {
    await athena.stop();
  }
});
