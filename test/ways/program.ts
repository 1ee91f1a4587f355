import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program that runs while a way is tried, and what it wrote to both of its streams. */
export class Program {
  output = '';
  private readonly ended: Promise<unknown>;

  constructor(
    private readonly child: ChildProcess,
    readonly name: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        this.output += chunk;
      });
    this.ended = once(child, 'close');
  }

  static start(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
    const child = spawn(name, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    return new Program(child, name);
  }

  /** Runs one that ends by itself. @returns what it wrote */
  static async run(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const program = Program.start(name, args, env);
    const [code] = (await program.ended) as [number | null];
    if (code !== 0) throw new Error(`${name} ${args.join(' ')} ended with ${code}:\n${program.output}`);
    return program.output;
  }

  /** Whether it still runs. */
  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.isAlive) this.child.kill(signal);
    await this.ended;
  }
}
