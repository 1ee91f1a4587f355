import { compaction } from '../bounds.js';
import type { LogType } from '../line/schema/index.js';
import { type Control, changeControl, type HeldControl, takenWith } from './control.js';
import { type Failing, type Failure, failedAgain, halved, narrowDown, workerEnded } from './failing.js';
import { createManifest, type Manifest, readManifest } from './manifest.js';
import { createOutputs, givenUp, type Outputs, readOutputs } from './outputs.js';
import { stillParked } from './parked.js';
import { forgottenBefore, plan } from './plan.js';
import type { CompactionPorts, CompactionSettings } from './ports.js';
import { run } from './run.js';
import { removeOrphans, sweepDue } from './sweep.js';
import { showBoundary } from './view.js';

/** What one step came to. */
export type Step =
  /** More may be left. `done` tells of a manifest that was run. */
  | { readonly result: 'worked'; readonly held: HeldControl; readonly done?: Outputs }
  | { readonly result: 'idle' }
  /** The manifest can't be run; the next try is for another worker. */
  | { readonly result: 'failed'; readonly held: HeldControl; readonly reason: string }
  /** Somebody else works on the type, and has changed what this step relied on. */
  | { readonly result: 'overtaken' };

/**
 * The next piece of work of a type: run the manifest that is written, else write one, else move the boundary, else sweep.
 * Each ends with a change of the control object, which only the first of several workers can make; whatever they wrote
 * before it is the same. So it may be killed anywhere and be done by many at once.
 *
 * @throws what the ports throw; the same step is then to be done again
 */
export async function step(
  type: LogType,
  held: HeldControl,
  ports: CompactionPorts,
  settings: CompactionSettings,
): Promise<Step> {
  const { store } = ports;
  const { control } = held;
  const manifest = await readManifest(store, type, control.manifest);
  if (manifest) return finish(manifest, held, ports, settings);
  const next = await plan(type, control, ports, settings);
  switch (next.next) {
    case 'run':
      await createManifest(store, next.manifest);
      return { result: 'worked', held };
    case 'close':
      return moveBoundary(type, held, next.boundary, ports, settings);
    case 'note look':
      return change(type, held, { looked: next.looked, parked: await stillParked(store, control.parked) }, ports);
    case 'wait': {
      const due = sweepDue(control, ports.now());
      if (!due) return { result: 'idle' };
      await removeOrphans(type, due.manifests, ports);
      return change(type, held, { swept: due.swept }, ports);
    }
  }
}

/** Runs a manifest, unless its list of outputs says that this has been done, and goes on to the next number. */
async function finish(
  manifest: Manifest,
  held: HeldControl,
  ports: CompactionPorts,
  settings: CompactionSettings,
): Promise<Step> {
  const { type, number } = manifest;
  const done = await readOutputs(ports.store, type, number);
  if (!done) {
    const { failing } = held.control;
    if (failing?.stopped !== undefined) return lookForCause(manifest, failing, held, ports);
    if (hasEnded(held, ports)) return noteFailure(manifest, workerEnded, held, ports);
    return begin(manifest, held, ports, async (begun) => {
      const outputs = await run(manifest, ports);
      if ('failure' in outputs) return noteFailure(manifest, outputs.failure, begun, ports);
      if (!('files' in outputs)) return giveUp(manifest, outputs.gone, begun, ports);
      await createOutputs(ports.store, type, number, outputs);
      return { result: 'worked', held: begun };
    });
  }
  const next = { manifest: number + 1, gone: undefined, failing: undefined, begun: undefined };
  if (done.gone) {
    await removeOrphans(type, { first: number, last: number }, ports);
    const { parked = [], atMost = held.control.atMost } = done;
    const all = [...(held.control.parked ?? []), ...parked];
    return change(type, held, { ...next, parked: all, atMost }, ports);
  }
  const from = forgottenBefore(held.control, ports.now(), settings);
  const taken = takenWith(held.control.taken, manifest, from);
  const landed = manifest.objects.reduce((sum, { size }) => sum + size, 0);
  const step = await change(
    type,
    held,
    { ...next, taken, from, unpacking: done.unpacked / Math.max(1, landed) },
    ports,
  );
  return step.result === 'worked' ? { ...step, done } : step;
}

