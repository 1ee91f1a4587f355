import type { Shape } from './shape.js';

/** A piece of a log format: text that the server writes as it stands, or a value of the request. */
export type Piece = string | Value;

/** What a server writes in the place of a variable or a directive. */
export interface Value {
  /** As the format has it: `$status`, `%>s`. */
  readonly name: string;
  /** The key in `fields` when no column takes the value; undefined when it says nothing by itself. */
  readonly field?: string | undefined;
  readonly target?: Target;
  readonly shape: Shape;
  readonly example: string;
}

export function valuesOf(pieces: readonly Piece[]): readonly Value[] {
  return pieces.filter((piece): piece is Value => typeof piece !== 'string');
}

/** The column that a value is for. Of several values for one column, that with the lowest rank gets it. */
export type Target = { readonly rank: number } & (
  | { readonly column: 'time'; readonly read: (text: string) => number | undefined }
  /** `request` is method, path, query and protocol; `target` is path and query. */
  | { readonly column: 'request' | 'target' }
  /** `clients` is a list of addresses, of which the first is the client's. */
  | { readonly column: 'client_ip' | 'clients' }
  | { readonly column: 'status' | 'bytes' }
  /** `unit` is the number of milliseconds in one of the value. */
  | { readonly column: 'duration_ms'; readonly unit: number }
  | { readonly column: TextColumn }
);

export type TextColumn = 'method' | 'path' | 'query' | 'protocol' | 'referer' | 'user_agent' | 'host' | 'request_id';

/** How a server writes a value that holds quotes, backslashes or control characters, and one that it does not have. */
export interface Escaping {
  /** Whether no quote stands in a value as it is. */
  readonly escapesQuotes: boolean;
  /** Whether nothing at all is written for a value that there is not, rather than `-`. */
  readonly mayBeEmpty: boolean;
  readonly decode: (text: string) => string;
}

/** What is wrong with a log format, with the way to mend it. */
export class LogFormatError extends Error {
  override readonly name = 'LogFormatError';
}
