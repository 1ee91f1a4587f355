import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { fireLensRecord } from '../ship/collector.js';
import { ship } from '../ship/shipper.js';

interface SendOptions {
  service?: string;
  stream: string;
  endpoint: string;
  plain?: boolean;
  json?: boolean;
}

/** `firesplit send FILE...`: log files onto the stream, as Fluent Bit would send them. */
export function sendCommand(program: Command): void {
  program
    .command('send')
    .description('send log files to the stream, aggregated and gzipped as Fluent Bit sends them')
    .argument('<file...>', 'log files, one line an event; `-` reads standard input')
    .option('--service <name>', 'container name of the lines (default: the file name up to its first dot)')
    .option('--stream <name>', 'delivery stream', 'logs')
    .option('--endpoint <url>', 'Firehose API', process.env.AWS_ENDPOINT_URL_FIREHOSE ?? 'http://127.0.0.1:4573')
    .option('--plain', 'one record for each line, neither aggregated nor compressed')
    .option('--json', 'print the totals as JSON')
    .action(async (files: string[], options: SendOptions) => {
      const bar = await progressBar(files);
      const shipped = await ship(readRecords(files, options.service, bar.read), options).finally(bar.stop);
      if (options.json) return console.log(JSON.stringify(shipped));
      const count = (n: number) => n.toLocaleString('en-US');
      console.log(
        `${count(shipped.lines)} lines, ${count(shipped.bytes)} bytes, sent as ${count(shipped.records)} records of ${count(shipped.sent)} bytes; Firehose would bill ${count(shipped.billed)} bytes`,
      );
    });
}

async function* readRecords(
  files: readonly string[],
  service: string | undefined,
  read: (bytes: number) => void,
): AsyncGenerator<string> {
  for (const file of files) {
    const input = file === '-' ? process.stdin : createReadStream(file);
    const name = service ?? (file === '-' ? 'stdin' : (basename(file).split('.')[0] ?? file));
    for await (const log of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      read(Buffer.byteLength(log) + 1);
      yield fireLensRecord({ service: name, source: 'stdout', log });
    }
  }
}

/** Shows how much of the files is read; silent where nobody watches. */
async function progressBar(files: readonly string[]) {
  // Before anything is sent: a wrong name should cost nothing.
  const sizes = await Promise.all(files.map((file) => (file === '-' ? 0 : sizeOf(file))));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (!process.stderr.isTTY || total === 0) return { read: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: '  sending {bar} {percentage}%  {eta_formatted} left',
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  bar.start(total, 0);
  return { read: (bytes: number) => bar.increment(bytes), stop: () => bar.stop() };
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file);
  if (found.isDirectory())
    throw new Error(`${file} is a folder; name the log files in it, for example ${join(file, '*.log')}`);
  return found.size;
}
