import type { Digest } from '../ports.js';

/** What became of a digest. */
export type DigestOutcome = DigestId &
  ({ readonly outcome: 'sent' | 'digested' } | { readonly outcome: 'unsent' | 'refused'; readonly reason: string });

interface DigestId extends Pick<Digest, 'number' | 'alerts' | 'lines'> {
  readonly route: string;
  /** That of `group_by`, for the message of a group. */
  readonly group?: string;
}
