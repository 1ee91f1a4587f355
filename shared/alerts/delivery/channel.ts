import { type AlertPorts, longestPost, type Post } from '../ports.js';
import { routeId } from '../state/ids.js';
import { change } from '../state/update.js';
import { afterPost, newRoute, punctuality, type RouteState, routeTerms, type Slot, takeSlot } from './routeState.js';

/** What is kept of the time to note down what was posted. */
const markTime = 2000;

export type Attempt =
  | { readonly result: 'sent' }
  /** As many alerts as a minute allows were told one by one. */
  | { readonly result: 'full' }
  /** There was no slot in time: nothing was posted. */
  | { readonly result: 'too late'; readonly reason: string }
  /** A later attempt may succeed. */
  | { readonly result: 'failed'; readonly reason: string }
  | { readonly result: 'refused'; readonly reason: string };

/** A webhook that all instances share: whoever posts takes a slot of its time, which is kept in the store. */
export class Channel {
  /** @param route the route that owns the webhook. */
  constructor(
    readonly route: string,
    private readonly ports: AlertPorts,
  ) {}

  change<R>(
    step: (state: RouteState, now: number) => { readonly next: RouteState | undefined; readonly result: R },
  ): Promise<R> {
    const { store, clock } = this.ports;
    return change<RouteState, R>(store, routeId(this.route), (stored = newRoute) => {
      const now = clock.now();
      const { next, result } = step(stored, now);
      return { next: next && { value: next, terms: routeTerms(next, now) }, result };
    });
  }

  /** @param perMinute for an alert that is told by itself, how many of them a minute allows. */
  async post(post: Post, perMinute?: number): Promise<Attempt> {
    const { notifier, clock } = this.ports;
    const slot = await this.punctualSlot(perMinute);
    if (slot.slot === 'full') return { result: 'full' };
    if (slot.slot === 'too late') {
      const free = new Date(slot.at).toISOString();
      return { result: 'too late', reason: `the webhook of route ${this.route} is not free before ${free}` };
    }

    const answer = await notifier.post(post);
    if (answer.result !== 'sent' || slot.next.failures > 0) {
      await this.change((state, now) => ({ next: afterPost(state, answer, now), result: undefined }));
    }
    switch (answer.result) {
      case 'sent':
        return answer;
      case 'refused':
        return answer;
      case 'throttled': {
        const until = new Date(clock.now() + answer.retryAfter).toISOString();
        return { result: 'failed', reason: `Slack asked for a pause of route ${this.route} until ${until}` };
      }
      case 'unavailable':
        return { result: 'failed', reason: answer.reason };
    }
  }

  /** Waits for a slot, and for another one when it was missed: two messages that are late may be too close. */
  private async punctualSlot(perMinute: number | undefined): Promise<Slot> {
    const { clock, deadline } = this.ports;
    const latest = deadline - longestPost - markTime;
    // One that was missed has been counted.
    for (let limit = perMinute; ; limit = undefined) {
      const slot = await this.change((state, now) => {
        const result = takeSlot(state, now, latest, limit);
        return { next: result.slot === 'taken' ? result.next : undefined, result };
      });
      if (slot.slot !== 'taken') return slot;
      await clock.sleepUntil(slot.at);
      if (clock.now() <= slot.at + punctuality) return slot;
    }
  }
}
