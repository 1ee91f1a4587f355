/** Who a function is, as its context and environment tell it. */
export interface FunctionIdentity {
  readonly name: string;
  readonly arn: string;
  readonly memoryMB: number;
}

/** What a function's thread is started with. */
export interface WorkerData {
  /** The bundle that exports the handler. */
  readonly module: string;
  readonly handlerName: string;
  readonly identity: FunctionIdentity;
  readonly logStreamName: string;
}

/** From the runtime to a function's thread: one invocation. */
export interface WorkerRequest {
  /** The event as JSON. */
  readonly event: string;
  readonly requestId: string;
  /** When the invocation is cut off, ms since the epoch. */
  readonly deadline: number;
}

/** From a function's thread to the runtime. `memory` is the most that it has used so far, in bytes. */
export type WorkerAnswer =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'returned';
      /** JSON. */
      readonly payload: string;
      readonly memory: number;
    }
  | {
      readonly kind: 'threw';
      readonly errorType: string;
      readonly message: string;
      readonly memory: number;
    }
  /** The thread can't be used again, as a process that has thrown outside its handler can't. */
  | { readonly kind: 'crashed'; readonly errorType: string; readonly message: string }
  | { readonly kind: 'out of memory' };
