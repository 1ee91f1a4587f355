import type { DestinationAnswer } from '../../../../shared/alerts/destination.js';

/**
 * Makes requests one after the other until one fails: the whole message is posted again then, and each request says the same as
 * before.
 */
export async function postEach<R>(
  requests: readonly R[],
  post: (request: R) => Promise<DestinationAnswer>,
): Promise<DestinationAnswer> {
  for (const request of requests) {
    const answer = await post(request);
    if (answer.result !== 'sent') return answer;
  }
  return { result: 'sent' };
}
