import type { Command } from 'commander';
import { dataOption, endpointOption } from '../commands/options.js';

/** What a command is about: a running `firesplit up`, or a deployed stage. */
export interface DeployedOptions {
  readonly endpoint?: string;
  readonly data: string;
  readonly aws?: boolean;
  readonly stage: string;
}

/** The same, once it is known where `up` is. */
export type ReachedOptions = DeployedOptions & { readonly endpoint: string };

/** Adds the flags of {@link DeployedOptions} to a command. */
export function deployedOptions(command: Command): Command {
  return command
    .addOption(endpointOption('address of `firesplit up`'))
    .addOption(dataOption())
    .option('--aws', 'of a deployed stage instead, with your AWS credentials')
    .option('--stage <name>', 'the deployed stage', 'prod');
}
