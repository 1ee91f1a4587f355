import { silenceLinks } from '../../bounds.js';
import { actOn, type Noted } from './act.js';
import { linkPage, pagePolicy, plainPage } from './page.js';
import type { LinkPorts } from './ports.js';
import { type LinkedAlert, readToken } from './token.js';
import { viewOf } from './view.js';

/** A request to the page of links, whoever it came through. */
export interface LinkRequest {
  readonly method: string;
  /** Its last part is the token. */
  readonly path: string;
  readonly contentType: string;
  /** `Sec-Fetch-Site`, which browsers send; undefined without one. */
  readonly site: string | undefined;
  readonly body: string;
}

export interface LinkAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What a form has changed. */
  readonly noted?: Noted;
}

/**
 * Answers a request to the page of links. GET shows what its alert is and what holds, and changes nothing, for whatever
 * previews a link fetches it; POST does what the form says.
 *
 * @param secrets the keys whose links are believed.
 */
export async function answerLink(
  request: LinkRequest,
  secrets: readonly string[],
  ports: LinkPorts,
): Promise<LinkAnswer> {
  const { method, path } = request;
  if (path === '/robots.txt') return { status: 200, headers: headersOf('text/plain'), body: robots };
  if (!['GET', 'HEAD', 'POST'].includes(method)) {
    const answer = said(405, 'Not like this', ['A link is opened in a browser.']);
    return { ...answer, headers: { ...answer.headers, allow: 'GET, HEAD, POST' } };
  }
  const token = path.slice(path.lastIndexOf('/') + 1);
  const read = readToken(token, secrets, ports.now());
  if (read.result === 'forged') return said(404, 'No such link', unknown);
  if (read.result === 'expired') return said(410, 'This link has expired', [expired, byCommand(read.alert)]);
  if (method === 'POST') return post(request, token, read.alert, ports);
  return shown(200, linkPage(await viewOf(read.alert, ports)));
}

const robots = 'User-agent: *\nDisallow: /\n';

const unknown = [
  'Either it was not copied whole, or the key that signed it has been replaced since: then newer messages have links that work.',
];

const expired = `Links work for ${silenceLinks.life / 86_400_000} days. The newest message about the alert has one that does.`;

function byCommand({ rule }: LinkedAlert): string {
  return `Without a link: npx firesplit silence add --match rule=${rule} --for 1h --why "…" (and a --match for each label).`;
}

async function post(
  { contentType, site, body }: LinkRequest,
  token: string,
  alert: LinkedAlert,
  ports: LinkPorts,
): Promise<LinkAnswer> {
  // Only a page of ours has the form; without the header it is an old browser or a program, which has the token after all.
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return said(403, 'Not from another page', ['Open the link itself, and use its buttons.']);
  }
  if (!/^application\/x-www-form-urlencoded(?:;|$)/i.test(contentType)) {
    return said(415, 'No form', ["This takes the page's own form, application/x-www-form-urlencoded."]);
  }
  if (Buffer.byteLength(body) > silenceLinks.maxFormBytes) {
    return said(413, 'Too long', [`A form has at most ${silenceLinks.maxFormBytes} bytes.`]);
  }
  const done = await actOn(body, alert, ports);
  if ('problem' in done) return shown(done.status, linkPage(await viewOf(alert, ports, done)));
  // The page of the link itself, relative to it: reloading it sends nothing again. A token has no character of another place.
  const headers = { ...headersOf('text/html'), location: token };
  return { status: 303, headers, body: '', ...(done.noted ? { noted: done.noted } : {}) };
}

/** What is no link's page. */
export function said(status: number, title: string, paragraphs: readonly string[]): LinkAnswer {
  return shown(status, plainPage(title, paragraphs));
}

function shown(status: number, body: string): LinkAnswer {
  return { status, headers: headersOf('text/html'), body };
}

/**
 * The address is a secret: it is kept in no cache and no index, and goes to no other site. Within this one it may, since a browser
 * that is to send no referrer at all says `Origin: null` of the page's own form.
 */
function headersOf(type: string): Readonly<Record<string, string>> {
  return {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-store',
    'content-security-policy': pagePolicy,
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex, nofollow',
  };
}
