import type { Command } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** A command with what can follow its name: subcommands and flags. */
export interface CommandWords {
  /** `rules list`; empty for the program itself. */
  readonly path: string;
  readonly words: readonly Word[];
}

interface Word {
  readonly word: string;
  readonly about: string;
}

/** Every command of a program with its subcommands. */
export function commandWords(program: Command, path: readonly string[] = []): CommandWords[] {
  const help = program.createHelp();
  const subcommands = help.visibleCommands(program).filter((each) => each.name() !== 'help');
  const flags = help
    .visibleOptions(program)
    .flatMap(({ long, description }) => (long ? [{ word: long, about: description }] : []));
  const names = subcommands.map((each) => ({ word: each.name(), about: each.description() }));
  return [
    { path: path.join(' '), words: [...names, ...flags] },
    ...subcommands.flatMap((each) => commandWords(each, [...path, each.name()])),
  ];
}

/** A script for a shell that completes these words, and files where none of them fits. */
export function completionScript(shell: Shell, commands: readonly CommandWords[]): string {
  switch (shell) {
    case 'bash':
      return `${bashFunction(commands)}\ncomplete -o default -F _firesplit firesplit`;
    case 'zsh':
      return zshFunction(commands);
    case 'fish':
      return commands.flatMap(fishLines).join('\n');
  }
}

/** The words before the cursor that are no flags say which command it is; its words are offered. */
function bashFunction(commands: readonly CommandWords[]): string {
  return `_firesplit() {
  local given=() words word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) ;; *) [ \${#given[@]} -lt 2 ] && given+=("$word") ;; esac
  done
  case "\${given[*]}" in
${caseLines(commands, ({ path, words }) => `    ${pattern(path)}) words=${quoted(words.map(({ word }) => word).join(' '))} ;;`)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}`;
}

function zshFunction(commands: readonly CommandWords[]): string {
  const described = (words: readonly Word[]) =>
    words.map(({ word, about }) => quoted(`${word}:${about.replaceAll(':', '\\:')}`)).join(' ');
  return `_firesplit() {
  local -a given offered
  local word
  for word in "\${words[@]:1:CURRENT-2}"; do
    case $word in -*) ;; *) (( \${#given} < 2 )) && given+=("$word") ;; esac
  done
  case "\${(j: :)given}" in
${caseLines(commands, ({ path, words }) => `    ${pattern(path)}) offered=(${described(words)}) ;;`)}
  esac
  _describe 'firesplit' offered || _files
}
compdef _firesplit firesplit`;
}

/** Longer paths first: \`send FILE\` is still \`send\`. */
function caseLines(commands: readonly CommandWords[], line: (command: CommandWords) => string): string {
  return [...commands]
    .sort((a, b) => b.path.length - a.path.length)
    .map(line)
    .join('\n');
}

function pattern(path: string): string {
  if (path === '') return "''";
  return `${quoted(path)}|${quoted(`${path} `)}*`;
}

function fishLines({ path, words }: CommandWords): string[] {
  const names = path.split(' ').filter((name) => name !== '');
  const condition =
    names.length === 0
      ? '__fish_use_subcommand'
      : names.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ');
  return words.map(({ word, about }) => {
    const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`;
    return `complete -c firesplit -n ${quoted(condition)} ${what} -d ${quotedForFish(about)}`;
  });
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function quotedForFish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
