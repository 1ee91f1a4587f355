import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Form } from '../../../shared/forward/form.js';
import type { Sink, SinkAnswer } from '../../../shared/forward/ports.js';
import { urlProblem } from '../../../shared/webhook/url.js';
import { startOf } from '../destinations/http/answer.js';
import { pauseOf } from '../destinations/http/pause.js';
import { reasonOf, withoutSecrets } from '../destinations/http/reason.js';
import { type SinkSecrets, secretHeaders } from './sinkSecrets.js';

/** What differs between sinks that take rows by POST. */
export interface HttpSinkOptions {
  /** What logs call it, such as `Datadog`. */
  readonly name: string;
  readonly form: Form;
  readonly url: string;
  /** Where its URL is configured. */
  readonly place: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Names of parameters by header. */
  readonly secretHeaders?: Readonly<Record<string, string>>;
  /** Reads the answer to a request that was taken. */
  accepted?(body: string): SinkAnswer;
}

const compress = promisify(gzip);

/** Characters of an answer that are shown. */
const shownBody = 200;

/** A sink that takes gzipped requests by HTTP. */
export function postingSink(options: HttpSinkOptions, secrets: SinkSecrets): Sink {
  const { form, name, secretHeaders: names = {} } = options;
  return {
    form,
    async post(body, signal) {
      try {
        const data = await compress(body);
        const cached = await secretHeaders(names, secrets, signal, 'cached');
        const first = await send(options, data, cached, signal);
        if (first !== 'unauthorised') return first;
        // The key may have been replaced.
        const current = await secretHeaders(names, secrets, signal, 'current');
        const isSame = JSON.stringify(current) === JSON.stringify(cached);
        const second = isSame ? first : await send(options, data, current, signal);
        return second === 'unauthorised' ? unauthorised(options, secrets) : second;
      } catch (error) {
        return { result: 'unavailable', reason: `${name} can't be posted to: ${reasonOf(error)}` };
      }
    },
  };
}

async function send(
  options: HttpSinkOptions,
  data: Uint8Array,
  secret: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<SinkAnswer | 'unauthorised'> {
  const { name, form, url, place, headers } = options;
  const problem = urlProblem(url);
  if (problem !== undefined) return { result: 'refused', reason: `the URL in ${place} ${problem}` };
  const shown = (text: string) => withoutSecrets(text, { url: '', headers: secret });
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'user-agent': 'firesplit',
        ...headers,
        ...secret,
        'content-type': form.contentType,
        'content-encoding': 'gzip',
      },
      body: data,
      // Log lines, and a key, are for this URL alone.
      redirect: 'manual',
      signal,
    });
    return await answerOf(response, options, shown);
  } catch (error) {
    return { result: 'unavailable', reason: `${name} was not reached: ${shown(reasonOf(error))}` };
  }
}

async function answerOf(
  response: Response,
  { name, place, accepted }: HttpSinkOptions,
  shown: (text: string) => string,
): Promise<SinkAnswer | 'unauthorised'> {
  const { status, headers } = response;
  const body = await startOf(response);
  if (response.ok) return accepted?.(shown(body)) ?? { result: 'accepted' };
  const reason = `${name} answered ${status} ${shown(body).replace(/\s+/g, ' ').slice(0, shownBody)}`.trim();
  if (status === 429) return { result: 'throttled', retryAfter: pauseOf(headers), reason };
  if (status === 413) return { result: 'too large', reason };
  if (status === 401 || status === 403) return 'unauthorised';
  if (status === 408 || status >= 500) {
    // Both may say when to come back.
    return headers.has('retry-after')
      ? { result: 'throttled', retryAfter: pauseOf(headers), reason }
      : { result: 'unavailable', reason };
  }
  const remedy =
    status < 400
      ? `redirects are not followed: put the URL that it leads to into ${place}`
      : `look whether ${place} is the right one; docs/forward.md says what is sent there`;
  return { result: 'refused', reason: `${reason}; ${remedy}` };
}

function unauthorised({ name, secretHeaders = {}, place }: HttpSinkOptions, { nameOf }: SinkSecrets): SinkAnswer {
  const names = Object.values(secretHeaders).map(nameOf);
  const remedy = names.length === 0 ? `${place} has no secret headers` : `put a valid key into ${names.join(' and ')}`;
  return { result: 'refused', reason: `${name} refuses the key: ${remedy}; ${place} has to be of the same account` };
}
