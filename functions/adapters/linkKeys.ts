import type { Freshness } from '../../shared/alerts/destination.js';
import { silenceLinks } from '../../shared/bounds.js';
import { keysIn } from './keys.js';
import type { Parameters } from './parameters.js';

/** The keys that sign the links in messages, the one that signs first; empty when there is none that will do. Never throws. */
export type LinkKeys = (freshness: Freshness) => Promise<readonly string[]>;

/**
 * The keys in the SSM SecureString that `SILENCE_KEYS_PARAMETER` names, or on a laptop those of `SILENCE_KEYS`: with commas
 * between.
 *
 * @param warn is told why there are no links, at most once in a minute.
 */
export function linkKeys(
  env: Readonly<Record<string, string | undefined>>,
  parameters: Parameters,
  warn: (problem: string) => void,
  now: () => number = Date.now,
): LinkKeys {
  const { SILENCE_KEYS: own, SILENCE_KEYS_PARAMETER: name = '' } = env;
  let failedAt = Number.NEGATIVE_INFINITY;
  let readAt = Number.NEGATIVE_INFINITY;

  async function read(freshness: Freshness): Promise<string | undefined> {
    if (own) return own;
    // Anybody may send a token that nobody has signed: that is no reason to ask SSM again and again.
    const isCurrent = freshness === 'current' && now() >= readAt + rereadPause;
    if (isCurrent) readAt = now();
    return parameters.read(name, AbortSignal.timeout(readTimeout), isCurrent ? 'current' : 'cached');
  }

  return async (freshness) => {
    // No alert waits for what could not be had a moment ago.
    if (now() < failedAt + failurePause) return [];
    try {
      const keys = keysIn(await read(freshness)).filter((key) => key.length >= silenceLinks.minKeyLength);
      if (keys.length > 0) return keys;
      warn(
        `${own ? 'SILENCE_KEYS' : `SSM parameter ${name}`} holds no key of at least ${silenceLinks.minKeyLength} characters`,
      );
    } catch (error) {
      warn(`SSM parameter ${name} can't be read: ${error instanceof Error ? error.message : error}`);
    }
    failedAt = now();
    return [];
  };
}

/** Milliseconds. */
const [readTimeout, rereadPause, failurePause] = [2000, 10_000, 60_000];
