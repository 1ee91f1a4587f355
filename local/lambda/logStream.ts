import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { lambda } from '../../shared/limits.js';
import type { InvocationResult, Usage } from './invocation.js';

/**
 * What one execution environment prints, in a file like its CloudWatch log stream:
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
 */
export class LogStream {
  /** As CloudWatch names it. */
  readonly name: string;
  /** The file below the function's folder of logs. */
  readonly file: string;
  private readonly stream: WriteStream;
  private atLineStart = true;
  private recent = Buffer.alloc(0);

  constructor(folder: string, now: Date) {
    const day = now.toISOString().slice(0, 10).replaceAll('-', '/');
    const id = randomBytes(16).toString('hex');
    this.name = `${day}/[$LATEST]${id}`;
    this.file = join(day, `${id}.log`);
    const path = join(folder, this.file);
    mkdirSync(dirname(path), { recursive: true });
    this.stream = createWriteStream(path, { flags: 'a' });
    // A full disk costs the log, not the function.
    this.stream.on('error', () => undefined);
  }

  /** What the function itself prints. */
  print(chunk: Buffer | string): void {
    if (chunk.length === 0) return;
    this.stream.write(chunk);
    this.recent = Buffer.concat([this.recent, Buffer.from(chunk)]).subarray(-lambda.maxLogTail);
    this.atLineStart = String(chunk.slice(-1)) === '\n';
  }

  initStart(): void {
    this.line(`INIT_START Runtime Version: nodejs:${process.version}`);
  }

  start(requestId: string): void {
    this.recent = Buffer.alloc(0);
    this.line(`START RequestId: ${requestId} Version: $LATEST`);
  }

  /** The end of what was printed since the last START. */
  get tail(): string {
    return this.recent.toString();
  }

  /** How an invocation went: Lambda's own complaint, END and REPORT. */
  end(requestId: string, result: InvocationResult, usage: Usage, memoryMB: number): void {
    if (result.outcome === 'timed out') {
      this.line(`${new Date().toISOString()} ${requestId} ${timeoutMessage(result.afterMs)}`);
    }
    if (result.outcome === 'crashed')
      this.line(`RequestId: ${requestId} Error: ${result.message}\n${result.errorType}`);
    this.line(`END RequestId: ${requestId}`);
    const fields = [
      `REPORT RequestId: ${requestId}`,
      `Duration: ${usage.durationMs.toFixed(2)} ms`,
      `Billed Duration: ${usage.billedMs} ms`,
      `Memory Size: ${memoryMB} MB`,
      `Max Memory Used: ${usage.maxMemoryMb} MB`,
      ...(usage.initMs === undefined ? [] : [`Init Duration: ${usage.initMs.toFixed(2)} ms`]),
      ...statusOf(result),
    ];
    this.line(fields.join('\t'));
  }

  async close(): Promise<void> {
    if (this.stream.closed) return;
    const closed = once(this.stream, 'close');
    this.stream.end();
    await closed;
  }

  private line(text: string): void {
    this.print(`${this.atLineStart ? '' : '\n'}${text}\n`);
  }
}

/** As Lambda words it, with the seconds to two places. */
function timeoutMessage(ms: number): string {
  return `Task timed out after ${(ms / 1000).toFixed(2)} seconds`;
}

function statusOf(result: InvocationResult): string[] {
  if (result.outcome === 'timed out') return ['Status: timeout'];
  if (result.outcome === 'crashed') return ['Status: error', `Error Type: ${result.errorType}`];
  return [];
}
