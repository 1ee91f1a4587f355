import type { DestinationAnswer, Endpoint } from '../../../../shared/alerts/destination.js';
import { slack } from '../../../../shared/limits.js';
import { reasonOf } from '../http/reason.js';

/** Characters of a reason that are shown. */
const shownReason = 200;

/**
 * What an error of SNS's client means. Those of Publish: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html; those of any
 * action: https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
 */
export function answerOf(error: unknown, { owner, name, url }: Endpoint): DestinationAnswer {
  const { code, status } = refusalOf(error);
  // It says not for how long: the pace of all destinations is its pause.
  if (status === 429 || /throttl/i.test(code)) return { result: 'throttled', retryAfter: slack.minInterval };
  const shown = reasonOf(error).replace(/\s+/g, ' ').slice(0, shownReason);
  if (status === undefined) return { result: 'unavailable', reason: `SNS of route ${owner} was not reached: ${shown}` };
  const reason = `SNS of route ${owner} answered ${status} ${code} ${shown}`;
  if (status >= 500) return { result: 'unavailable', reason };
  return {
    result: 'refused',
    reason: `${reason}; ${remedies[code] ?? `see that ${url} takes messages, or put another topic into ${name}`}`,
  };
}

/** The code and status of an answer; no status when there was no answer. */
function refusalOf(error: unknown): { readonly code: string; readonly status: number | undefined } {
  if (!(error instanceof Error)) return { code: '', status: undefined };
  const { $metadata: metadata } = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
  return { code: error.name, status: metadata?.httpStatusCode };
}

const remedies: Readonly<Record<string, string>> = {
  AuthorizationErrorException:
    'deploy again after a change of routes, and see that the policy of the topic allows it (docs/routes.md)',
  KMSAccessDeniedException:
    'have the key of the topic allow kms:GenerateDataKey and kms:Decrypt to the functions (docs/routes.md)',
};
