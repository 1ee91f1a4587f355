import type { Clock, Notifier, Post, PostResult } from '../../shared/alerts/ports.js';

/** How Slack answers one post. `reset`: the connection ends before anything was read. `slow`: it takes this long, and is told. */
export type SlackAnswer =
  | { readonly answer: 'ok' | 'failed' | 'reset' | 'refused' }
  | { readonly answer: 'throttled'; readonly retryAfter: number }
  | { readonly answer: 'slow'; readonly after: number };

export interface Received {
  readonly at: number;
  readonly post: Post;
}

/** Slack as a notifier sees it, answering by a plan and then with ok; it takes time to answer. */
export class SimulatedSlack implements Notifier {
  /** Attempts by webhook, whatever became of them. */
  readonly attempts = new Map<string, number[]>();
  /** What people were told. */
  readonly received: Received[] = [];

  /**
   * @param plan answers, one for each attempt
   * @param owners the route whose webhook it is, of those that have none of their own
   */
  constructor(
    private readonly clock: Clock,
    private readonly plan: SlackAnswer[] = [],
    private readonly owners: Readonly<Record<string, string>> = {},
  ) {}

  async ownerOf(route: string): Promise<string> {
    return this.owners[route] ?? route;
  }

  async post(post: Post): Promise<PostResult> {
    const at = this.clock.now();
    this.attempts.set(post.route, [...(this.attempts.get(post.route) ?? []), at]);
    const planned = this.plan.shift() ?? { answer: 'ok' };
    if (planned.answer === 'ok' || planned.answer === 'slow') this.received.push({ at, post });
    await this.clock.sleepUntil(at + (planned.answer === 'slow' ? planned.after : answerTime));
    switch (planned.answer) {
      case 'ok':
      case 'slow':
        return { result: 'sent' };
      case 'throttled':
        return { result: 'throttled', retryAfter: planned.retryAfter };
      case 'refused':
        return { result: 'refused', reason: 'Slack answered 400 invalid_blocks' };
      default:
        return { result: 'unavailable', reason: `Slack answered 500 or reset the connection: ${planned.answer}` };
    }
  }
}

const answerTime = 80;
