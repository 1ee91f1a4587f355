/** How one invocation of a function ended. */
export type InvocationResult =
  | { readonly outcome: 'returned' /** The handler's answer as JSON. */; readonly payload: string }
  | { readonly outcome: 'threw'; readonly errorType: string; readonly message: string }
  | { readonly outcome: 'timed out'; readonly afterMs: number }
  /** There is no such function. */
  | { readonly outcome: 'not found'; readonly message: string }
  /** It took its execution environment along. */
  | { readonly outcome: 'crashed'; readonly errorType: string; readonly message: string };

/** Invokes a function synchronously with an event (JSON) of so many records. */
export type Invoke = (event: string, records: number) => Promise<InvocationResult>;

/** What one invocation took, as its REPORT line says. */
export interface Usage {
  readonly durationMs: number;
  /** Milliseconds that were spent on loading the function; only the first invocation of an environment has them. */
  readonly initMs: number | undefined;
  /** Duration and loading, rounded up to whole milliseconds. */
  readonly billedMs: number;
  /** The most that the environment's heap and buffers have held so far. */
  readonly maxMemoryMb: number;
}

export interface Invocation {
  readonly result: InvocationResult;
  /** Undefined when nothing ran, since the request was refused. */
  readonly usage: Usage | undefined;
  /** The file that has what it printed, below the function's folder of logs. */
  readonly log: string | undefined;
  /** Undefined when nothing ran. */
  readonly requestId?: string;
  /** The end of what it printed, as `LogType: Tail` tells it. */
  readonly tail?: string;
}
