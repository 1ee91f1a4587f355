import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { SlackInbox } from './slack/inbox.js';

/** The page that a person looks at: for now the Slack inbox, under /slack. */
export function consoleServer(inbox: SlackInbox, problem: (message: string) => void): Server {
  return createServer((request, response) => {
    route(request, response, inbox).catch((error: unknown) => {
      problem(`the console could not answer ${request.url}: ${error}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
}

async function route(request: IncomingMessage, response: ServerResponse, inbox: SlackInbox): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/slack' || pathname.startsWith('/slack/')) return inbox.handle(request, response);
  request.resume();
  if (pathname === '/') response.writeHead(302, { location: '/slack' });
  else response.writeHead(404, { 'content-type': 'text/plain' });
  response.end(pathname === '/' ? undefined : 'Not found. The Slack inbox is at /slack.\n');
}
