import type { EventEmitter } from 'node:events';
import type { SlackMessage } from './slack/message.js';

/** What happens inside the local stack, for whoever runs it. */
export interface StackEvents {
  /** A stream accepted records, from somebody outside or put back by the transform. */
  accepted: [
    { readonly stream: string; readonly sender: 'client' | 'transform'; readonly data: readonly Uint8Array[] },
  ];
  /**
   * An object was written under the bucket's folder. `records` counts the records that the transform returned;
   * `partitioned` when dynamic partitioning chose the prefix, which is billed.
   */
  delivered: [
    { readonly key: string; readonly bytes: number; readonly records: number; readonly partitioned?: boolean },
  ];
  /** The same object, with what the function returned for it: lines, gzipped if the function gzips. */
  stored: [{ readonly key: string; readonly data: readonly Uint8Array[] }];
  /** Records went to the error output for one reason. */
  failed: [{ readonly errorType: string; readonly code: string; readonly message: string; readonly records: number }];
  /** A function was invoked; bytes are those of the event and the answer as JSON. */
  invoked: [
    {
      readonly function: string;
      readonly outcome: string;
      readonly records: number;
      readonly ms: number;
      /** What Lambda bills: milliseconds (none when the request was refused) of the configured memory in MB. */
      readonly billedMs: number;
      readonly memoryMb: number;
      readonly requestBytes: number;
      readonly responseBytes: number;
      /** The file in the data folder that has what the function printed; none when nothing ran. */
      readonly log: string | undefined;
    },
  ];
  /** The functions, or Lambda for them, used a service that bills its requests; `units` as it counts them. */
  requested: [{ readonly service: BilledRequest; readonly units: number }];
  /** A client or a function wrote an object of so many bytes, through the S3 API. */
  put: [{ readonly key: string; readonly bytes: number }];
  /** A file of the settings changed; the functions have the new ones from the next invocation on. */
  reloaded: [{ readonly config: string; readonly rules: string }];
  /** The Slack inbox took a message. */
  alert: [SlackMessage];
  /** The intake of this machine took so many entries. */
  forwarded: [{ readonly entries: number }];
  /** Something that needs an operator's eye, in one line. */
  problem: [string];
}

/** `s3` are those that write or list, `s3Gets` those that read. */
type BilledRequest = 's3' | 's3Gets' | 'sqs' | 'dynamodb';

export type StackEmitter = EventEmitter<StackEvents>;
