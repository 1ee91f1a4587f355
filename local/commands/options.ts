import { Argument, InvalidArgumentError, Option } from 'commander';
import { infraPath } from '../infra/project.js';
import { findReady } from '../stack/readyFile.js';
import type { Ready } from '../stack/stack.js';

/** Where `firesplit up` keeps everything, and where the other commands look for it. */
export function dataOption(): Option {
  return new Option('--data <dir>', 'data folder of `firesplit up`').env('FIRESPLIT_DATA').default('.firesplit');
}

/** The address of a running `up`; without it the one that the data folder names (see `whereUpIs`). */
export function endpointOption(what: string): Option {
  return new Option('--endpoint <url>', `${what} (default: of the \`up\` on the data folder)`)
    .env('FIRESPLIT_ENDPOINT')
    .argParser(webAddress);
}

export function configOption(): Option {
  return new Option('--config <file>', 'configuration of formats, redaction and routes')
    .env('FIRESPLIT_CONFIG')
    .default(infraPath('infra/firesplit.yml'), 'infra/firesplit.yml');
}

export function rulesOption(): Option {
  return new Option('--rules <dir>', 'folder of rule files')
    .env('FIRESPLIT_RULES')
    .default(infraPath('infra/rules'), 'infra/rules');
}

/** The same as the argument of a command. */
export function configArgument(): Argument {
  const [usual, described] = [process.env.FIRESPLIT_CONFIG || infraPath('infra/firesplit.yml'), 'infra/firesplit.yml'];
  return new Argument('[file]', 'the configuration').default(usual, described);
}

export function rulesArgument(): Argument {
  const [usual, described] = [process.env.FIRESPLIT_RULES || infraPath('infra/rules'), 'infra/rules'];
  return new Argument('[dir]', 'folder of rule files').default(usual, described);
}

/** Where a command finds a running `up`. */
export interface Place {
  /** Of the AWS services. */
  readonly endpoint: string;
  /** What that `up` told when it started; unknown of an address that was given, unless it is the same. */
  readonly ready: Ready | undefined;
}

/** @param given the address that was asked for; without it that of the `up` on the data folder, or the usual one. */
export async function whereUpIs(given: string | undefined, data: string): Promise<Place> {
  const ready = await findReady(data);
  const endpoint = given ?? ready?.firehose ?? 'http://127.0.0.1:4573';
  return { endpoint, ready: ready?.firehose === endpoint.replace(/\/$/, '') ? ready : undefined };
}

export function webAddress(value: string): string {
  if (/^https?:\/\/[^/]+\/?$/.test(value) && URL.canParse(value)) return value;
  throw new InvalidArgumentError('An address such as http://127.0.0.1:4573.');
}
