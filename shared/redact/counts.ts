/** How many values each rule has replaced. */
export class Counts {
  private byRule = new Map<string, number>();
  private isPaused = false;

  add(rule: string): void {
    if (!this.isPaused) this.byRule.set(rule, (this.byRule.get(rule) ?? 0) + 1);
  }

  /** What is only tried is not counted. */
  without<Result>(redact: () => Result): Result {
    this.isPaused = true;
    try {
      return redact();
    } finally {
      this.isPaused = false;
    }
  }

  take(): ReadonlyMap<string, number> {
    const taken = this.byRule;
    this.byRule = new Map();
    return taken;
  }
}
