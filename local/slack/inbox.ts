import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { isGzip } from '../../shared/record/gzip.js';
import { answer } from '../web/answer.js';
import { readText } from '../web/body.js';
import { pagePolicy } from '../web/html.js';
import { type Refusal, receiveMessage, type SlackMessage } from './message.js';
import { renderHtml } from './page.js';

export type { Refusal, SlackMessage } from './message.js';

export interface SlackInboxOptions {
  /** Where messages.ndjson is kept. */
  readonly folder: string;
  /** How fast messages may come: Slack takes about one a second and short bursts. */
  readonly rate?: SlackRate;
  /** ms since the epoch. */
  readonly now?: () => number;
}

interface SlackRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Slack answers `invalid_payload` long before this; it bounds what is read into memory. */
const maxBody = 1024 * 1024;

const slackRate: SlackRate = { perSecond: 1, burst: 5 };

/** What is posted to a path that names no route. */
const defaultRoute = 'default';

/**
 * Incoming webhooks as Slack runs them, one for each route, and a channel to look at what came. POST to `/slack/<route>`
 * (or any path, for the route `default`) to post, GET to read all that came, or that of one route.
 */
export function slackInbox(options: SlackInboxOptions): SlackInbox {
  return new SlackInbox(options);
}

export class SlackInbox extends EventEmitter<{ message: [SlackMessage]; refused: [Refusal] }> {
  readonly #file: string;
  readonly #messages: SlackMessage[];
  readonly #now: () => number;
  readonly #rate: SlackRate;
  /** By route: Slack limits each webhook for itself. */
  readonly #allowances = new Map<string, Allowance>();

  constructor({ folder, rate = slackRate, now = Date.now }: SlackInboxOptions) {
    super();
    mkdirSync(folder, { recursive: true });
    this.#file = join(folder, 'messages.ndjson');
    this.#messages = readMessages(this.#file);
    this.#now = now;
    this.#rate = rate;
  }

  /** The messages that were taken, oldest first. */
  messages(): readonly SlackMessage[] {
    return this.#messages;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (request.method) {
      case 'POST':
        return this.#post(request, response);
      case 'GET':
      case 'HEAD':
        return this.#show(request, response);
      default:
        answer(response, 405, 'POST a message, or GET the messages', { allow: 'GET, HEAD, POST' });
    }
  }

  async #post(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Too long for Slack as well: it is no JSON then.
    const body = (await readText(request, maxBody)) ?? '';
    const now = this.#now();
    const route = routeIn(request) ?? defaultRoute;
    const wait = this.#allowanceOf(route).take(now);
    if (wait > 0) {
      answer(response, 429, 'rate_limited', { 'retry-after': `${Math.ceil(wait / 1000)}` });
      return;
    }
    const received = receiveMessage(body, route, now);
    if ('refusal' in received) {
      answer(response, received.refusal.status, received.refusal.token);
      this.emit('refused', received.refusal);
      return;
    }
    await this.#append(received.message);
    answer(response, 200, 'ok');
    this.emit('message', received.message);
  }

  /** Shows a message that came by other ways than a webhook. */
  async keep(message: SlackMessage): Promise<void> {
    await this.#append(message);
    this.emit('message', message);
  }

  async #append(message: SlackMessage): Promise<void> {
    await appendFile(this.#file, `${JSON.stringify(message)}\n`);
    this.#messages.push(message);
  }

  #allowanceOf(route: string): Allowance {
    let allowance = this.#allowances.get(route);
    if (!allowance) {
      allowance = new Allowance(this.#rate);
      this.#allowances.set(route, allowance);
    }
    return allowance;
  }

  #show(request: IncomingMessage, response: ServerResponse): void {
    const route = routeIn(request);
    if (request.headers.accept?.includes('text/html')) {
      const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy };
      answer(response, 200, renderHtml(this.#messages, route), headers);
    } else {
      const shown = this.#messages.filter((message) => route === undefined || message.route === route);
      answer(response, 200, JSON.stringify(shown), { 'content-type': 'application/json' });
    }
  }
}

/** A token bucket: `burst` messages at once, then `perSecond`. */
class Allowance {
  readonly #rate: SlackRate;
  #tokens: number;
  #at = Number.NEGATIVE_INFINITY;

  constructor(rate: SlackRate) {
    this.#rate = rate;
    this.#tokens = rate.burst;
  }

  /** Milliseconds to wait; 0 when the message may pass. */
  take(now: number): number {
    const { perSecond, burst } = this.#rate;
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, now - this.#at) / 1000) * perSecond);
    this.#at = now;
    if (this.#tokens < 1) return ((1 - this.#tokens) / perSecond) * 1000;
    this.#tokens--;
    return 0;
  }
}

function readMessages(file: string): SlackMessage[] {
  const bytes = readIfThere(file);
  if (isGzip(bytes)) throw new Error(`${file} is gzipped: unpack it with "gunzip", or move it away.`);
  const end = bytes.lastIndexOf('\n') + 1;
  // A line without its end was never answered with `ok`: the process died while it was written.
  if (end < bytes.length) truncateSync(file, end);
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => {
    const message = parseMessage(line, `${file}:${index + 1}`);
    // Those that were kept before there were routes have none.
    return { ...message, route: message.route ?? defaultRoute };
  });
}

function parseMessage(line: string, place: string): SlackMessage {
  try {
    return JSON.parse(line) as SlackMessage;
  } catch {
    throw new Error(`${place} is no message of the Slack inbox: mend or remove that line, or move the file away.`);
  }
}

/** `/slack/oncall` is a route's own path; undefined for any other, such as `/slack` or `/services/T/B/x`. */
function routeIn(request: IncomingMessage): string | undefined {
  const [, route] = /^\/slack\/([a-z0-9-]{1,64})$/.exec(pathOf(request)) ?? [];
  return route;
}

function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://localhost').pathname;
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
