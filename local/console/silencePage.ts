import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyStructuredResultV2, LambdaFunctionURLEvent } from 'aws-lambda';
import type { Invoke } from '../lambda/invocation.js';
import { answer } from '../web/answer.js';
import { readBytes } from '../web/body.js';

/** Where the console has the page that the links in messages lead to. */
export const silencePath = '/silence/';

/** Answers with what the function says, as its function URL would: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html */
export async function silencePage(request: IncomingMessage, response: ServerResponse, invoke: Invoke): Promise<void> {
  const body = await readBytes(request, maxBytes);
  if (body === undefined) return answer(response, 413, `A request has at most ${maxBytes} bytes.\n`);
  const result = await invoke(JSON.stringify(eventOf(request, body)), 1);
  if (result.outcome !== 'returned') return answer(response, 502, 'Internal Server Error\n');
  const {
    statusCode = 200,
    headers = {},
    body: text = '',
  } = JSON.parse(result.payload) as APIGatewayProxyStructuredResultV2;
  const named = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  answer(response, statusCode, text, Object.fromEntries(named));
}

/** Of a request to a function URL. */
const maxBytes = 6 * 1024 * 1024;

function eventOf(request: IncomingMessage, body: Buffer): Partial<LambdaFunctionURLEvent> {
  const { method = 'GET', url = '/', headers, socket } = request;
  const { pathname, search } = new URL(url, 'http://localhost');
  const http = { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: socket.remoteAddress ?? '', userAgent: '' };
  return {
    version: '2.0',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    requestContext: { http } as LambdaFunctionURLEvent['requestContext'],
    ...(body.length > 0 ? { body: body.toString('base64') } : {}),
    isBase64Encoded: body.length > 0,
  };
}
