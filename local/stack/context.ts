import type { StackEmitter } from '../events.js';
import type { Closers } from './closers.js';
import type { StackOptions } from './stack.js';

/** What every part of a stack is opened with. */
export interface StackContext {
  readonly options: StackOptions;
  /** The project's root, with infra/ and dist/. */
  readonly root: string;
  /** Absolute path of the folder for everything that the stack keeps. */
  readonly data: string;
  readonly region: string;
  readonly accountId: string;
  readonly events: StackEmitter;
  /** Takes a way to close whatever is opened. */
  readonly closers: Closers;
}
