import { type Command, Option } from 'commander';
import type { Answer } from '../query/answer.js';
import { oneStatement } from '../query/dialect/tokens.js';
import { namedQuery, namedQueryList } from '../query/named.js';
import { type Format, formats, printed } from '../query/print/index.js';
import { readSql } from '../query/sqlText.js';
import { untilStopped } from '../terminal/untilStopped.js';
import { writeTo } from '../terminal/writeTo.js';
import { dataOption } from './options.js';
import { type AthenaOptions, inAthena } from './query/inAthena.js';
import { type LaptopOptions, onLaptop } from './query/onLaptop.js';

interface QueryOptions extends AthenaOptions, LaptopOptions {
  readonly file?: string;
  readonly named?: string | true;
  readonly format: Format;
  readonly json?: boolean;
  readonly athena?: boolean;
}

/** `firesplit query SQL`: the same SQL over the data folder, or in Athena. */
export function queryCommand(program: Command): void {
  program
    .command('query')
    .description('query the tables access, error and app with Athena SQL')
    .argument('[sql]', 'for example "select status, count(*) from access group by 1"; - reads it from standard input')
    .option('--file <file>', 'read the SQL from a file')
    .option('--named [name]', 'ask a query that is saved in the workgroup (docs/query.md); without a name, list them')
    .addOption(dataOption())
    .addOption(new Option('--format <format>', 'how to print the rows').choices(formats).default('table'))
    .option('--json', 'the same as --format json')
    .addOption(
      new Option(
        '--unlocked',
        'take the SQL as DuckDB’s own, which may open other files than the stored lines, write, and load extensions',
      ).conflicts('athena'),
    )
    .option('--athena', 'ask Athena about a deployed stage, with your AWS credentials')
    .option('--stage <name>', 'the deployed stage', 'prod')
    .option('--workgroup <name>', 'Athena’s workgroup (default: firesplit-<stage>)')
    .option('--database <name>', 'Athena’s database (default: firesplit_<stage>)')
    .action(query);
}

async function query(argument: string | undefined, options: QueryOptions): Promise<void> {
  if (options.named === true) {
    console.log(namedQueryList(options.json ?? options.format === 'json'));
    return;
  }
  const written = options.named
    ? savedSql(options.named, argument ?? options.file)
    : await readSql({ argument, file: options.file }, process.stdin);
  const sql = options.unlocked ? written : oneStatement(written);
  await untilStopped(async (signal) => {
    const showRows = (answer: Answer) => show(answer, options, signal);
    if (options.athena) await inAthena(sql, options, signal, showRows);
    else await onLaptop(sql, options, signal, showRows);
  });
}

function savedSql(name: string, other: string | undefined): string {
  if (other === undefined) return namedQuery(name).sql;
  throw new Error('there is SQL beside --named; name one of them');
}

/** Prints an answer while it arrives, and counts its rows; undefined when the reader left. */
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
