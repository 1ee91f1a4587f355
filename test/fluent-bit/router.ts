import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { NetConnectOpts } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../helpers/freePort.js';

export interface RouterOptions {
  /** The program. */
  readonly fluentBit: string;
  readonly folder: string;
  /** Port and CA of the Firehose endpoint, on localhost. */
  readonly port: number;
  readonly caFile: string;
  /** Settings of extra.conf that a scenario makes smaller, by their names. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** Whether the router's clock can step, for which a C compiler is needed. */
  readonly stepsClock?: boolean | undefined;
}

/** What Fluent Bit counted since it started. */
export interface RouterCounts {
  readonly received: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly retries: number;
}

/** A real Fluent Bit behind the configuration that ECS generates, with infra/fluent-bit/extra.conf included. */
export class Router {
  /** What it wrote to standard error. */
  log = '';
  private child: ChildProcess | undefined;

  private constructor(
    private readonly options: RouterOptions,
    private readonly configFile: string,
    readonly socket: NetConnectOpts,
    readonly tcp: NetConnectOpts,
    private readonly metricsPort: number,
  ) {}

  static async prepare(options: RouterOptions): Promise<Router> {
    const { folder } = options;
    const [metricsPort, tcpPort, healthPort] = [await freePort(), await freePort(), await freePort()];
    const socket = join(folder, 'fluent.sock');
    const configFile = join(folder, 'fluent-bit.conf');
    await mkdir(join(folder, 'storage'), { recursive: true });
    const extra = join(folder, 'extra.conf');
    await writeFile(extra, await localExtra(options, metricsPort));
    await writeFile(configFile, fireLensConf({ socket, tcpPort, healthPort, extra }));
    const router = new Router(options, configFile, { path: socket }, { host: '127.0.0.1', port: tcpPort }, metricsPort);
    if (options.stepsClock) await router.makeClock();
    return router;
  }

  /** Resolves once it listens. */
  async start(): Promise<void> {
    const child = this.run([]);
    this.child = child;
    while (!(await this.metrics())) {
      if (child.exitCode !== null) throw new Error(`Fluent Bit did not start:\n${this.log}`);
      await pause(50);
    }
  }

  /** Whether Fluent Bit takes the configuration. */
  async dryRun(): Promise<boolean> {
    const [code] = await once(this.run(['--dry-run']), 'exit');
    return code === 0;
  }

