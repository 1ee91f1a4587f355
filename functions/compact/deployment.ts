import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/**
 * Does what a deployment asks of a custom resource, and tells CloudFormation what came of it: it waits for that.
 * A deletion asks for nothing, since the views go with their database.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export async function answerDeployment(
  event: CloudFormationCustomResourceEvent,
  act: () => Promise<void>,
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId, ResponseURL } = event;
  const answer = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'views' };
  const outcome = event.RequestType === 'Delete' ? succeeded : await attempt(act);
  const body = JSON.stringify({ ...answer, ...outcome });
  // The URL is signed for a request without a content type.
  const response = await fetch(ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!response.ok) throw new Error(`CloudFormation answered ${response.status}`);
}

const succeeded = { Status: 'SUCCESS' } as const;

async function attempt(act: () => Promise<void>) {
  try {
    await act();
    return succeeded;
  } catch (error) {
    return {
      Status: 'FAILED',
      Reason: `the views could not be written: ${error instanceof Error ? error.message : error}`,
    } as const;
  }
}
