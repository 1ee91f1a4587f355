/** Buffered bytes beyond which puts are refused: what a laptop can spare. */
const defaultMaxBytes = 128 * 1024 * 1024;

/** How much is buffered, and how much may be: shared by all streams, since they share the machine. */
export class BufferBound {
  private used = 0;

  constructor(private readonly max = defaultMaxBytes) {}

  get free(): number {
    return this.max - this.used;
  }

  /** Half full: outputs should be delivered early, since nothing else makes room. */
  get pressed(): boolean {
    return this.used > this.max / 2;
  }

  /** @param bytes fewer than none give back. */
  add(bytes: number): void {
    this.used += bytes;
  }
}
