import { milliseconds } from '../text/statedDuration.js';
import type { PlacedProblem, ProblemPath } from '../yaml/source.js';
import type { Config } from './config.js';
import { badHeaders, badUrl, exactlyOne } from './endpointProblems.js';
import type { DatadogSettings, HttpSettings, OtlpSettings } from './forwardConfig.js';

/** What a JSON Schema can't say of the section `forward`. */
export function badForward({ forward }: Config): PlacedProblem[] {
  if (!forward) return [];
  const { datadog, http, otlp, max_age: maxAge } = forward;
  return [
    ...exactlyOne(forward, ['datadog', 'http', 'otlp'], ['forward']),
    ...(maxAge === undefined ? [] : badMaxAge(maxAge)),
    ...(datadog ? badDatadog(datadog, ['forward', 'datadog']) : []),
    ...(http ? badEndpoint(http, ['forward', 'http']) : []),
    ...(otlp ? badEndpoint(otlp, ['forward', 'otlp']) : []),
  ];
}

/** Longer than anything that landed is kept. */
const longestDays = 400;

function badMaxAge(maxAge: string): PlacedProblem[] {
  if (milliseconds(maxAge) <= milliseconds(`${longestDays}d`)) return [];
  return [{ path: ['forward', 'max_age'], message: `max_age is "${maxAge}"; the longest is ${longestDays}d` }];
}

function badDatadog(settings: DatadogSettings, path: ProblemPath): PlacedProblem[] {
  const { url } = settings;
  return [...exactlyOne(settings, ['site', 'url'], path), ...(url === undefined ? [] : badUrl(url, [...path, 'url']))];
}

function badEndpoint({ url, headers, secret_headers: secret = {} }: HttpSettings | OtlpSettings, path: ProblemPath) {
  const also = ['content-encoding', ...Object.keys(secret).map((name) => name.toLowerCase())];
  return [
    ...badUrl(url, [...path, 'url']),
    ...badHeaders(headers, [...path, 'headers'], also),
    ...badHeaders(secret, [...path, 'secret_headers'], ['content-encoding']),
  ];
}
