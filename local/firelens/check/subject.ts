import type { ShippedRouter } from '../shippedRouter.js';
import { type Effect, type Finding, type Path, pathText, type sources } from './finding.js';
import type { RouterConf } from './routerConf.js';
import type { Container, Task } from './task.js';

/** What all rules look at. */
export interface Subject {
  readonly task: Task;
  readonly router: Container;
  /** The containers whose lines go through the router. */
  readonly senders: readonly Container[];
  readonly conf: RouterConf;
  /** Bytes of an average line. */
  readonly lineBytes: number;
  /** The policy of the task role; undefined when nobody gave it. */
  readonly policy: unknown;
  readonly shipped: ShippedRouter;
}

/** A group of rules. */
export type Rules = (subject: Subject) => Finding[];

/** A finding at a place below a container or the task. */
export function finding(
  rule: string,
  effect: Effect,
  { path }: { readonly path: Path },
  below: Path,
  words: { readonly problem: string; readonly remedy: string; readonly source: (typeof sources)[keyof typeof sources] },
): Finding {
  return { rule, effect, path: pathText([...path, ...below]), ...words };
}
