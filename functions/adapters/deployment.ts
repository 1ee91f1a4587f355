import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/** What a custom resource of the template stands for. */
export interface Deployed {
  /** Stays the same over all deployments. */
  readonly id: string;
  act(request: CloudFormationCustomResourceEvent['RequestType']): Promise<void>;
  /** What is told of a failure, before its reason. */
  readonly failure: string;
}

/**
 * Does what a deployment asks of a custom resource, and tells CloudFormation what came of it: it waits for that.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export async function answerDeployment(event: CloudFormationCustomResourceEvent, deployed: Deployed): Promise<void> {
  const { StackId, RequestId, LogicalResourceId, ResponseURL, RequestType } = event;
  const answer = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: deployed.id };
  const body = JSON.stringify({ ...answer, ...(await attempt(RequestType, deployed)) });
  // The URL is signed for a request without a content type.
  const response = await fetch(ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!response.ok) throw new Error(`CloudFormation answered ${response.status}`);
}

async function attempt(request: CloudFormationCustomResourceEvent['RequestType'], { act, failure }: Deployed) {
  try {
    await act(request);
    return { Status: 'SUCCESS' } as const;
  } catch (error) {
    return { Status: 'FAILED', Reason: `${failure}: ${error instanceof Error ? error.message : error}` } as const;
  }
}
