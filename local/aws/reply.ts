import type { Readable } from 'node:stream';

/** What a service of the front answers. */
export interface Reply {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | Uint8Array | Readable;
}
