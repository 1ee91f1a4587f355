import { type ConfSection, parseConf } from '../conf.js';
import { confKey, confPath, type ShippedRouter } from '../shippedRouter.js';
import { confVariable } from '../taskDefinition.js';
import { awsImage } from './awsImage.js';
import { type Container, isBelow } from './task.js';

/**
 * What is known of the configuration that ECS includes into its own.
 *
 * - none: ECS's file is all that Fluent Bit reads, with the outputs of the containers' log options;
 * - missing: ECS's file includes one that is not there;
 * - unseen: a file of the team's own, which was not given to the check;
 * - seen: its text.
 */
export type RouterConf =
  | { readonly kind: 'none' }
  | { readonly kind: 'missing' | 'unseen'; readonly file: string }
  | { readonly kind: 'seen'; readonly text: string; readonly sections: readonly ConfSection[] };

/** @param given the configuration as the caller has it at hand; it counts more than what the definition says of one */
export function routerConf(router: Container, shipped: ShippedRouter, given: string | undefined): RouterConf {
  if (given !== undefined) return seen(given);
  const files = filesOf(router);
  const [file] = files;
  if (file === undefined) return { kind: 'none' };
  // What the deployment's bucket holds is known by its key.
  if (files.some((each) => each.endsWith(`/${confKey}`))) return seen(shipped.conf);
  const inVariable = router.environment.get(confVariable);
  const isAws = awsImage(router.image) !== undefined;
  if (inVariable !== undefined && (!isAws || isWritten(router, file))) return seen(inVariable);
  if (isAws) return { kind: isMissing(router, file) ? 'missing' : 'unseen', file };
  // Where the image of infra/fluent-bit has the shipped one.
  return file === confPath ? seen(shipped.conf) : { kind: 'unseen', file };
}

/** Whether the command writes the variable to the file, as the printed one does. */
function isWritten({ entryPoint, command }: Container, file: string): boolean {
  const text = [...entryPoint, ...command].join(' ');
  const [, target] = writesVariable.exec(text) ?? [];
  return target === file;
}

const writesVariable = new RegExp(`\\$\\{?${confVariable}\\b[^>]*>\\s*["']?([^\\s"'&;|]+)`);

/** AWS's image has its own files below /fluent-bit; Firesplit's would have to be written or mounted. */
function isMissing(router: Container, file: string): boolean {
  const isMeant = file === confPath || router.environment.has(confVariable);
  const isThere =
    isBelow(file, '/fluent-bit') ||
    isWritten(router, file) ||
    router.mountedFolders.some((folder) => isBelow(file, folder));
  return isMeant && file.startsWith('/') && !isThere;
}

/** Names of the variables that the init image takes files from. */
export const initVariable = /^aws_fluent_bit_init_(?:[sS]3|[fF]ile)/;

function filesOf({ fireLens, environment }: Container): string[] {
  const included = fireLens?.options.get('config-file-value');
  const initial = [...environment].flatMap(([name, value]) => (initVariable.test(name) ? (value ?? '?') : []));
  return included === undefined ? initial : [included, ...initial];
}

function seen(text: string): RouterConf {
  return { kind: 'seen', text, sections: parseConf(text) };
}
