import { Argument, type Command } from 'commander';
import { commandWords, completionScript, type Shell, shells } from '../completion/script.js';

/** `firesplit completion SHELL`: what makes the shell complete commands and flags. */
export function completionCommand(program: Command): void {
  program
    .command('completion')
    .description('print a script that lets the shell complete commands and flags')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      `
bash:  source <(firesplit completion bash)                                       in ~/.bashrc
zsh:   source <(firesplit completion zsh)                                        in ~/.zshrc, behind compinit
fish:  firesplit completion fish > ~/.config/fish/completions/firesplit.fish`,
    )
    .action((shell: Shell) => console.log(completionScript(shell, commandWords(program))));
}
