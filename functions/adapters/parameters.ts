import type { Freshness } from '../../shared/alerts/destination.js';

/** Secrets by name. */
export interface Parameters {
  /** Undefined when there is none of this name, or an empty one. @throws Error when it can't be read in time. */
  read(name: string, signal: AbortSignal, freshness: Freshness): Promise<string | undefined>;
}

/** Reads a SecureString parameter, decrypted; undefined when there is none of this name. */
export type ReadParameter = (name: string, signal: AbortSignal) => Promise<string | undefined>;

/** A rotated secret is noticed after this long, or at once when a destination refuses the old one. */
const cacheTime = 5 * 60_000;

/** SSM answers in a few milliseconds; when it does not, the secret that worked is to have time to be used. */
const readTimeout = 2000;

/** SSM SecureStrings, read at most every five minutes. While SSM can't be reached, the last values are used. */
export function ssmParameters(
  readParameter: ReadParameter = readSsmParameter,
  now: () => number = Date.now,
): Parameters {
  const cached = new Map<string, { readonly value: string | undefined; readonly readAt: number }>();

  async function readNow(name: string, signal: AbortSignal): Promise<string | undefined> {
    const soon = AbortSignal.any([signal, AbortSignal.timeout(readTimeout)]);
    const value = (await readParameter(name, soon))?.trim() || undefined;
    cached.set(name, { value, readAt: now() });
    return value;
  }

  return {
    async read(name, signal, freshness) {
      const known = freshness === 'cached' ? cached.get(name) : undefined;
      if (known && now() < known.readAt + cacheTime) return known.value;
      try {
        return await readNow(name, signal);
      } catch (error) {
        if (!known) throw error;
        cached.set(name, { ...known, readAt: now() });
        return known.value;
      }
    },
  };
}

/** The client is loaded when first needed, because most invocations post nothing. */
async function readSsmParameter(name: string, signal: AbortSignal): Promise<string | undefined> {
  const { GetParameterCommand, ParameterNotFound, SSMClient } = await import('@aws-sdk/client-ssm');
  try {
    const { Parameter: parameter } = await new SSMClient().send(
      new GetParameterCommand({ Name: name, WithDecryption: true }),
      { abortSignal: signal },
    );
    return parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}
