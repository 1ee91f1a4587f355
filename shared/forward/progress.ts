/** How far an object is, as it is noted beside it: by rows of the object, so that it holds whatever requests they are sent in. */
export interface Progress {
  /** So many rows from the beginning of the object are settled: acknowledged by the sink, refused for good, or not wanted. */
  readonly rows: number;
  /** All of them are. */
  readonly done: boolean;
  /** Who works on it. */
  readonly claim?: Claim;
}

interface Claim {
  readonly worker: string;
  /** When it is free again unless the worker says otherwise, ms since the epoch. */
  readonly until: number;
}

export type ClaimAnswer =
  | { readonly answer: 'yours'; readonly progress: Progress }
  | { readonly answer: 'done' }
  /** Another works on it until then. */
  | { readonly answer: 'busy'; readonly until: number };

/** What a worker that wants to go on with an object is told. */
export function claim(progress: Progress | undefined, worker: Claim, now: number): ClaimAnswer {
  const { rows, done, claim: other } = progress ?? { rows: 0, done: false };
  if (done) return { answer: 'done' };
  if (other && other.worker !== worker.worker && other.until > now) return { answer: 'busy', until: other.until };
  return { answer: 'yours', progress: { rows, done: false, claim: worker } };
}

/** The same after the sink has answered: never fewer rows than before. It stays the worker's for longer. */
export function settled(progress: Progress, rows: number, until: number): Progress {
  return held({ ...progress, rows: Math.max(progress.rows, rows) }, until);
}

/** It stays the worker's until then. */
export function held({ claim, ...progress }: Progress, until: number): Progress {
  return claim ? { ...progress, claim: { ...claim, until } } : progress;
}

/** The worker has no more time, or can't go on: whoever comes next may at once. */
export function left({ rows, done }: Progress): Progress {
  return { rows, done };
}

/** All rows of the object are settled. */
export function finished({ rows: before }: Progress, rows: number): Progress {
  return { rows: Math.max(before, rows), done: true };
}
