import { type Command, Option } from 'commander';
import pc from 'picocolors';
import { counted } from '../../shared/text/wording.js';
import { askStatus } from '../console/status.js';
import { openDatabase } from '../query/database.js';
import { type Format, formatResult, formats } from '../query/format.js';
import { findReady } from '../stack/readyFile.js';
import { bytes } from '../terminal/screen.js';
import { dataOption } from './options.js';

/** `firesplit query SQL`: what Athena will answer in the cloud, answered from the data folder. */
export function queryCommand(program: Command): void {
  program
    .command('query')
    .description('query the tables access, error and app with Athena SQL')
    .argument('<sql>', 'for example "select status, count(*) from access group by 1"')
    .addOption(dataOption())
    .addOption(new Option('--format <format>', 'how to print the rows').choices(formats).default('table'))
    .option('--json', 'the same as --format json')
    .action(async (sql: string, options: { data: string; format: Format; json?: boolean }) => {
      const database = await openDatabase(options.data);
      try {
        const result = await database.query(sql);
        console.log(formatResult(result, options.json ? 'json' : options.format, process.stdout.columns));
        if (result.rows.length === 0) console.error(pc.dim(await whyNothing(options.data)));
      } finally {
        database.close();
      }
    });
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
