import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

interface Finished {
  readonly code: number;
  /** What it wrote to both of its outputs. */
  readonly output: string;
}

/** Runs a program to its end. */
export async function attempt(
  command: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = process.env,
): Promise<Finished> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: variables });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: code ?? 1, output: `${out}${err}` };
}

/** @throws Error with what it wrote, when it ends with another code than 0 */
export async function run(
  command: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { code, output } = await attempt(command, args, variables);
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}:\n${output.slice(-4000)}`);
  return output;
}
