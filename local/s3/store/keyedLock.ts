/** Runs what concerns one name one after the other, and the rest side by side. */
export class KeyedLock {
  private readonly last = new Map<string, Promise<unknown>>();

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(name) ?? Promise.resolve();
    const done = before.then(work);
    const settled = done.catch(() => undefined);
    this.last.set(name, settled);
    try {
      return await done;
    } finally {
      if (this.last.get(name) === settled) this.last.delete(name);
    }
  }
}
