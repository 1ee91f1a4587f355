/** Who a function is, as its context and environment tell it. */
export interface FunctionIdentity {
  readonly name: string;
  readonly arn: string;
  readonly memoryMB: number;
}

/** From the runtime to a function's thread: one invocation. */
export interface WorkerRequest {
  /** The event as JSON. */
  readonly event: string;
  readonly requestId: string;
  /** When the invocation is cut off, ms since the epoch. */
  readonly deadline: number;
}

/** From a function's thread to the runtime. */
export type WorkerAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'returned' /** JSON. */; readonly payload: string }
  | { readonly kind: 'threw'; readonly errorType: string; readonly message: string };
