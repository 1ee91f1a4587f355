import type { Rule } from '../rules/rule.js';
import type { AlertState, Notice } from './decide.js';

/** Names what is remembered together: one rule and one of its keys. */
export interface AlertId {
  readonly rule: string;
  readonly key: string;
}

export interface StoredAlert {
  readonly state: AlertState;
  /** Changes with every save. */
  readonly version: number;
}

/** Where alert states are kept: DynamoDB, or memory in tests. */
export interface AlertStore {
  /** What was saved last, by whomever. */
  load(id: AlertId): Promise<StoredAlert | undefined>;
  /**
   * Saves only if the stored version is still `expected` (undefined: if nothing is stored).
   *
   * @param expires ms since the epoch, after which the state may be forgotten.
   * @returns false when somebody else saved in the meantime; nothing has changed then.
   */
  save(id: AlertId, state: AlertState, expected: number | undefined, expires: number): Promise<boolean>;
}

/** What people are told. */
export interface Alert extends AlertId {
  readonly settings: Rule;
  readonly notice: Notice;
}

export type PostResult =
  | { readonly result: 'sent' }
  /** Throttled, down or not reached: a later attempt may succeed. */
  | { readonly result: 'unavailable'; readonly reason: string }
  /** The message or the channel was refused: an operator has to act. */
  | { readonly result: 'refused'; readonly reason: string };

/** The way to people. */
export interface Notifier {
  post(alert: Alert): Promise<PostResult>;
}
