import { once } from 'node:events';
import type { Command } from 'commander';
import { runDemo } from '../demo/run.js';
import { Screen } from '../terminal/screen.js';

/** `firesplit demo`: the whole pipeline on sample logs. */
export function demoCommand(program: Command): void {
  program
    .command('demo')
    .description('show the whole pipeline on sample logs')
    .option('--keep', 'leave the stack up at the end, until Ctrl-C')
    .action(async ({ keep }: { keep?: boolean }) => {
      const screen = new Screen(process.stdout.columns);
      const stack = await runDemo(screen);
      if (keep) {
        screen.note(`The stack stays up until Ctrl-C:  Slack inbox ${stack.urls.slack}`);
        screen.note(`npx firesplit query --data ${stack.data} "SELECT …"`);
        screen.note(`npx firesplit send --endpoint ${stack.urls.firehose} your.log`);
        await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      } else {
        screen.note(
          'Yours: `npx firesplit up`, then `npx firesplit send your.log`. With `npx firesplit demo --keep` this stack stays up.',
        );
      }
      await stack.stop();
    });
}
