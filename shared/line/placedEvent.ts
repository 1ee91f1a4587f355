import type { LogEvent } from './origin.js';
import type { Place } from './place.js';

/** A line on its way to its row. It may wait for others: its place goes with it. */
export interface PlacedEvent extends LogEvent {
  readonly place: Place;
}
