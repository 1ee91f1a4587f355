import type { IncomingHttpHeaders } from 'node:http';
import type { Destination, DestinationAnswer, Endpoint } from '../../../shared/alerts/destination.js';
import type { Rule } from '../../../shared/rules/language/rule.js';

/** A request to a service. */
export interface Asked {
  /** What is behind the URL of the endpoint. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A service that alerts are posted to, as its documentation describes it. */
export interface Service {
  readonly name: string;
  /** The destination as it is wired to a server, and an endpoint there. The endpoint has {@link secret} wherever it has secrets. */
  at(url: string, rules: readonly Rule[]): { readonly destination: Destination; readonly endpoint: Endpoint };
  /** Answers by the service's own rules: with 2xx only what it takes. */
  take(asked: Asked): Answer | Promise<Answer>;
  /** Other answers that it gives, whatever it is asked, and what each of them means. */
  readonly answers: readonly (readonly [answer: Answer, means: DestinationAnswer['result']])[];
  /** What it does not take, and the status that it says so with. */
  readonly refuses: readonly (readonly [what: string, asked: Asked, status: number])[];
}

/** Part of every secret: what is found in no text that people may read. */
export const secret = 'verysecret';

/** A key of an integration. */
export const secretKey = `${secret}-0123456789abcdef`;

/** Of an endpoint's URL. */
export const secretPath = `/services/T000/${secret}`;

export const json = (status: number, body: unknown): Answer => ({ status, body: JSON.stringify(body) });

/** An object of JSON that every parser reads: half a surrogate pair is read differently (RFC 8259, 8.2). */
export function objectOf(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body, (_, each) => {
      if (typeof each === 'string' && /\p{Surrogate}/u.test(each)) throw new Error('half a surrogate pair');
      return each;
    });
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text that is there, and no longer than so many characters. */
export function isText(value: unknown, max = Number.POSITIVE_INFINITY): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= max;
}
