import { type ConfSection, parseConf } from '../conf.js';
import { confKey, confPath, type ShippedRouter } from '../shippedRouter.js';
import { confVariable } from '../taskDefinition.js';
import type { Container } from './task.js';

/**
 * What is known of the configuration that ECS includes into its own.
 *
 * - none: ECS's file is all that Fluent Bit reads, with the outputs of the containers' log options;
 * - unseen: a file of the team's own, which was not given to the check;
 * - seen: its text.
 */
export type RouterConf =
  | { readonly kind: 'none' }
  | { readonly kind: 'unseen'; readonly file: string }
  | { readonly kind: 'seen'; readonly text: string; readonly sections: readonly ConfSection[] };

/** @param given the configuration as the caller has it at hand; it counts more than what the definition says of one */
export function routerConf(router: Container, shipped: ShippedRouter, given: string | undefined): RouterConf {
  if (given !== undefined) return seen(given);
  const inside = router.environment.get(confVariable);
  if (inside !== undefined) return seen(inside);
  const [file, ...others] = filesOf(router);
  if (file === undefined) return { kind: 'none' };
  // What the image of infra/fluent-bit and the deployment's bucket hold is known by where it is.
  const isShipped = file === confPath || [file, ...others].some((each) => each.endsWith(`/${confKey}`));
  return isShipped ? seen(shipped.conf) : { kind: 'unseen', file };
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