  /** @returns seconds until it had ended */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return 0;
    const start = Date.now();
    const exited = once(child, 'exit');
    const commands = signal === 'SIGKILL' ? await childrenOf(child.pid) : [];
    child.kill(signal);
    // In a container they end with its first process. Left alone they would hold the ports that it listened on.
    for (const group of commands) endGroup(group);
    const [code] = await exited;
    if (signal === 'SIGTERM' && code !== 0) throw new Error(`Fluent Bit crashed at SIGTERM:\n${this.log.slice(-4000)}`);
    return (Date.now() - start) / 1000;
  }

  /** Lets the router's clock tell a date that is so many seconds wrong, from now on. */
  async stepClock(seconds: number): Promise<void> {
    const wrong = Buffer.alloc(8);
    wrong.writeBigInt64LE(BigInt(seconds));
    // In place, since the router has the file mapped.
    const file = await open(this.clock.ROUTER_CLOCK, 'r+');
    await file.write(wrong, 0, wrong.length, 0).finally(() => file.close());
  }

  async metrics(): Promise<RouterCounts | undefined> {
    const { input, output } = (await this.ask('/api/v1/metrics')) as {
      readonly input?: Record<string, { readonly records: number }>;
      readonly output?: Record<string, Record<string, number>>;
    };
    const firehose = output?.firesplit;
    if (!input || !firehose) return undefined;
    const received = Object.entries(input).filter(([name]) => name.startsWith('forward'));
    return {
      received: received.reduce((sum, [, { records }]) => sum + records, 0),
      delivered: firehose.proc_records ?? 0,
      dropped: firehose.dropped_records ?? 0,
      retries: firehose.retries ?? 0,
    };
  }

  /** Bytes of memory, chunks, and the bytes that they have on disk. */
  async size(): Promise<{ readonly memory: number; readonly chunks: number; readonly disk: number }> {
    const status = await readFile(`/proc/${this.child?.pid}/status`, 'utf8').catch(() => '');
    const memory = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    const folder = join(this.options.folder, 'storage');
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    // A canary waits now and then: it is no line that anybody waits for.
    const chunks = files.filter((each) => each.isFile() && !basename(each.parentPath).startsWith('exec.'));
    let disk = 0;
    for (const file of chunks) {
      disk += ((await stat(join(file.parentPath, file.name)).catch(() => undefined))?.blocks ?? 0) * 512;
    }
    return { memory, chunks: chunks.length, disk };
  }

  private async makeClock(): Promise<void> {
    const { LD_PRELOAD, ROUTER_CLOCK } = this.clock;
    await promisify(execFile)('cc', ['-shared', '-fPIC', '-O2', '-o', LD_PRELOAD, 'test/fluent-bit/clock.c', '-ldl']);
    await writeFile(ROUTER_CLOCK, Buffer.alloc(8));
  }

  private get clock() {
    const { folder } = this.options;
    return { LD_PRELOAD: join(folder, 'clock.so'), ROUTER_CLOCK: join(folder, 'clock') };
  }

  private run(more: readonly string[]): ChildProcess {
    const child = spawn(this.options.fluentBit, ['-c', this.configFile, ...more], {
      env: {
        ...process.env,
        AWS_REGION: 'us-east-1',
        FIRESPLIT_STREAM: 'logs',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        ...(this.options.stepsClock ? this.clock : {}),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.on('data', (chunk) => {
      this.log += chunk;
    });
    child.once('error', (error) => {
      throw new Error(`${this.options.fluentBit} can't be started: ${error.message}. Name it with --fluent-bit PATH.`);
    });
    return child;
  }

  private async ask(path: string): Promise<object> {
    const response = await fetch(`http://127.0.0.1:${this.metricsPort}${path}`).catch(() => undefined);
    return response?.ok ? ((await response.json()) as object) : {};
  }
}

/** Ids of the processes that a process has started: each leads a group of its own. */
async function childrenOf(pid: number | undefined): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const children = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  return children.flatMap((text) => text.split(' ').filter(Boolean).map(Number));
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** The filter that the ECS agent writes, of the task that the lab's containers are of. */
export const taskMetadata = `[FILTER]
    Name record_modifier
    Match *
    Record ecs_cluster prod
    Record ecs_task_arn arn:aws:ecs:us-east-1:111122223333:task/prod/0123456789abcdef0123456789abcdef
    Record ecs_task_definition shop:42
`;

/** What the ECS agent writes for a task with one app container, whose log options name the output `null`. */
function fireLensConf({
  socket,
  tcpPort,
  healthPort,
  extra,
}: {
  readonly socket: string;
  readonly tcpPort: number;
  readonly healthPort: number;
  readonly extra: string;
}): string {
  return `[INPUT]
    Name forward
    unix_path ${socket}
    Mem_Buf_Limit 25MB

[INPUT]
    Name forward
    Listen 127.0.0.1
    Port ${tcpPort}

[INPUT]
    Name tcp
    Tag firelens-healthcheck
    Listen 127.0.0.1
    Port ${healthPort}

${taskMetadata}
@INCLUDE ${extra}

[OUTPUT]
    Name null
    Match firelens-healthcheck

[OUTPUT]
    Name null
    Match *-firelens*
`;
}

/** The shipped file with the endpoint, the folder and the port of this run. */
async function localExtra(
  { folder, port, caFile, settings = {} }: RouterOptions,
  metricsPort: number,
): Promise<string> {
  const shipped = await readFile('infra/fluent-bit/extra.conf', 'utf8');
  const local: Readonly<Record<string, string>> = {
    'storage.path': join(folder, 'storage'),
    HTTP_Port: String(metricsPort),
    // So often that a short scenario has canaries, and seldom enough for a SIGTERM to find none waiting.
    Interval_Sec: '7',
    ...settings,
  };
  let text = shipped
    .replaceAll('127.0.0.1:2020/', `127.0.0.1:${metricsPort}/`)
    .replaceAll('/var/log/firesplit/', `${join(folder, 'storage')}/`)
    .replace(/^ {4}delivery_stream .*$/m, `$&\n    endpoint localhost\n    port ${port}\n    tls.ca_file ${caFile}`);
  for (const [key, value] of Object.entries(local)) {
    const setting = new RegExp(`^( {4}${key.replaceAll('.', '\\.')} +).*$`, 'm');
    if (!setting.test(text)) throw new Error(`infra/fluent-bit/extra.conf has no ${key} that could be replaced.`);
    text = text.replace(setting, `$1${value}`);
  }
  return text;
}
