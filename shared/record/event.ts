/** One log line with what its collector said about it. */
export interface LogEvent {
  /** The line; an object when the collector had parsed it as JSON already. */
  readonly log: string | Readonly<Record<string, unknown>>;
  /** When the collector read it, ms since the epoch; undefined when it does not say. */
  readonly time: number | undefined;
  readonly origin: Origin;
}

/** Who wrote a line. One object is shared by all lines of a container. */
export interface Origin {
  readonly service?: string;
  readonly source?: string;
  readonly task?: string;
  readonly cluster?: string;
  /** What else the collector said, for `fields`. */
  readonly extra: readonly (readonly [key: string, value: unknown])[];
}

export const unknownOrigin: Origin = { extra: [] };
