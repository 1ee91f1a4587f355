import { text } from 'node:stream/consumers';
import type { Method } from '../../functions/adapters/destinations/slackBot/slackApi.js';
import { receiveMessage } from '../../local/slack/message.js';
import type { SlackMessage } from '../../shared/slack/blocks.js';
import { startWebServer, type WebServer } from './webServer.js';

interface Kept {
  readonly ts: string;
  readonly thread: string | undefined;
  /** As it was posted, and as each update left it. */
  readonly versions: SlackMessage[];
  readonly reactions: string[];
}

type Answer = { readonly ok: boolean; readonly error?: string; readonly channel?: string; readonly ts?: string };

export const channelId = 'C0123456789';
export const botToken = 'xoxb-verysecret-token';

/** A channel as Slack's Web API shows it to a bot: what it does and answers, by https://docs.slack.dev/reference/methods. */
export class SlackChannel {
  readonly messages: Kept[] = [];
  /** What Slack would answer instead of doing it, by method. */
  readonly refusals: Partial<Record<Method, string>> = {};

  call(method: Method, body: Readonly<Record<string, unknown>>): Answer {
    const refusal = this.refusals[method];
    if (refusal !== undefined) return { ok: false, error: refusal };
    // Posting takes a channel's name as well; all else takes its id.
    if (body.channel !== channelId) return { ok: false, error: 'channel_not_found' };
    switch (method) {
      case 'chat.postMessage':
        return this.post(body);
      case 'chat.update':
        return this.update(body);
      case 'reactions.add':
        return this.react(body);
    }
  }

  /** The messages of the channel itself, and how many replies and reactions each has. */
  shown() {
    return this.messages
      .filter(({ thread }) => thread === undefined)
      .map(({ ts, versions, reactions }) => ({
        text: versions.at(-1)?.text,
        replies: this.messages.filter(({ thread }) => thread === ts).map((reply) => reply.versions[0]?.text),
        reactions,
      }));
  }

  delete(ts: string | undefined): void {
    const at = this.messages.findIndex((each) => each.ts === ts);
    if (at >= 0) this.messages.splice(at, 1);
  }

  private post(body: Readonly<Record<string, unknown>>): Answer {
    const thread = body.thread_ts as string | undefined;
    if (thread !== undefined && !this.find(thread)) return { ok: false, error: 'thread_not_found' };
    const error = faultOf(body);
    if (error) return { ok: false, error };
    const ts = `${1_700_000_000 + this.messages.length}.000100`;
    this.messages.push({ ts, thread, versions: [body as unknown as SlackMessage], reactions: [] });
    return { ok: true, channel: channelId, ts };
  }

  private update(body: Readonly<Record<string, unknown>>): Answer {
    const message = this.find(body.ts);
    if (!message) return { ok: false, error: 'message_not_found' };
    const error = faultOf(body);
    if (error) return { ok: false, error };
    message.versions.push(body as unknown as SlackMessage);
    return { ok: true, channel: channelId, ts: message.ts };
  }

  private react({ timestamp, name }: Readonly<Record<string, unknown>>): Answer {
    const message = this.find(timestamp);
    if (!message) return { ok: false, error: 'message_not_found' };
    if (message.reactions.includes(String(name))) return { ok: false, error: 'already_reacted' };
    message.reactions.push(String(name));
    return { ok: true };
  }

  private find(ts: unknown): Kept | undefined {
    return this.messages.find((each) => each.ts === ts);
  }
}

function faultOf(body: Readonly<Record<string, unknown>>): string | undefined {
  const received = receiveMessage(JSON.stringify(body), 'bot', 0);
  return 'refusal' in received ? received.refusal.token : undefined;
}

/** Serves a channel as Slack does: 200 with `ok`, for a token that it knows. */
export function serveChannel(channel: SlackChannel): Promise<WebServer> {
  return startWebServer(async (request, response) => {
    const body = JSON.parse(await text(request)) as Readonly<Record<string, unknown>>;
    const method = (request.url ?? '').replace('/api/', '') as Method;
    const isKnown = request.headers.authorization === `Bearer ${botToken}`;
    const answer = isKnown ? channel.call(method, body) : { ok: false, error: 'invalid_auth' };
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    // Slack repeats the whole message.
    response.end(JSON.stringify({ ...answer, ...(answer.ok ? { message: body } : {}) }));
  });
}
