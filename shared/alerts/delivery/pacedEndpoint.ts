import { type AlertPorts, longestPost, type Post } from '../ports.js';
import { endpointId } from '../state/ids.js';
import { update } from '../state/update.js';
import {
  type Allowance,
  afterPost,
  type EndpointState,
  endpointTerms,
  newEndpoint,
  punctuality,
  type Slot,
  takeSlot,
} from './endpointState.js';

/** The last milliseconds of an invocation, in which nothing is posted: they are for saving what became of the posts. */
const markTime = 2000;

export type Attempt =
  | { readonly result: 'sent' }
  /** This minute has had all the single alerts that it may have. */
  | { readonly result: 'full' }
  /** No slot was free in time, so nothing was posted. */
  | { readonly result: 'too late'; readonly reason: string }
  /** A later attempt may succeed. */
  | { readonly result: 'failed'; readonly reason: string }
  | { readonly result: 'refused'; readonly reason: string };

/** An endpoint that all instances post to at one pace: whoever posts takes the next slot, and the store keeps the slots. */
export class PacedEndpoint {
  /** @param owner the route that the endpoint was set up for. */
  constructor(
    readonly owner: string,
    private readonly ports: AlertPorts,
  ) {}

  state(): Promise<EndpointState> {
    return this.update((state) => ({ next: undefined, result: state }));
  }

  update<R>(
    step: (state: EndpointState, now: number) => { readonly next: EndpointState | undefined; readonly result: R },
  ): Promise<R> {
    const { store, clock } = this.ports;
    return update<EndpointState, R>(store, endpointId(this.owner), (stored = newEndpoint) => {
      const now = clock.now();
      const { next, result } = step(stored, now);
      return { next: next && { value: next, terms: endpointTerms(next, now) }, result };
    });
  }

  /** @param allowance for a single alert: how many of its kind a minute may have. The alert is counted among them. */
  async post(post: Post, allowance?: Allowance): Promise<Attempt> {
    const { notifier, clock } = this.ports;
    const slot = await this.punctualSlot(allowance);
    if (slot.slot === 'full') return { result: 'full' };
    if (slot.slot === 'too late') {
      const free = new Date(slot.at).toISOString();
      return { result: 'too late', reason: `the endpoint of route ${this.owner} is not free before ${free}` };
    }

    const answer = await notifier.post(post);
    if (answer.result !== 'sent' || slot.next.failures > 0) {
      await this.update((state, now) => ({ next: afterPost(state, answer, now), result: undefined }));
    }
    switch (answer.result) {
      case 'sent':
        return answer;
      case 'refused':
        return answer;
      case 'throttled': {
        const until = new Date(clock.now() + answer.retryAfter).toISOString();
        return { result: 'failed', reason: `the endpoint of route ${this.owner} asked for a pause until ${until}` };
      }
      case 'unavailable':
        return { result: 'failed', reason: answer.reason };
    }
  }

  /** Waits for a slot. If it wakes up too late it takes another slot, because two late posts may be too close together. */
  private async punctualSlot(allowance: Allowance | undefined): Promise<Slot> {
    const { clock, deadline } = this.ports;
    const latest = deadline - longestPost - markTime;
    for (let missed: number | undefined; ; ) {
      const slot = await this.update((state, now) => {
        const result = takeSlot(state, now, latest, allowance, missed);
        return { next: result.slot === 'taken' ? result.next : undefined, result };
      });
      if (slot.slot !== 'taken') return slot;
      await clock.sleepUntil(slot.at);
      if (clock.now() <= slot.at + punctuality) return slot;
      missed = slot.at;
    }
  }
}
