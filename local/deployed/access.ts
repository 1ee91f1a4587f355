import { isSignInError, isUnanswered } from '../ship/refusals.js';
import type { ReachedOptions } from './deployedOptions.js';

/** How the clients of a command reach what it is about. */
export function accessTo({ aws, endpoint }: ReachedOptions) {
  return aws ? {} : localAccess(endpoint);
}

function localAccess(endpoint: string) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION } = process.env;
  return {
    endpoint,
    region: AWS_REGION ?? 'us-east-1',
    maxAttempts: 1,
    // `up --credentials` asks for its own key; without that flag any will do.
    credentials:
      accessKeyId && secretAccessKey
        ? { accessKeyId, secretAccessKey }
        : { accessKeyId: 'local', secretAccessKey: 'local' },
  };
}

/** What a request was about, for people who are told that it failed. */
export interface Asked {
  /** Such as `table firesplit-prod-alerts`. */
  readonly what: string;
  /** What it takes, such as `dynamodb:Scan`. */
  readonly permissions: string;
}

/** What to do when there are no credentials at all. */
export const signIn = 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in (`aws sso login`).';

/** What to tell of a request that failed. */
export function explainedAccess(
  error: unknown,
  { endpoint, aws, stage }: ReachedOptions,
  { what, permissions }: Asked,
): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message } = error;
  const because = { cause: error };
  if (!aws && isUnanswered(error)) {
    return new Error(
      `Nothing answers at ${endpoint}: start "firesplit up", give its address with --endpoint, or look at a deployed stage with --aws.`,
      because,
    );
  }
  if (message === 'Region is missing') {
    return new Error(`No region is set: set AWS_REGION to that of stage ${stage}, or AWS_PROFILE.`, because);
  }
  if (name === 'ResourceNotFoundException' || name === 'UnknownOperationException') {
    const remedy = aws
      ? `deploy stage ${stage} first, name another with --stage, or set AWS_REGION to its region`
      : 'is that the port of a current "firesplit up"?';
    return new Error(`There is no ${what} ${aws ? 'in this region' : `at ${endpoint}`}: ${remedy}`, because);
  }
  if (aws && name === 'CredentialsProviderError') {
    return new Error(`Nobody is signed in, so ${what} was not asked: ${signIn}`, because);
  }
  if (isSignInError(error)) {
    const remedy = aws
      ? 'Set AWS_PROFILE, or sign in again (`aws sso login`); `aws sts get-caller-identity` tells who you are.'
      : 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to what "firesplit up" was given with --credentials.';
    return new Error(`The request for ${what} was refused: ${message} ${remedy}`, because);
  }
  if (name === 'AccessDeniedException') {
    return new Error(`You may not use ${what}: ${message} It takes ${permissions}.`, because);
  }
  return error;
}
