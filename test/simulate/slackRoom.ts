import type { Notifier, Post, PostResult } from '../../shared/alerts/ports.js';
import { slack } from '../../shared/limits.js';
import { latencies } from './measured.js';
import type { VirtualTime } from './virtualTime.js';

/** Slack, with its pace for each webhook, and an outage if there is to be one. */
export class SlackRoom implements Notifier {
  messages = 0;
  throttled = 0;
  private readonly last = new Map<string, number>();

  /** @param isDown at a time. @param hear is told of what is posted */
  constructor(
    private readonly time: VirtualTime,
    private readonly isDown: (at: number) => boolean,
    private readonly hear: (post: Post) => void,
  ) {}

  async ownerOf(route: string): Promise<string> {
    return route;
  }

  async post(post: Post): Promise<PostResult> {
    await this.time.sleepUntil(this.time.now() + latencies.slack);
    const now = this.time.now();
    if (this.isDown(now)) return { result: 'unavailable', reason: 'Slack is away' };
    const last = this.last.get(post.route) ?? 0;
    // Slack lets some come early: half of its interval is what nobody may rely on.
    if (now - last < slack.minInterval / 2) {
      this.throttled++;
      return { result: 'throttled', retryAfter: slack.minInterval };
    }
    this.last.set(post.route, now);
    this.messages++;
    this.hear(post);
    return { result: 'sent' };
  }
}
