import type { Stack } from '@aws-sdk/client-cloudformation';
import type { DeliveryStreamDescription } from '@aws-sdk/client-firehose';
import type { Role } from '@aws-sdk/client-iam';
import type { DeployedRole, DeployedStack, DeployedStream } from './stage.js';

/** What services describe, as far as doctor looks at it. */
export function stackOf(stack: Stack): DeployedStack {
  return {
    status: stack.StackStatus ?? '',
    reason: stack.StackStatusReason,
    deployedAt: (stack.LastUpdatedTime ?? stack.CreationTime)?.getTime() ?? 0,
    isProtected: stack.EnableTerminationProtection === true,
    outputs: Object.fromEntries(
      (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? '']),
    ),
  };
}

export function streamOf({ DeliveryStreamStatus, Destinations = [] }: DeliveryStreamDescription): DeployedStream {
  const destination = Destinations[0]?.ExtendedS3DestinationDescription;
  const parameters = (destination?.ProcessingConfiguration?.Processors ?? []).flatMap(
    ({ Parameters = [] }) => Parameters,
  );
  const ofLambda = parameters.find(({ ParameterName }) => ParameterName === 'BufferIntervalInSeconds');
  const seconds = Number(ofLambda?.ParameterValue ?? 0) + (destination?.BufferingHints?.IntervalInSeconds ?? 0);
  return { status: DeliveryStreamStatus ?? '', buffering: seconds * 1000, role: destination?.RoleARN };
}

export function roleOf({ AssumeRolePolicyDocument = '', PermissionsBoundary }: Role): DeployedRole {
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html: URL-encoded JSON.
  const { Statement = [] } = JSON.parse(decodeURIComponent(AssumeRolePolicyDocument) || '{}') as TrustPolicy;
  const statements = [Statement].flat().filter(({ Effect }) => Effect === 'Allow');
  return {
    trusts: statements.flatMap(({ Principal }) =>
      typeof Principal === 'object' ? [Principal.Service ?? []].flat() : [],
    ),
    boundary: PermissionsBoundary?.PermissionsBoundaryArn,
  };
}

interface TrustPolicy {
  readonly Statement?: TrustStatement | readonly TrustStatement[];
}

interface TrustStatement {
  readonly Effect?: string;
  readonly Principal?: string | { readonly Service?: string | readonly string[] };
}

/** Makes undefined of an error that says that something isn't there, and throws every other one. */
export function unless(isAbsence: (error: Error) => boolean): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof Error && isAbsence(error)) return undefined;
    throw error;
  };
}
