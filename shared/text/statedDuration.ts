const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration as rules and options state it: `90s`, `10m`, `1h` or `2d`; undefined when it is not one. */
export function parseStatedDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  return amount && unit ? Number(amount) * units[unit as keyof typeof units] : undefined;
}

/** Milliseconds of a duration whose shape has been checked. */
export function milliseconds(duration: string): number {
  return parseStatedDuration(duration) ?? 0;
}

/** The shortest way to write a duration that `parseStatedDuration` reads; anything below a second is rounded. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / units.s) * units.s;
  for (const unit of ['d', 'h', 'm'] as const) {
    if (seconds > 0 && seconds % units[unit] === 0) return `${seconds / units[unit]}${unit}`;
  }
  return `${seconds / units.s}s`;
}
