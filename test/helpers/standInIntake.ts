import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { readRequest } from '../../local/intake/readRequest.js';
import { startWebServer } from './webServer.js';

/** An entry as Datadog gets it, of which tests look at these parts. */
export interface DatadogEntry {
  readonly message: string;
  readonly ddtags: string;
  readonly firesplit: { readonly id: string };
}

/** What a request is answered with instead of being taken; or what is done once it is taken and before that is answered. */
export type Plan =
  | { readonly status: number; readonly headers?: Record<string, string> }
  | (() => Promise<void>)
  | undefined;

/** Datadog's intake, which counts what it acknowledges, and fails as it is told. */
export interface StandInIntake {
  readonly url: string;
  /** Requests that were taken, in order. */
  readonly taken: (readonly DatadogEntry[])[];
  /** What Datadog's own rules refused. */
  readonly refusals: number[];
  /** Of all requests. */
  readonly posts: number;
  /** Resolves once so many different rows were taken. */
  until(rows: number): Promise<void>;
  stop(): Promise<void>;
}

/** @param plan is asked for each request, by its number from 0 and its entries */
export async function startIntake(
  plan: (post: number, entries: readonly DatadogEntry[]) => Plan,
): Promise<StandInIntake> {
  const taken: (readonly DatadogEntry[])[] = [];
  const refusals: number[] = [];
  const ids = new Set<string>();
  const waiting = new Map<() => void, number>();
  let posts = 0;
  const server = await startWebServer((request, response) => void take(request, response));
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path = '', headers } = request;
    const read = readRequest({ path, headers, body: await buffer(request) });
    const refuse = (status: number, more: Record<string, string> = {}) => response.writeHead(status, more).end('no');
    if ('status' in read) {
      refusals.push(read.status);
      return void refuse(read.status);
    }
    const entries = read.entries as readonly DatadogEntry[];
    const planned = plan(posts++, entries);
    if (planned !== undefined && 'status' in planned) return void refuse(planned.status, planned.headers);
    taken.push(entries);
    for (const id of idsOf(entries)) ids.add(id);
    for (const [resolve, rows] of waiting) if (ids.size >= rows) resolve();
    await planned?.();
    response.writeHead(202).end('{}');
  }
  return {
    url: `${server.url}/api/v2/logs`,
    taken,
    refusals,
    get posts() {
      return posts;
    },
    until: (rows) => new Promise((resolve) => (ids.size >= rows ? resolve() : void waiting.set(resolve, rows))),
    stop: () => server.stop(),
  };
}

export function idsOf(entries: readonly DatadogEntry[]): string[] {
  return entries.map(({ firesplit }) => firesplit.id);
}
