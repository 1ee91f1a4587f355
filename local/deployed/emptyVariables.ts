/** Variables that the AWS SDK takes as they are, so that an empty one hides what a profile says. */
const names = [
  'AWS_REGION',
  'AWS_PROFILE',
  'AWS_ENDPOINT_URL',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
];

/** Takes empty variables as unset, as the AWS CLI does: scripts and CI systems leave them so. */
export function unsetEmpty(env: NodeJS.ProcessEnv): void {
  for (const name of names) {
    if (env[name]?.trim() === '') delete env[name];
  }
}
