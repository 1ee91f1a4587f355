/** Where the URL of a Slack webhook comes from. The URL is a secret: whoever has it can post. */
export interface WebhookSource {
  /** What the source is called, for messages that may not show the URL. */
  readonly name: string;
  url(): Promise<string>;
  /** The URL as it stands now, whatever is cached: Slack refused the one we have. */
  reread(): Promise<string>;
}

/** Reads a SecureString parameter, decrypted. */
export type ReadParameter = (name: string) => Promise<string>;

/** A rotated webhook is noticed after this long, or at once when Slack refuses the old one. */
const cacheTime = 5 * 60_000;

/**
 * The webhook that the environment names: `SLACK_WEBHOOK_PARAMETER` (an SSM SecureString) or `SLACK_WEBHOOK_URL`.
 *
 * @throws Error when neither is set.
 */
export function webhookSource(
  env: Readonly<Record<string, string | undefined>>,
  readParameter: ReadParameter = readSsmParameter,
  now: () => number = Date.now,
): WebhookSource {
  const { SLACK_WEBHOOK_URL: url, SLACK_WEBHOOK_PARAMETER: parameter } = env;
  if (url) return { name: 'SLACK_WEBHOOK_URL', url: async () => url, reread: async () => url };
  if (parameter) return parameterSource(parameter, readParameter, now);
  throw new Error(
    'set SLACK_WEBHOOK_PARAMETER to the name of an SSM SecureString that holds the webhook URL, or SLACK_WEBHOOK_URL',
  );
}

function parameterSource(name: string, readParameter: ReadParameter, now: () => number): WebhookSource {
  let cached: { readonly url: string; readonly readAt: number } | undefined;
  const reread = async () => {
    cached = { url: (await readParameter(name)).trim(), readAt: now() };
    return cached.url;
  };
  return {
    name: `SSM parameter ${name}`,
    url: async () => (cached && now() < cached.readAt + cacheTime ? cached.url : reread()),
    reread,
  };
}

/** The client is loaded when first needed, because most invocations post nothing. */
async function readSsmParameter(name: string): Promise<string> {
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  const { Parameter: parameter } = await new SSMClient().send(
    new GetParameterCommand({ Name: name, WithDecryption: true }),
  );
  if (!parameter?.Value) throw new Error(`SSM parameter ${name} is empty; store the webhook's URL in it`);
  return parameter.Value;
}
