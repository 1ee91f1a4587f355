/** Closes what was opened: the last first, each when the one before it is closed. */
export class Closers {
  private readonly closers: (() => unknown)[] = [];

  add(...closers: readonly (() => unknown)[]): void {
    this.closers.push(...closers);
  }

  async closeAll(): Promise<void> {
    for (let close = this.closers.pop(); close; close = this.closers.pop()) await close();
  }
}
