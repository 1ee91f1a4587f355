import type { ServerResponse } from 'node:http';

/** Answers a request of a person or a webhook: plain text unless the headers say otherwise. */
export function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body);
}
