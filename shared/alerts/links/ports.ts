import type { StateStore } from '../ports.js';
import type { RuleBook } from '../ruleBook.js';

/** What the page of links works on. */
export interface LinkPorts {
  readonly store: StateStore;
  readonly book: RuleBook;
  /** ms since the epoch. */
  readonly now: () => number;
  /** A name for a form that nothing else has. */
  readonly newForm: () => string;
}
