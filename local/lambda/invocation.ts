/** How one invocation of a function ended. */
export type InvocationResult =
  | { readonly outcome: 'returned' /** The handler's answer as JSON. */; readonly payload: string }
  | { readonly outcome: 'threw'; readonly errorType: string; readonly message: string }
  | { readonly outcome: 'timed out'; readonly afterMs: number }
  | { readonly outcome: 'crashed'; readonly message: string };

/** Invokes a function synchronously with an event (JSON) of so many records. */
export type Invoke = (event: string, records: number) => Promise<InvocationResult>;