/** Whether the last worker that began to run the manifest is ended, and nothing has come of it. */
function hasEnded({ control: { begun } }: HeldControl, { now }: CompactionPorts): boolean {
  return begun !== undefined && begun.until <= now();
}

/** Notes first that a worker is at the manifest, so that it is noticed when it is killed. One that fails otherwise says so. */
async function begin(
  { type }: Manifest,
  held: HeldControl,
  { store, now }: CompactionPorts,
  work: (begun: HeldControl) => Promise<Step>,
): Promise<Step> {
  const { begun: before, worker } = held.control;
  const until = Math.max(before?.until ?? 0, worker?.until ?? now());
  const begun = await changeControl(store, type, held, { begun: { until } });
  if (!begun) return { result: 'overtaken' };
  try {
    return await work(begun);
  } catch (error) {
    await changeControl(store, type, begun, { begun: undefined, worker: undefined }).catch(() => undefined);
    throw error;
  }
}

/**
 * Somebody deleted or replaced objects after the manifest was written. What is left goes into another manifest, once no
 * worker can be at it any more that read them while they were there.
 */
async function giveUp(
  { type, number }: Manifest,
  gone: readonly string[],
  held: HeldControl,
  ports: CompactionPorts,
): Promise<Step> {
  const now = ports.now();
  const since = held.control.gone?.since;
  if (since === undefined) return change(type, held, { gone: { since: now }, begun: undefined }, ports);
  if (now - since >= compaction.giveUpTime) {
    await createOutputs(ports.store, type, number, { ...givenUp, gone });
    return { result: 'worked', held };
  }
  const names = gone.slice(0, 3).join(', ');
  throw new Error(
    `manifest ${number} of ${type} names ${gone.length} landed objects that are gone or were replaced (${names}); an hour after this was first seen the others are compacted without them`,
  );
}

/** Another worker tries again, some times. */
async function noteFailure(
  { type, number }: Manifest,
  failure: Failure,
  held: HeldControl,
  ports: CompactionPorts,
): Promise<Step> {
  const isCertain = failure.isTooMuch && failure !== workerEnded;
  const failing = failedAgain(held.control.failing, failure, { now: ports.now(), isCertain });
  const changed = await change(type, held, { failing, begun: undefined }, ports);
  if (changed.result !== 'worked') return changed;
  const failed = `manifest ${number} of ${type} can't be run (${failing.times} times now): ${failure.reason}`;
  return { result: 'failed', held: changed.held, reason: failed };
}

/** Once no worker can be at the manifest any more that began before it was stopped, and that may succeed. */
async function lookForCause(
  manifest: Manifest,
  failing: Failing,
  held: HeldControl,
  ports: CompactionPorts,
): Promise<Step> {
  const { type, number } = manifest;
  const now = ports.now();
  if (now - (failing.stopped ?? 0) < compaction.giveUpTime) {
    const reason = `manifest ${number} of ${type} can't be run, and an hour after its last try what it fails on is looked for: ${failing.reason}`;
    return { result: 'failed', held, reason };
  }
  const { reason } = failing;
  const alone = held.control.atMost === 1 && manifest.objects.length === 1;
  if (failing.isTooMuch || hasEnded(held, ports)) {
    await createOutputs(ports.store, type, number, halved(manifest, { reason, alone }, now));
    return { result: 'worked', held };
  }
  return begin(manifest, held, ports, async (begun) => {
    await createOutputs(ports.store, type, number, await narrowDown(manifest, { reason, alone }, ports));
    return { result: 'worked', held: begun };
  });
}

/** First the control object: what it calls Parquet is, and a view is never ahead of it. */
async function moveBoundary(
  type: LogType,
  held: HeldControl,
  boundary: string,
  ports: CompactionPorts,
  settings: CompactionSettings,
): Promise<Step> {
  const step = await change(type, held, { boundary, atMost: undefined }, ports);
  if (step.result === 'worked') await showBoundary(type, ports, settings);
  return step;
}

async function change(
  type: LogType,
  held: HeldControl,
  changes: Partial<Control>,
  { store }: CompactionPorts,
): Promise<Step> {
  const changed = await changeControl(store, type, held, changes);
  return changed ? { result: 'worked', held: changed } : { result: 'overtaken' };
}
