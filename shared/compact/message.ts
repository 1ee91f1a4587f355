import { type LogType, logTypes } from '../line/schema/index.js';

/** A message of the queue: a worker is to look after a type. */
export function messageOf(type: LogType): string {
  return JSON.stringify({ type });
}

/** @throws Error for what is no such message; it ends in the dead-letter queue. */
export function readType(body: string): LogType {
  const { type } = parsed(body);
  const known = logTypes.find((each) => each === type);
  if (known) return known;
  throw new Error(`a message of the compaction queue is not {"type": "${logTypes.join('" | "')}"}`);
}

function parsed(body: string): { readonly type?: unknown } {
  try {
    return Object(JSON.parse(body)) as { readonly type?: unknown };
  } catch {
    return {};
  }
}
