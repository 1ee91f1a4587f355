import type { Clock } from '../../shared/alerts/ports.js';

/** Resolves once whatever runs has done what it can without time passing. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Time that passes only from event to event (a discrete-event simulation). Events of the same time happen in the order in which they
 * were asked for, so that a run is the same each time.
 */
export class VirtualTime implements Clock {
  private readonly events: Event[] = [];
  private asked = 0;

  /** @param time ms since the epoch */
  constructor(private time: number) {}

  now(): number {
    return this.time;
  }

  /** Has something done at a time, or next when it has passed. It may begin what awaits {@link sleepUntil}. */
  at(time: number, act: () => void): void {
    this.push({ at: Math.max(time, this.time), order: this.asked++, act });
  }

  sleepUntil(time: number): Promise<void> {
    if (time <= this.time) return Promise.resolve();
    return new Promise((wake) => {
      this.at(time, wake);
    });
  }

  /** Lets time pass up to a time. */
  async runUntil(end: number): Promise<void> {
    await settled();
    for (let next = this.events[0]; next && next.at <= end; next = this.events[0]) {
      this.time = next.at;
      const { at } = next;
      for (let event: Event | undefined = next; event?.at === at; event = this.events[0]) {
        this.pop();
        event.act();
      }
      await settled();
    }
    this.time = Math.max(this.time, end);
  }

  /** A binary heap: the first event is at its root. */
  private push(event: Event): void {
    const { events } = this;
    let place = events.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = events[parent] as Event;
      if (!isBefore(event, above)) break;
      events[place] = above;
      place = parent;
    }
    events[place] = event;
  }

  private pop(): void {
    const { events } = this;
    const last = events.pop();
    if (!last || events.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= events.length) break;
      if (child + 1 < events.length && isBefore(events[child + 1] as Event, events[child] as Event)) child++;
      const below = events[child] as Event;
      if (!isBefore(below, last)) break;
      events[place] = below;
      place = child;
    }
    events[place] = last;
  }
}

interface Event {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
