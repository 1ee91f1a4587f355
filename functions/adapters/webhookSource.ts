import { defaultRoute } from '../../shared/alerts/routing.js';

/** A Slack webhook. Its URL is a secret: whoever has it can post. */
export interface Webhook {
  /** The route that it was set up for: the one that was asked for, or the one it falls back to. */
  readonly route: string;
  /** What it is called, for messages that may not show the URL. */
  readonly name: string;
  readonly url: string;
}

/** Where the webhook of each route comes from. */
export interface WebhookSource {
  /** @throws Error when it can't be read in time, or when there is none: neither for the route nor for `default`. */
  webhook(route: string, signal: AbortSignal): Promise<Webhook>;
  /** The webhook as it stands now, whatever is cached: Slack refused the one we have. */
  reread(route: string, signal: AbortSignal): Promise<Webhook>;
}

/** Reads a SecureString parameter, decrypted; undefined when there is none of this name. */
export type ReadParameter = (name: string, signal: AbortSignal) => Promise<string | undefined>;

/** A rotated webhook is noticed after this long, or at once when Slack refuses the old one. */
const cacheTime = 5 * 60_000;

/** SSM answers in a few milliseconds; when it does not, the webhook that worked is to have time to be used. */
const readTimeout = 2000;

/**
 * The webhooks that the environment names. On a laptop: `SLACK_WEBHOOK_URLS` (JSON, a URL for each route),
 * `SLACK_WEBHOOK_BASE` (a URL that a route's name is put after) and `SLACK_WEBHOOK_URL` (that of every other route).
 * In AWS: `SLACK_WEBHOOK_PREFIX`, the path of the SSM SecureStrings that are named by the routes.
 *
 * @throws Error when none of them is set.
 */
export function webhookSource(
  env: Readonly<Record<string, string | undefined>>,
  readParameter: ReadParameter = readSsmParameter,
  now: () => number = Date.now,
): WebhookSource {
  const {
    SLACK_WEBHOOK_URL: url,
    SLACK_WEBHOOK_URLS: urls,
    SLACK_WEBHOOK_BASE: base,
    SLACK_WEBHOOK_PREFIX: prefix,
  } = env;
  if (url || urls || base) return environmentSource(urls ? readUrls(urls) : {}, base, url);
  if (prefix) return parameterSource(prefix, readParameter, now);
  throw new Error(
    'set SLACK_WEBHOOK_PREFIX to the path of SSM SecureStrings that hold a webhook URL for each route, or SLACK_WEBHOOK_URL',
  );
}

function environmentSource(
  urls: Readonly<Record<string, string>>,
  base: string | undefined,
  fallback: string | undefined,
): WebhookSource {
  const webhook = async (route: string): Promise<Webhook> => {
    const own = urls[route];
    if (own) return { route, name: `SLACK_WEBHOOK_URLS.${route}`, url: own };
    if (base && route !== defaultRoute)
      return { route, name: 'SLACK_WEBHOOK_BASE', url: `${base}${encodeURIComponent(route)}` };
    if (fallback) return { route: defaultRoute, name: 'SLACK_WEBHOOK_URL', url: fallback };
    if (base) return { route, name: 'SLACK_WEBHOOK_BASE', url: `${base}${defaultRoute}` };
    if (urls[defaultRoute])
      return { route: defaultRoute, name: `SLACK_WEBHOOK_URLS.${defaultRoute}`, url: urls[defaultRoute] };
    throw new Error(`SLACK_WEBHOOK_URLS has no webhook for route ${route}; add one, or one for "${defaultRoute}"`);
  };
  return { webhook, reread: webhook };
}

function readUrls(json: string): Readonly<Record<string, string>> {
  const urls = parseJson(json);
  const wellFormed =
    typeof urls === 'object' && urls !== null && Object.values(urls).every((url) => typeof url === 'string');
  if (!wellFormed || Array.isArray(urls)) {
    throw new Error('SLACK_WEBHOOK_URLS is not a JSON object of URLs by route, such as {"default": "https://…"}');
  }
  return urls as Readonly<Record<string, string>>;
}

/** What the parser says of bad JSON quotes it, and with it a secret. */
function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function parameterSource(prefix: string, readParameter: ReadParameter, now: () => number): WebhookSource {
  const cached = new Map<string, { readonly url: string | undefined; readonly readAt: number }>();

  async function read(route: string, signal: AbortSignal): Promise<string | undefined> {
    const url = (await readParameter(`${prefix}${route}`, signal))?.trim() || undefined;
    cached.set(route, { url, readAt: now() });
    return url;
  }

  async function recall(route: string, signal: AbortSignal): Promise<string | undefined> {
    const known = cached.get(route);
    if (known && now() < known.readAt + cacheTime) return known.url;
    try {
      return await read(route, signal);
    } catch (error) {
      if (!known) throw error;
      // While SSM can't be reached, what was so will do.
      cached.set(route, { ...known, readAt: now() });
      return known.url;
    }
  }

  async function webhookOf(route: string, lookUp: typeof read, signal: AbortSignal): Promise<Webhook> {
    const soon = AbortSignal.any([signal, AbortSignal.timeout(readTimeout)]);
    for (const each of new Set([route, defaultRoute])) {
      const url = await lookUp(each, soon);
      if (url !== undefined) return { route: each, name: `SSM parameter ${prefix}${each}`, url };
    }
    throw new Error(
      `there is no SSM parameter ${prefix}${route} nor ${prefix}${defaultRoute}; store a webhook's URL in one of them, as a SecureString`,
    );
  }

  return {
    webhook: (route, signal) => webhookOf(route, recall, signal),
    reread: (route, signal) => webhookOf(route, read, signal),
  };
}

/** The client is loaded when first needed, because most invocations post nothing. */
async function readSsmParameter(name: string, signal: AbortSignal): Promise<string | undefined> {
  const { GetParameterCommand, ParameterNotFound, SSMClient } = await import('@aws-sdk/client-ssm');
  try {
    const { Parameter: parameter } = await new SSMClient().send(
      new GetParameterCommand({ Name: name, WithDecryption: true }),
      { abortSignal: signal },
    );
    return parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}
