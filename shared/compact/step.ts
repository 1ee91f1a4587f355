import { compaction } from '../limits.js';
import type { LogType } from '../line/schema/index.js';
import { type Control, changeControl, type HeldControl, takenWith } from './control.js';
import { createManifest, type Manifest, readManifest } from './manifest.js';
import { createOutputs, type Outputs, readOutputs } from './outputs.js';
import { oldestHour, plan } from './plan.js';
import type { CompactionPorts, CompactionSettings } from './ports.js';
import { run } from './run.js';
import { removeOrphans, sweepDue } from './sweep.js';
import { showBoundary } from './view.js';

/** What one step came to. */
export type Step =
  /** More may be left. `done` tells of a manifest that was run. */
  | { readonly result: 'worked'; readonly held: HeldControl; readonly done?: Outputs }
  | { readonly result: 'idle' }
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
      return change(type, held, { looked: next.looked }, ports);
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
    const outputs = await run(manifest, ports);
    if ('files' in outputs) await createOutputs(ports.store, type, number, outputs);
    else return giveUp(manifest, outputs.gone, held, ports);
    return { result: 'worked', held };
  }
  if (done.gone) {
    await removeOrphans(type, { first: number, last: number }, ports);
    return change(type, held, { manifest: number + 1, gone: undefined }, ports);
  }
  const { boundary, taken } = held.control;
  const oldest = oldestHour(ports.now(), settings);
  const nowTaken = takenWith(taken, manifest, oldest < boundary ? oldest : boundary);
  const step = await change(type, held, { manifest: number + 1, taken: nowTaken, gone: undefined }, ports);
  return step.result === 'worked' ? { ...step, done } : step;
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
  if (since === undefined) return change(type, held, { gone: { since: now } }, ports);
  if (now - since >= compaction.giveUpTime) {
    await createOutputs(ports.store, type, number, { files: [], rows: 0, duplicates: 0, gone });
    return { result: 'worked', held };
  }
  const names = gone.slice(0, 3).join(', ');
  throw new Error(
    `manifest ${number} of ${type} names ${gone.length} landed objects that are gone or were replaced (${names}); an hour after this was first seen the others are compacted without them`,
  );
}

/** First the control object: what it calls Parquet is, and a view is never ahead of it. */
async function moveBoundary(
  type: LogType,
  held: HeldControl,
  boundary: string,
  ports: CompactionPorts,
  settings: CompactionSettings,
): Promise<Step> {
  const step = await change(type, held, { boundary }, ports);
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
