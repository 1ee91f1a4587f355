import { constants } from 'node:os';
import pc from 'picocolors';

/**
 * Does something until it is done or the process is told to stop, by Ctrl-C or SIGTERM: then the signal is aborted, and an
 * error that comes of it is nobody's. A second time ends the process at once.
 *
 * @param act ends soon after the abort, and removes what it keeps
 */
export async function untilStopped(act: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  let by: StopSignal | undefined;
  const stop = (signal: StopSignal) => {
    by = signal;
    ignoreStops();
    controller.abort();
  };
  const ignoreStops = () => {
    for (const signal of stopSignals) process.off(signal, stop);
  };
  for (const signal of stopSignals) process.on(signal, stop);
  try {
    await act(controller.signal);
  } catch (error) {
    if (by === undefined) throw error;
  } finally {
    ignoreStops();
  }
  if (by === undefined) return;
  console.error(pc.dim('Stopped.'));
  // As a shell expects of a command that a signal ended.
  process.exitCode = 128 + constants.signals[by];
}

const stopSignals = ['SIGINT', 'SIGTERM'] as const;
type StopSignal = (typeof stopSignals)[number];
