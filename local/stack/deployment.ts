import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../shared/config/load.js';
import { loadRules } from '../../shared/rules/language/loadRules.js';
import { templateStream } from '../firehose/stream/templateStream.js';
import { Infra } from '../infra/infra.js';
import { type Schedule, schedulesOf } from '../schedule/schedules.js';
import type { StackContext } from './context.js';

/** What the infra files say is to run here. */
export interface Deployment {
  readonly infra: Infra;
  readonly stream: ReturnType<typeof templateStream>;
  /** Milliseconds within which a line is to reach its object, instead of the streams' own intervals. */
  readonly flush: number | undefined;
  /** Name of the bucket for logs. */
  readonly bucket: string;
  readonly schedules: readonly Schedule[];
  /** Variables that name the rules and the configuration to the functions, when they are not those that were built in. */
  readonly overrides: { readonly [variable: string]: string };
}

/**
 * Reads the infra files, the configuration and the rules, so that what is wrong with them is told before anything listens.
 *
 * @param queueUrl asked once the functions are deployed, when the endpoint has its port.
 */
export async function readDeployment(
  { options, root, data, region, accountId }: StackContext,
  queueUrl: (queueName: string) => string,
): Promise<Deployment> {
  const infra = await Infra.load(root, { region, id: accountId, stage: 'local', queueUrl });
  const flush = options.flush === undefined ? undefined : options.flush * 1000;
  const configFile = options.config ?? join(root, 'infra/firesplit.yml');
  return {
    infra,
    stream: templateStream(infra.resource('LogStream'), infra.attribute('LogStream', 'Arn'), Date.now(), flush),
    flush,
    bucket: infra.ref('LogsBucket'),
    schedules: schedulesOf(infra),
    overrides: {
      ...(options.config === undefined ? {} : { CONFIG_FILE: await compileConfig(configFile, data) }),
      ...(options.rules === undefined ? {} : { RULES_FILE: await compileRules(options.rules, configFile, data) }),
    },
  };
}

/** Checks the configuration and leaves it where the functions read it. */
async function compileConfig(configFile: string, data: string): Promise<string> {
  const file = join(data, 'config.json');
  await writeFile(file, JSON.stringify(await loadConfig(configFile)));
  return file;
}

/** Checks the rules and leaves them where the functions read them. */
async function compileRules(folder: string, configFile: string, data: string): Promise<string> {
  const { alerts } = await loadConfig(configFile);
  const rules = await loadRules(folder, alerts);
  const file = join(data, 'rules.json');
  await writeFile(file, JSON.stringify(rules));
  return file;
}
