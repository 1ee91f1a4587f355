import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { answer } from '../web/answer.js';
import { pagePolicy } from '../web/html.js';
import { renderIntake } from './page.js';
import { readRequest, type TakenEntry } from './readRequest.js';

/** Entries that can be looked at; further ones are only counted. */
const keptEntries = 500;

/**
 * Stands in for Datadog's intake, an OTLP endpoint and a server of one's own: POST below `/intake`, by the path of the API. GET shows
 * the latest entries. Nothing is kept longer than the process lives.
 */
export class Intake extends EventEmitter<{ forwarded: [number] }> {
  /** The latest first. */
  private kept: TakenEntry[] = [];
  private total = 0;

  /** The latest, newest first. */
  entries(): readonly TakenEntry[] {
    return this.kept;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST') return this.take(request, response);
    request.resume();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answer(response, 405, 'POST entries, or GET the latest\n', { allow: 'GET, HEAD, POST' });
    }
    const latest = { total: this.total, entries: this.kept };
    if (request.headers.accept?.includes('text/html')) {
      const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy };
      return answer(response, 200, renderIntake(latest), headers);
    }
    answer(response, 200, `${JSON.stringify(latest)}\n`, { 'content-type': 'application/json' });
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path } = new URL(request.url ?? '/', 'http://localhost');
    const read = readRequest({ path, headers: request.headers, body: await buffer(request) });
    if ('status' in read) return answer(response, read.status, JSON.stringify({ errors: [read.message] }));
    const { api, entries } = read;
    const at = Date.now();
    const taken = entries.map((entry) => ({ api, at, entry }));
    this.kept = [...taken.toReversed(), ...this.kept].slice(0, keptEntries);
    this.total += entries.length;
    answer(response, api === 'datadog' ? 202 : 200, '{}', { 'content-type': 'application/json' });
    this.emit('forwarded', entries.length);
  }
}
