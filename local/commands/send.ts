import { setTimeout as sleep } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { counted } from '../../shared/text/wording.js';
import { untilStored } from '../console/status.js';
import { fireLensRecord } from '../ship/collector.js';
import { followLines, merged } from '../ship/follow.js';
import { checkLogFile, type Lines, linesOf, linesOfFile, serviceOf } from '../ship/logFile.js';
import { type PacedRecords, withPauses } from '../ship/pauses.js';
import { retime, timeIn } from '../ship/retime.js';
import { bufferingTimeOf, type Shipped, ship } from '../ship/shipper.js';
import { dataOption, endpointOption, type Place, whereUpIs } from './options.js';

interface SendOptions {
  readonly service?: string;
  readonly stream: string;
  readonly data: string;
  readonly endpoint?: string;
  readonly follow?: boolean;
  /** Where the last line is moved to, ms since the epoch. */
  readonly shiftTime?: number;
  readonly plain?: boolean;
  readonly wait: boolean;
  readonly json?: boolean;
}

/** `firesplit send FILE...`: log files onto the stream, as Fluent Bit would send them. */
export function sendCommand(program: Command): void {
  program
    .command('send')
    .description('send log files to the stream, aggregated and gzipped as Fluent Bit sends them')
    .argument('<file...>', 'log files, one line an event, gzipped or not; `-` reads standard input')
    .option('-f, --follow', 'go on with what is appended, until Ctrl-C')
    .option('--service <name>', 'container name of the lines (default: the file name up to its first dot)')
    .addOption(
      new Option('--shift-time <time>', 'move all times so that the last line was written then: now, or an ISO time')
        .argParser(shiftTime)
        .conflicts('follow'),
    )
    .option('--stream <name>', 'delivery stream', 'logs')
    .addOption(dataOption())
    .addOption(endpointOption('Firehose API'))
    .option('--plain', 'one record for each line, neither aggregated nor compressed')
    .option('--no-wait', 'end once the lines are accepted, before they can be queried')
    .option('--json', 'print the totals as JSON')
    .action(send);
}

async function send(files: string[], options: SendOptions): Promise<void> {
  const place = await whereUpIs(options.endpoint ?? process.env.AWS_ENDPOINT_URL_FIREHOSE, options.data);
  // Before anything is sent: a wrong name should cost nothing.
  const sizes = await Promise.all(files.map((file) => (file === '-' ? 0 : checkLogFile(file))));
  const offset = options.shiftTime === undefined ? 0 : options.shiftTime - (await lastTimeIn(files));

  const bar = progress(options.follow ? 0 : sizes.reduce((sum, size) => sum + size, 0));
  const records = readRecords(files, { ...options, offset, signal: interrupted(options), read: bar.read });
  const shipping = ship(records, { ...options, endpoint: place.endpoint, onProgress: bar.acknowledged });
  const shipped = await shipping.finally(bar.stop);

  if (options.json) console.log(JSON.stringify(shipped));
  else console.log(totals(shipped));
  if (shipped.lines > 0) await tellWhen(place, options);
}

/** Records of all files one after the other, or at once while they are followed. */
function readRecords(
  files: readonly string[],
  options: Pick<SendOptions, 'service' | 'follow'> & {
    readonly offset: number;
    readonly signal: AbortSignal;
    readonly read: (bytes: number) => void;
  },
): PacedRecords {
  const { follow, service, offset, signal, read } = options;
  const records = async function* (file: string): Lines {
    const name = service ?? (file === '-' ? 'stdin' : serviceOf(file));
    const lines = file === '-' ? linesOf(process.stdin, 'standard input', read) : linesOfFile(file, read);
    for await (const chunk of follow && file !== '-' ? followLines(file, signal, read) : lines) {
      yield chunk.map((line) =>
        fireLensRecord({ service: name, source: 'stdout', log: offset === 0 ? line : retime(line, offset) }),
      );
    }
  };
  if (follow) return withPauses(merged(files.map(records)), flushInterval);
  const oneByOne = async function* (): Lines {
    for (const file of files) yield* records(file);
  };
  return files.includes('-') ? withPauses(oneByOne(), flushInterval) : flat(oneByOne());
}

