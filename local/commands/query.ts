import { type Command, Option } from 'commander';
import { openDatabase } from '../query/database.js';
import { type Format, formatResult, formats } from '../query/format.js';

/** `firesplit query SQL`: what Athena will answer in the cloud, answered from the data folder. */
export function queryCommand(program: Command): void {
  program
    .command('query')
    .description('query the tables access, error and app with Athena SQL')
    .argument('<sql>', 'for example "select status, count(*) from access group by 1"')
    .option('--data <dir>', 'data folder of `firesplit up`', '.firesplit')
    .addOption(new Option('--format <format>', 'how to print the rows').choices(formats).default('table'))
    .option('--json', 'the same as --format json')
    .action(async (sql: string, options: { data: string; format: Format; json?: boolean }) => {
      const database = await openDatabase(options.data);
      try {
        const result = await database.query(sql);
        console.log(formatResult(result, options.json ? 'json' : options.format, process.stdout.columns));
      } finally {
        database.close();
      }
    });
}
