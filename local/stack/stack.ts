import type { Credentials } from '../aws/sigV4.js';
import type { StackEmitter } from '../events.js';
import type { FaultRates } from '../firehose/faults.js';

export interface StackOptions {
  /** Folder for everything the stack keeps. */
  readonly data: string;
  /** Ports of the Firehose API over HTTP and HTTPS and of the console; 0 takes any free one. */
  readonly port: number;
  readonly tlsPort: number;
  readonly consolePort: number;
  /** Seconds within which a line is to reach its object, instead of the template's two intervals. */
  readonly flush?: number;
  /** New streams are CREATING and deleted ones DELETING for a moment, as in AWS, instead of for no time. */
  readonly asAws?: boolean;
  /** Seconds from one run of each scheduled function to the next, instead of the rate that infra/functions.yml gives it. */
  readonly sweep?: number;
  /** Webhooks to post alerts to by route, instead of the inbox; `default` is that of every route that is not named. */
  readonly slack?: { readonly [route: string]: string };
  /** Forward rows to the sink of the configuration, for real, instead of to the intake of this machine. */
  readonly forward?: boolean;
  /** The configuration, instead of the project's infra/firesplit.yml. */
  readonly config?: string;
  /** Folder of rule files, instead of the project's infra/rules. */
  readonly rules?: string;
  /** Write to the S3 buckets of the streams, with the caller's own credentials, instead of to folders. */
  readonly s3?: boolean;
  /** The same at a service that speaks S3, such as `http://127.0.0.1:9000`. */
  readonly s3Endpoint?: string;
  /** Names and addresses, beside this machine's own, under which the ports are served; `*.name` for all below one. */
  readonly allowHost?: readonly string[];
  /** The only access key that requests may be signed with; without it any signature will do. */
  readonly credentials?: Credentials;
  /** What goes wrong on demand, and the seed that says when. */
  readonly fault?: FaultRates;
  readonly faultSeed?: number;
  /** Told from the start, what is found in the data folder included. */
  readonly events?: StackEmitter;
}

/** What `up` prints as `ready {…}` when the stack can be used. */
export interface Ready {
  readonly firehose: string;
  readonly firehoseTls: string;
  readonly slack: string;
  readonly console: string;
  /** What was forwarded to no sink, to be looked at. */
  readonly intake: string;
  /** What a request that changes the console's state must carry, as `Authorization: Bearer …`. */
  readonly token: string;
  /** Absolute path. */
  readonly data: string;
  /** Absolute path of the certificate to trust for `firehoseTls`. */
  readonly ca: string;
  readonly stream: string;
  readonly bucket: string;
}

export interface Stack {
  readonly urls: Pick<Ready, 'firehose' | 'firehoseTls' | 'slack' | 'console' | 'intake'>;
  readonly data: string;
  readonly ca: string;
  readonly stream: string;
  readonly bucket: string;
  readonly ready: Ready;
  /** Whether rows are forwarded to the intake of this machine. */
  readonly forwards: boolean;
  /** Milliseconds after which a line can be queried at the latest, apart from the time that the function takes. */
  readonly queryableWithin: number;
  readonly events: StackEmitter;
  /** Transforms, delivers and tells everything that was accepted so far; the scheduled functions run once more for it. */
  flush(): Promise<void>;
  /** Refuses further puts, flushes, and closes. */
  stop(): Promise<void>;
}
