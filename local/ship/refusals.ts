/** Whether a request failed because nobody is there to answer it. */
export function isUnanswered(error: Error): boolean {
  // For a name with several addresses Node gives only a code; fetch hides it in the cause.
  const codes = [error, error.cause].map((each) => (each instanceof Error && 'code' in each ? each.code : ''));
  return /\b(ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENOTFOUND)\b/.test(`${codes.join(' ')} ${error.message}`);
}

/** What to tell of a put that failed. */
export function explained(error: unknown, { endpoint, stream }: { endpoint: string; stream: string }): unknown {
  if (!(error instanceof Error)) return error;
  const because = { cause: error };
  if (isUnanswered(error)) {
    const remedy = 'start "firesplit up", or give its address with --endpoint';
    return new Error(`Nothing answers at ${endpoint}: ${remedy}.`, because);
  }
  if (error.name === 'ResourceNotFoundException') {
    return new Error(`There is no stream ${stream} at ${endpoint}: name one that is there with --stream.`, because);
  }
  if (isSignInError(error)) {
    const remedy =
      'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to what "firesplit up" was given with --credentials, or sign in to AWS';
    return new Error(`The records were refused: ${error.message} To mend it, ${remedy}.`, because);
  }
  return error;
}

/** Whether a service refused who asks, rather than what. */
export function isSignInError({ name }: Error): boolean {
  return signInErrors.has(name);
}

/** Services that answer in XML, such as CloudFormation and S3, have other names for it than those that answer in JSON. */
const signInErrors = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);
