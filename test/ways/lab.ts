import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerCertificate } from '../../local/aws/certificates.js';
import type { RecordingEndpoint } from '../fluent-bit/endpoint.js';
import { freePort } from '../helpers/freePort.js';
import { Program } from './program.js';
import { rowsOfAccepted } from './rows.js';

/** Paths of the programs that ways need besides Fluent Bit. */
export interface Programs {
  readonly fluentBit: string;
  readonly helm: string;
  readonly chart: string;
  readonly collector: string;
  readonly compose: string;
  /** An image with a shell, as Docker has it. */
  readonly image: string;
  readonly plugin: string | undefined;
}

/** ms: two flushes of the router, and a margin. */
const UP_WAIT = 12_000;

/** What the configurations take from the environment. */
const known = {
  AWS_REGION: 'us-east-1',
  FIRESPLIT_STREAM: 'logs',
  FIRESPLIT_CLUSTER: 'prod',
  HOSTNAME: 'web-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};

/** Where a way is tried: a folder of its own, an endpoint, and the routers that it starts. */
export class WayLab {
  private readonly running: Program[] = [];

  constructor(
    readonly folder: string,
    readonly certificate: ServerCertificate,
    readonly endpoint: RecordingEndpoint,
    /** Where Firehose listens on localhost: the endpoint itself, or `firesplit up`. */
    private readonly firehose: { readonly port: number; readonly caFile: string },
    readonly programs: Programs,
  ) {}

  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  start(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
    const program = Program.start(name, args, env);
    this.running.push(program);
    return program;
  }

  /** A shipped configuration, changed only in `settings` and in where Firehose is. */
  async configuration(file: string, settings: Readonly<Record<string, string>> = {}): Promise<string> {
    return this.localised(await readFile(file, 'utf8'), settings);
  }

  localised(shipped: string, settings: Readonly<Record<string, string>> = {}): string {
    const { port, caFile } = this.firehose;
    const where = `$&\n    endpoint localhost\n    port ${port}\n    tls.ca_file ${caFile}`;
    let text = shipped.replace(/^ {4}delivery_stream .*$/m, where);
    for (const [key, value] of Object.entries(settings)) {
      const setting = new RegExp(`^( {4}${key.replaceAll('.', '\\.')} +).*$`, 'gm');
      if (!setting.test(text)) throw new Error(`The configuration has no ${key} that could be replaced:\n${shipped}`);
      text = text.replace(setting, `$1${value}`);
    }
    return text;
  }

  /** Starts Fluent Bit with a configuration that has an `HTTP_Port`; resolves once it answers there. */
  async router(conf: string, env: Readonly<Record<string, string>> = {}): Promise<Program> {
    const port = await freePort();
    const file = this.path('fluent-bit.conf');
    await writeFile(file, conf.replace(/^( {4}HTTP_Port +).*$/m, `$1${port}`));
    const { fluentBit, plugin } = this.programs;
    const plugins = conf.includes('systemd') && plugin ? ['-e', plugin] : [];
    const router = this.start(fluentBit, [...plugins, '-c', file], { ...known, ...env });
    while (!(await fetch(`http://127.0.0.1:${port}/api/v1/uptime`).catch(() => undefined))?.ok) {
      if (!router.isAlive) throw new Error(`Fluent Bit did not start:\n${router.output}`);
      await pause(50);
    }
    return router;
  }

  /** Whether Fluent Bit takes a configuration. */
  async dryRun(conf: string): Promise<boolean> {
    const file = this.path('dry-run.conf');
    await writeFile(file, conf);
    const { fluentBit, plugin } = this.programs;
    const plugins = conf.includes('systemd') && plugin ? ['-e', plugin] : [];
    const output = await Program.run(fluentBit, [...plugins, '-c', file, '--dry-run'], known).catch(String);
    return output.includes('configuration test is successful');
  }

  /** Waits for so many rows, and no longer than a minute. What goes to `firesplit up` is counted there, not here. */
  async arrive(rows: number): Promise<void> {
    if (this.firehose.port !== this.endpoint.port) return pause(UP_WAIT);
    for (const start = Date.now(); Date.now() - start < 60_000; await pause(200))
      if ((await rowsOfAccepted(this.endpoint.accepted)).length >= rows) return;
  }

  get log(): string {
    return this.running.map(({ name, output }) => `== ${name}\n${output}`).join('\n');
  }

  async close(): Promise<void> {
    for (const program of this.running.reverse()) await program.end('SIGKILL');
  }
}
