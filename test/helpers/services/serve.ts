import { text } from 'node:stream/consumers';
import { startWebServer, type WebServer } from '../webServer.js';
import { type Answer, type Asked, secretPath } from './service.js';

/** A server that was asked for something. */
export interface Served extends WebServer {
  /** What it answered, in order. */
  readonly answered: (Answer & { readonly asked: Asked })[];
}

/** A server that answers a request and its whole URL so; `cut` closes the connection before it answers, `hang` never does. */
export async function serve(
  answer: (asked: Asked, url: string) => Answer | Promise<Answer> | 'cut' | 'hang',
): Promise<Served> {
  const answered: Served['answered'] = [];
  const server = await startWebServer(async (request, response) => {
    const { url = '', headers } = request;
    const asked = { path: url.replace(secretPath, ''), headers, body: await text(request) };
    const given = await answer(asked, url);
    if (given === 'hang') return;
    if (given === 'cut') return void request.socket.destroy();
    answered.push({ ...given, asked });
    response.writeHead(given.status, given.headers).end(given.body);
  });
  return { ...server, answered };
}
