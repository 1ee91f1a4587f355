declare module 'snappyjs' {
  /** One raw Snappy block. */
  export function compress(block: Buffer): Buffer;
  export function uncompress(block: Buffer): Buffer;
}
