import type { Form } from './form.js';

/** A service that takes rows, such as Datadog. */
export interface Sink {
  readonly form: Form;
  /** Makes one attempt, at once. Never throws. */
  post(body: string, signal: AbortSignal): Promise<SinkAnswer>;
}

export type SinkAnswer =
  /** `rejected` of the entries were not taken, for good: the sink does not say which. */
  | { readonly result: 'accepted'; readonly rejected?: number; readonly reason?: string }
  /** @property retryAfter ms */
  | { readonly result: 'throttled'; readonly retryAfter: number; readonly reason: string }
  | { readonly result: 'unavailable'; readonly reason: string }
  /** The request, or the only entry in it. */
  | { readonly result: 'too large'; readonly reason: string }
  /** Somebody has to mend something first: the reason says what. */
  | { readonly result: 'refused'; readonly reason: string };

/** A landed object that S3 has told of. */
export interface LandedObject {
  readonly bucket: string;
  readonly key: string;
  /** Without quotes. */
  readonly etag: string;
  /** When it landed, ms since the epoch: the same however often it is told. */
  readonly landed: number;
}

/** Notes in the logs bucket: reads see every write that was answered before. */
export interface ForwardDocuments {
  get(key: string): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined>;
  /** False when there is an object of this key. */
  create(key: string, body: Uint8Array): Promise<boolean>;
  /** The new ETag; undefined when the object of that ETag is no longer there. */
  replace(key: string, body: Uint8Array, etag: string): Promise<string | undefined>;
}

export interface ForwardPorts {
  readonly sink: Sink;
  readonly documents: ForwardDocuments;
  /** Its content, if it is still that of the ETag; undefined otherwise. */
  open(object: LandedObject): Promise<AsyncIterable<Uint8Array> | undefined>;
  readonly clock: {
    /** Ms since the epoch. */
    now(): number;
    /** Resolves after so many ms. */
    pause(ms: number): Promise<void>;
  };
}

/** Who works on an object, and until when at most, ms since the epoch. */
export interface ForwardWorker {
  readonly id: string;
  readonly until: number;
}
