import type { Freshness } from '../../../shared/alerts/destination.js';

/** Where a sink is, and what it is opened with. */
export interface SinkSecrets {
  /** The value of a parameter. @throws Error when there is none, or it can't be read in time. */
  read(parameter: string, signal: AbortSignal, freshness: Freshness): Promise<string>;
  /** What an operator calls a parameter. */
  nameOf(parameter: string): string;
  /** Rows go to this address of the laptop instead of to the sink: what comes before the path of its API. */
  readonly intake?: string | undefined;
}

/** Headers whose values are parameters, read; none for the laptop's intake, which nobody keeps a secret from. */
export async function secretHeaders(
  headers: Readonly<Record<string, string>>,
  { read, intake }: SinkSecrets,
  signal: AbortSignal,
  freshness: Freshness,
): Promise<Readonly<Record<string, string>>> {
  const values = Object.entries(headers).map(async ([name, parameter]) => {
    return [name, intake === undefined ? await read(parameter, signal, freshness) : 'local'] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}
