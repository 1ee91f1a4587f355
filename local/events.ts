import type { EventEmitter } from 'node:events';
import type { SlackMessage } from './slack/message.js';

/** What happens inside the local stack, for whoever runs it. */
export interface StackEvents {
  /** An object was written under the bucket's folder. `records` counts the records that the transform returned. */
  delivered: [{ readonly key: string; readonly bytes: number; readonly records: number }];
  /** Records went to the error output for one reason. */
  failed: [{ readonly errorType: string; readonly code: string; readonly message: string; readonly records: number }];
  /** A function was invoked; bytes are those of the event and the answer as JSON. */
  invoked: [
    {
      readonly function: string;
      readonly outcome: string;
      readonly records: number;
      readonly ms: number;
      readonly requestBytes: number;
      readonly responseBytes: number;
    },
  ];
  /** The Slack inbox took a message. */
  alert: [SlackMessage];
  /** Something that needs an operator's eye, in one line. */
  problem: [string];
}

export type StackEmitter = EventEmitter<StackEvents>;
