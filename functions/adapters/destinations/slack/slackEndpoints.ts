import type { Destination, Endpoint } from '../../../../shared/alerts/destination.js';
import { defaultRoute } from '../../../../shared/alerts/routing.js';
import type { Parameters } from '../../parameters.js';
import { secretMap } from '../../secretMap.js';

type Endpoints = Pick<Destination, 'endpointOf' | 'placeOf'>;

/**
 * The webhooks of routes as the environment has them. On a laptop: `SLACK_WEBHOOK_URLS` (JSON, a URL for each route),
 * `SLACK_WEBHOOK_BASE` (a URL that a route's name is put after) and `SLACK_WEBHOOK_URL` (that of every other route).
 * In AWS: `SLACK_WEBHOOK_PREFIX`, the path of the SSM SecureStrings that are named by the routes.
 *
 * @throws Error when none of them is set.
 */
export function slackEndpoints(env: Readonly<Record<string, string | undefined>>, parameters: Parameters): Endpoints {
  const {
    SLACK_WEBHOOK_URL: url,
    SLACK_WEBHOOK_URLS: urls,
    SLACK_WEBHOOK_BASE: base,
    SLACK_WEBHOOK_PREFIX: prefix,
  } = env;
  if (url || urls || base) return environmentEndpoints(readUrls(urls), base, url);
  if (prefix) return parameterEndpoints(prefix, parameters);
  throw new Error(
    'set SLACK_WEBHOOK_PREFIX to the path of SSM SecureStrings that hold a webhook URL for each route, or SLACK_WEBHOOK_URL',
  );
}

function readUrls(urls: string | undefined): Readonly<Record<string, string>> {
  return urls ? secretMap('SLACK_WEBHOOK_URLS', urls, { default: 'https://…' }) : {};
}

function environmentEndpoints(
  urls: Readonly<Record<string, string>>,
  base: string | undefined,
  fallback: string | undefined,
): Endpoints {
  return {
    async endpointOf(route): Promise<Endpoint | undefined> {
      const own = urls[route];
      if (own) return { owner: route, name: `SLACK_WEBHOOK_URLS.${route}`, url: own };
      if (route === defaultRoute && fallback) return { owner: route, name: 'SLACK_WEBHOOK_URL', url: fallback };
      return base
        ? { owner: route, name: 'SLACK_WEBHOOK_BASE', url: `${base}${encodeURIComponent(route)}` }
        : undefined;
    },
    placeOf: (route) => `SLACK_WEBHOOK_URLS.${route}`,
  };
}

function parameterEndpoints(prefix: string, parameters: Parameters): Endpoints {
  const placeOf = (route: string) => `SSM parameter ${prefix}${route}`;
  return {
    async endpointOf(route, signal, freshness) {
      const url = await parameters.read(`${prefix}${route}`, signal, freshness);
      return url === undefined ? undefined : { owner: route, name: placeOf(route), url };
    },
    placeOf,
  };
}
