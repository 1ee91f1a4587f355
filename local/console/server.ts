import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { StackEmitter } from '../events.js';
import { type Faults, InvalidFaultError, readFaults } from '../firehose/faults.js';
import type { Intake } from '../intake/intake.js';
import type { Invoke } from '../lambda/invocation.js';
import { billOf } from '../meter/bill.js';
import type { Meter } from '../meter/meter.js';
import type { SlackInbox } from '../slack/inbox.js';
import { answer } from '../web/answer.js';
import { readText } from '../web/body.js';
import { type Guard, guarded } from '../web/guard.js';
import { pagePolicy } from '../web/html.js';
import { renderOverview } from './overview.js';
import { silencePage, silencePath } from './silencePage.js';
import type { Status } from './status.js';
import { tail } from './tail.js';

export interface ConsoleOptions {
  readonly inbox: SlackInbox;
  readonly intake: Intake;
  readonly meter: Meter;
  readonly faults: Faults;
  readonly guard: Guard;
  readonly events: StackEmitter;
  readonly status: () => Status;
  /** Asks functions/silence. */
  readonly silence: Invoke;
  readonly problem: (message: string) => void;
}

/** What a person looks at, and what commands ask: an overview with the bill, /slack, /silence, /intake, /faults, /status and /tail. */
export function consoleServer(options: ConsoleOptions): Server {
  const listener: RequestListener = (request, response) => {
    route(request, response, options).catch((error: unknown) => {
      options.problem(`the console could not answer ${request.url}: ${error}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
  return createServer(guarded(listener, options.guard, (_, response, reason) => answer(response, 403, `${reason}\n`)));
}

async function route(request: IncomingMessage, response: ServerResponse, options: ConsoleOptions): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/slack' || pathname.startsWith('/slack/')) return options.inbox.handle(request, response);
  if (pathname === '/intake' || pathname.startsWith('/intake/')) return options.intake.handle(request, response);
  if (pathname.startsWith(silencePath)) return silencePage(request, response, options.silence);
  if (pathname === '/faults') return faults(request, response, options);
  request.resume();
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead) answer(response, 405, 'This page can only be read.\n', { allow: 'GET, HEAD' });
  else if (pathname === '/status') answerJson(response, options.status());
  else if (pathname === '/tail') tail(response, options.events);
  else if (pathname === '/') overview(request, response, options);
  else answer(response, 404, 'Not found. There are /, /slack, /intake, /faults, /status and /tail.\n');
}

/** A page for a browser, JSON for a program. */
function overview(request: IncomingMessage, response: ServerResponse, { meter, faults, guard }: ConsoleOptions): void {
  const usage = meter.usage();
  if (request.headers.accept?.includes('text/html')) {
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy };
    answer(response, 200, renderOverview(usage, faults.state(), guard.token), headers);
  } else answerJson(response, { ...billOf(usage), usage });
}

/** Shows what is set and how often each has struck; POST sets all of them anew. */
async function faults(request: IncomingMessage, response: ServerResponse, { faults, guard }: ConsoleOptions) {
  if (request.method === 'GET' || request.method === 'HEAD') {
    request.resume();
    return answerJson(response, faults.state());
  }
  if (request.method !== 'POST') {
    request.resume();
    return answer(response, 405, 'GET what is set, or POST rates\n', { allow: 'GET, HEAD, POST' });
  }
  const body = await readText(request, maxFaultsBytes);
  if (body === undefined) return answer(response, 413, `The rates are longer than ${maxFaultsBytes} bytes.\n`);
  // The page's own form ends all faults; programs post JSON.
  const formToken = new URLSearchParams(body).get('token');
  if (!guard.isToken(formToken ?? bearer(request))) return answer(response, 401, tokenMissing, challenge);
  if (formToken !== null) {
    faults.set({});
    return answer(response, 303, '', { location: '/' });
  }
  try {
    const { rates, seed } = readFaults(body);
    faults.set(rates, seed);
  } catch (error) {
    if (!(error instanceof InvalidFaultError)) throw error;
    return answer(response, 400, `${error.message}\n`);
  }
  answerJson(response, faults.state());
}

/** Far above what all rates and a seed take. */
const maxFaultsBytes = 64 * 1024;

/** RFC 6750, section 3. */
const challenge = { 'www-authenticate': 'Bearer realm="firesplit"' };

const tokenMissing =
  'Faults are set with the token that "firesplit up" prints: curl -H "authorization: Bearer TOKEN" -d RATES …\n';

/** `Authorization: Bearer …`, RFC 6750, section 2.1; empty when there is none. */
function bearer({ headers }: IncomingMessage): string {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
}

function answerJson(response: ServerResponse, value: unknown): void {
  answer(response, 200, `${JSON.stringify(value)}\n`, { 'content-type': 'application/json' });
}
