import type { Stored } from '../../shared/alerts/ports.js';

interface Kept {
  readonly stored: Stored;
  readonly bytes: number;
  wasUsed: boolean;
}

/**
 * States that a process saved or read last, up to so many bytes of JSON: the busiest keys come again and again.
 *
 * Keys come in rounds, each once in every batch. If the oldest made room for the next of more keys than there is room for, each would be
 * gone when it is asked for again. So a state stays for as long as it is used: a new one that finds no room is not kept, and has the
 * oldest go if nobody asks for that until it is the oldest again.
 */
export class RecentStates {
  private readonly states = new Map<string, Kept>();
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  get(id: string): Stored | undefined {
    const kept = this.states.get(id);
    if (kept) kept.wasUsed = true;
    return kept?.stored;
  }

  keep(id: string, stored: Stored, bytes: number): void {
    const isKnown = this.forget(id);
    // One that takes a large part of the room is read again.
    if (bytes > this.maxBytes / 16) return;
    if (!this.makeRoom(bytes, isKnown)) return;
    this.states.set(id, { stored, bytes, wasUsed: true });
    this.bytes += bytes;
  }

  /** @returns whether it was here. */
  forget(id: string): boolean {
    const kept = this.states.get(id);
    if (!kept) return false;
    this.states.delete(id);
    this.bytes -= kept.bytes;
    return true;
  }

  private makeRoom(bytes: number, isKnown: boolean): boolean {
    for (const [oldest, kept] of this.states) {
      if (this.bytes + bytes <= this.maxBytes) break;
      this.forget(oldest);
      if (!kept.wasUsed) continue;
      this.states.set(oldest, { ...kept, wasUsed: false });
      this.bytes += kept.bytes;
      if (!isKnown) return false;
    }
    return this.bytes + bytes <= this.maxBytes;
  }
}
