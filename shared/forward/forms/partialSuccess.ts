import type { SinkAnswer } from '../ports.js';

/**
 * What an answer of OTLP says beside its status. Records that were rejected may not be sent again, and which they were it does not
 * say: https://opentelemetry.io/docs/specs/otlp/#partial-success-1
 */
export function partialSuccess(body: string): SinkAnswer {
  const { rejectedLogRecords = 0, errorMessage = '' } = partialSuccessIn(body);
  const rejected = Number(rejectedLogRecords);
  if (!(rejected > 0)) return { result: 'accepted' };
  return { result: 'accepted', rejected, reason: String(errorMessage) };
}

/** Whatever else it is, such as nothing at all, it says nothing of this. */
function partialSuccessIn(body: string): { readonly rejectedLogRecords?: unknown; readonly errorMessage?: unknown } {
  try {
    const answer: unknown = JSON.parse(body);
    return Object((answer as { readonly partialSuccess?: unknown } | null)?.partialSuccess);
  } catch {
    return {};
  }
}