async function* flat(chunks: Lines): AsyncGenerator<string> {
  for await (const chunk of chunks) yield* chunk;
}

/** Fluent Bit's own `Flush`: lines of a pipe that stays open are sent after this many milliseconds. */
const flushInterval = 1000;

/** Aborted by the first Ctrl-C while files are followed, so that what was read is still sent; the second ends the process. */
function interrupted({ follow }: SendOptions): AbortSignal {
  const controller = new AbortController();
  if (follow) process.once('SIGINT', () => controller.abort()).once('SIGTERM', () => controller.abort());
  return controller.signal;
}

/** When the last line of the latest file was written. */
async function lastTimeIn(files: readonly string[]): Promise<number> {
  if (files.includes('-'))
    throw new Error('--shift-time needs files: it reads them to their end before it sends a line');
  let last: number | undefined;
  for (const file of files) {
    let lastHere: number | undefined;
    for await (const lines of linesOfFile(file, () => undefined)) {
      for (const line of lines) lastHere = timeIn(line) ?? lastHere;
    }
    if (lastHere !== undefined) last = Math.max(last ?? lastHere, lastHere);
  }
  if (last === undefined) throw new Error(`no line of ${files.join(', ')} has a time that could be moved`);
  return last;
}

function totals({ lines, bytes, records, sent, billed }: Shipped): string {
  const count = (n: number) => n.toLocaleString('en-US');
  return `${counted(lines, 'line')}, ${count(bytes)} bytes, sent as ${counted(records, 'record')} of ${count(sent)} bytes\nFirehose would bill ${count(billed)} bytes`;
}

/** Waits while that takes seconds, and tells how long when it takes longer. */
async function tellWhen({ endpoint, ready }: Place, { stream, wait, data }: SendOptions): Promise<void> {
  const note = (text: string) => console.error(text);
  const within = await bufferingTimeOf({ endpoint, stream });
  const status = ready && (await untilStored(ready.console, wait ? longestWait : 0, sleep));
  if (status?.buffered.items === 0) {
    const flag = data === '.firesplit' || process.env.FIRESPLIT_DATA ? '' : ` --data ${data}`;
    // The command has a line of its own: whole in 80 columns, and easy to copy.
    note(`${pc.green('✓')} they can be queried now:`);
    note(`  npx firesplit query${flag} "SELECT ts, service, message FROM error"`);
    return;
  }
  const delay = status?.queryableWithin ?? within;
  if (delay !== undefined)
    note(pc.dim(`They can be queried within ${counted(Math.ceil(delay / 1000) + 1, 'second')}.`));
}

/** Milliseconds of buffering that are waited for. */
const longestWait = 5000;

/** Shows on a terminal how much of the files is read, or how many lines of what has no end are sent. */
function progress(total: number) {
  const nothing = () => undefined;
  if (!process.stderr.isTTY) return { read: nothing, acknowledged: nothing, stop: nothing };
  const options = { hideCursor: true, clearOnComplete: true, stream: process.stderr };
  if (total === 0) {
    const bar = new SingleBar({ ...options, format: '  {value} lines sent' });
    bar.start(0, 0);
    return { read: nothing, acknowledged: (lines: number) => bar.update(lines), stop: () => bar.stop() };
  }
  const bar = new SingleBar({ ...options, format: '  sending {bar} {percentage}%  {eta_formatted} left' });
  bar.start(total, 0);
  return { read: (bytes: number) => bar.increment(bytes), acknowledged: nothing, stop: () => bar.stop() };
}

function shiftTime(value: string): number {
  const time = value === 'now' ? Date.now() : Date.parse(value);
  if (!Number.isNaN(time)) return time;
  throw new InvalidArgumentError('now, or a time such as 2026-11-22T16:00:00Z.');
}
