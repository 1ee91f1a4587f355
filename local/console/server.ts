import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { StackEmitter } from '../events.js';
import { type Faults, InvalidFaultError, readFaults } from '../firehose/faults.js';
import { billOf } from '../meter/bill.js';
import type { Meter } from '../meter/meter.js';
import type { SlackInbox } from '../slack/inbox.js';
import { answer } from '../web/answer.js';
import { pagePolicy } from '../web/html.js';
import { renderOverview } from './overview.js';
import type { Status } from './status.js';
import { tail } from './tail.js';

export interface ConsoleOptions {
  readonly inbox: SlackInbox;
  readonly meter: Meter;
  readonly faults: Faults;
  readonly events: StackEmitter;
  readonly status: () => Status;
  readonly problem: (message: string) => void;
}

/** What a person looks at, and what commands ask: an overview with the bill, /slack, /faults, /status and /tail. */
export function consoleServer(options: ConsoleOptions): Server {
  return createServer((request, response) => {
    route(request, response, options).catch((error: unknown) => {
      options.problem(`the console could not answer ${request.url}: ${error}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
}

async function route(request: IncomingMessage, response: ServerResponse, options: ConsoleOptions): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/slack' || pathname.startsWith('/slack/')) return options.inbox.handle(request, response);
  if (pathname === '/faults') return faults(request, response, options.faults);
  request.resume();
  if (pathname === '/status') answerJson(response, options.status());
  else if (pathname === '/tail') tail(response, options.events);
  else if (pathname === '/') overview(request, response, options);
  else answer(response, 404, 'Not found. There are /, /slack, /faults, /status and /tail.\n');
}

/** A page for a browser, JSON for a program. */
function overview(request: IncomingMessage, response: ServerResponse, { meter, faults }: ConsoleOptions): void {
  const usage = meter.usage();
  if (request.headers.accept?.includes('text/html')) {
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy };
    answer(response, 200, renderOverview(usage, faults.state()), headers);
  } else answerJson(response, { ...billOf(usage), usage });
}

/** Shows what is set and how often each has struck; POST sets all of them anew. */
async function faults(request: IncomingMessage, response: ServerResponse, faults: Faults): Promise<void> {
  // Browsers send simple posts to this machine from any page; a preflight, which they must ask for JSON, is refused.
  const isJson = /^application\/json\b/.test(request.headers['content-type'] ?? '');
  if (request.method === 'GET' || request.method === 'HEAD') {
    request.resume();
    return answerJson(response, faults.state());
  }
  if (request.method !== 'POST') {
    request.resume();
    return answer(response, 405, 'GET what is set, or POST rates\n', { allow: 'GET, HEAD, POST' });
  }
  if (!isJson && request.headers.origin !== undefined) {
    request.resume();
    return answer(response, 415, 'From a page, post the rates as application/json.\n');
  }
  try {
    const { rates, seed } = readFaults(await text(request));
    faults.set(rates, seed);
  } catch (error) {
    if (!(error instanceof InvalidFaultError)) throw error;
    return answer(response, 400, `${error.message}\n`);
  }
  answerJson(response, faults.state());
}

function answerJson(response: ServerResponse, value: unknown): void {
  answer(response, 200, `${JSON.stringify(value)}\n`, { 'content-type': 'application/json' });
}
