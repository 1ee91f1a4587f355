import { type Command, Option } from 'commander';
import pc from 'picocolors';
import { counted } from '../../shared/text/wording.js';
import { askStatus } from '../console/status.js';
import type { Answer } from '../query/answer.js';
import { openDatabase } from '../query/database.js';
import { oneStatement } from '../query/dialect/tokens.js';
import { type Format, formats, printed } from '../query/print/index.js';
import { readSql } from '../query/sqlText.js';
import { findReady } from '../stack/readyFile.js';
import { bytes } from '../terminal/screen.js';
import { writeTo } from '../terminal/writeTo.js';
import { dataOption } from './options.js';

interface QueryOptions {
  readonly data: string;
  readonly file?: string;
  readonly format: Format;
  readonly json?: boolean;
  readonly unlocked?: boolean;
}

/** `firesplit query SQL`: what Athena will answer in the cloud, answered from the data folder. */
export function queryCommand(program: Command): void {
  program
    .command('query')
    .description('query the tables access, error and app with Athena SQL')
    .argument('[sql]', 'for example "select status, count(*) from access group by 1"; - reads it from standard input')
    .option('--file <file>', 'read the SQL from a file')
    .addOption(dataOption())
    .addOption(new Option('--format <format>', 'how to print the rows').choices(formats).default('table'))
    .option('--json', 'the same as --format json')
    .option(
      '--unlocked',
      'take the SQL as DuckDB’s own, which may open other files than the stored lines, write, and load extensions',
    )
    .action(query);
}

async function query(argument: string | undefined, options: QueryOptions): Promise<void> {
  const written = await readSql({ argument, file: options.file }, process.stdin);
  const sql = options.unlocked ? written : oneStatement(written);
  const database = await openDatabase(options.data, options);
  const stopped = new AbortController();
  const stop = () => {
    stopped.abort();
    database.interrupt();
  };
  process.once('SIGINT', stop);
  try {
    const rows = await show(await database.ask(sql), options, stopped.signal);
    if (rows === 0) console.error(pc.dim(await whyNothing(options.data)));
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
  } finally {
    process.off('SIGINT', stop);
    database.close();
  }
  if (stopped.signal.aborted) interrupted();
}

/** Prints an answer while it arrives, until the reader wants no more, and counts its rows; undefined when the reader left. */
async function show(answer: Answer, { json, format }: QueryOptions, signal: AbortSignal): Promise<number | undefined> {
  let rows = 0;
  const counting = async function* () {
    for await (const some of answer.rows) {
      if (signal.aborted) return;
      rows += some.length;
      yield some;
    }
  };
  const lines = printed({ ...answer, rows: counting() }, json ? 'json' : format, process.stdout.columns);
  const reading = await writeTo(process.stdout, lines);
  return reading ? rows : undefined;
}

/** As a shell expects of a command that Ctrl-C ended: 128 and the signal's number. */
function interrupted(): void {
  console.error(pc.dim('Stopped.'));
  process.exitCode = 130;
}

/** For an answer without rows: whether some are on their way. */
async function whyNothing(data: string): Promise<string> {
  const status = await askStatus((await findReady(data))?.console);
  if (status === undefined) return `No rows, and no "firesplit up" runs on ${data}.`;
  const { queryableWithin, buffered } = status;
  if (buffered.items === 0) return 'No rows. Nothing is buffered: everything that was sent can be queried.';
  const within = counted(Math.ceil(queryableWithin / 1000) + 1, 'second');
  return `No rows. ${bytes(buffered.bytes)} are still buffered, and can be queried within ${within}.`;
}
