import type { StackEmitter } from '../events.js';
import type { Invoke } from './invocation.js';

/** An invocation that tells how it went. */
export function observed(name: string, events: StackEmitter, invoke: Invoke): Invoke {
  return async (event, records) => {
    const started = performance.now();
    const result = await invoke(event, records);
    events.emit('invoked', {
      function: name,
      outcome: result.outcome,
      records,
      ms: performance.now() - started,
      requestBytes: Buffer.byteLength(event),
      responseBytes: result.outcome === 'returned' ? Buffer.byteLength(result.payload) : 0,
    });
    return result;
  };
}
