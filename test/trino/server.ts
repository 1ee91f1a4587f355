import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../helpers/freePort.js';
import { catalog } from './client.js';

/** The version whose language Athena's engine is nearest to of those that run on a JDK of today. */
const version = '476';

/** A Trino whose hive connector reads a folder. */
export interface Trino {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Trino from Maven Central (800 MB, kept in the user's cache) on the JDK of JAVA_HOME, which has to be 24 or newer.
 *
 * @param folder that its tables may lie in; what it writes itself goes there too
 */
export async function startTrino(folder: string): Promise<Trino> {
  const home = await installed();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await mkdir(join(folder, 'plugin'), { recursive: true });
  await mkdir(join(folder, 'etc/catalog'), { recursive: true });
  await mkdir(join(folder, 'lake'), { recursive: true });
  await symlink(join(home, 'plugin/hive'), join(folder, 'plugin/hive'));
  await properties(join(folder, 'etc/config.properties'), {
    coordinator: 'true',
    'node-scheduler.include-coordinator': 'true',
    'http-server.http.port': port,
    'discovery.uri': url,
    'node.internal-address': '127.0.0.1',
    'catalog.config-dir': join(folder, 'etc/catalog'),
    'plugin.dir': join(folder, 'plugin'),
  });
  await properties(join(folder, 'etc/catalog', `${catalog}.properties`), {
    'connector.name': 'hive',
    'hive.metastore': 'file',
    'hive.metastore.catalog.dir': 'local:///metastore',
    'fs.native-local.enabled': 'true',
    'local.location': join(folder, 'lake'),
    // As Athena's timestamps.
    'hive.timestamp-precision': 'MILLISECONDS',
  });
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
  const server = spawn(
    java,
    [
      '-Xmx2G',
      '--add-modules=jdk.incubator.vector',
      '-Dnode.environment=test',
      `-Dnode.data-dir=${join(folder, 'data')}`,
      `-Dconfig=${join(folder, 'etc/config.properties')}`,
      '-cp',
      join(home, 'lib/*'),
      'io.trino.server.TrinoServer',
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  const started = new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-5000);
      if (said.includes('SERVER STARTED')) resolve();
    };
    server.stdout.on('data', listen);
    server.stderr.on('data', listen);
    server.once('exit', (code) => reject(new Error(`Trino ended with ${code}:\n${said}`)));
    server.once('error', reject);
  });
  await started;
  return {
    url,
    async stop() {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}

async function installed(): Promise<string> {
  const cache = process.env.TRINO_CACHE ?? join(homedir(), '.cache/firesplit');
  const home = join(cache, `trino-server-${version}`);
  if (existsSync(home)) return home;
  await mkdir(cache, { recursive: true });
  const fetched = join(cache, 'maven');
  await run('mvn', [
    '--quiet',
    '--batch-mode',
    `-Dmaven.repo.local=${fetched}`,
    'dependency:get',
    '-Dtransitive=false',
    `-Dartifact=io.trino:trino-server:${version}:tar.gz`,
  ]);
  const unpacked = join(cache, 'unpacking');
  await rm(unpacked, { recursive: true, force: true });
  await mkdir(unpacked);
  const archive = join(fetched, `io/trino/trino-server/${version}/trino-server-${version}.tar.gz`);
  await run('tar', ['--extract', '--gzip', '--file', archive, '--directory', unpacked]);
  const [root = ''] = await readdir(unpacked);
  await rename(join(unpacked, root), home);
  await rm(unpacked, { recursive: true });
  await rm(fetched, { recursive: true });
  return home;
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const [code] = (await once(spawn(command, args, { stdio: 'inherit' }), 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
}

async function properties(file: string, values: Readonly<Record<string, string | number>>): Promise<void> {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(file, lines.join(''));
}
