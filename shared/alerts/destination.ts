import type { Post, PostResult } from './ports.js';

/** Where posts go to, and the secrets that go along. */
export interface Endpoint {
  /** The route that it was set up for. */
  readonly owner: string;
  /** What logs call it: they may not show the URL. */
  readonly name: string;
  /** A secret: whoever has it can post. Of SNS, the ARN of a topic, which is none. */
  readonly url: string;
  /** A secret too: the key of an integration. */
  readonly key?: string;
  /** Secrets too. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where Slack is to post with a bot token. */
  readonly channel?: string;
}

/** `cached` is what was read a few minutes ago; `current` is read again. */
export type Freshness = 'cached' | 'current';

/** A service that alerts are posted to, such as Slack. It takes a notice, and makes its own message of it. */
export interface Destination {
  /**
   * The endpoint of a route; undefined when the route has none of its own.
   *
   * @throws Error when the endpoint can't be read in time.
   */
  endpointOf(route: string, signal: AbortSignal, freshness: Freshness): Promise<Endpoint | undefined>;
  /** The name of the place where an operator puts the endpoint of a route. */
  placeOf(route: string): string;
  /** Makes one attempt, at once. Never throws. */
  post(endpoint: Endpoint, post: Post, signal: AbortSignal): Promise<DestinationAnswer>;
}

/** `gone`: the endpoint does not work any more, and an operator may have put another one into its place. */
export type DestinationAnswer = PostResult | { readonly result: 'gone'; readonly reason: string };
