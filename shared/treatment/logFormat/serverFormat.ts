import type { Escaping, Piece } from './value.js';

/** A server's format, whichever server's. */
export interface ServerFormat {
  readonly pieces: readonly Piece[];
  readonly escaping: Escaping;
}
