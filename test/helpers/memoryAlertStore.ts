import type { AlertId, AlertStore, StoredAlert } from '../../shared/alerts/ports.js';

/** An `AlertStore` that forgets with the test. */
export function memoryAlertStore(): AlertStore {
  const items = new Map<string, StoredAlert>();
  const place = ({ rule, key }: AlertId) => JSON.stringify([rule, key]);
  return {
    async load(id) {
      return structuredClone(items.get(place(id)));
    },
    async save(id, state, expected) {
      if (items.get(place(id))?.version !== expected) return false;
      items.set(place(id), { state: structuredClone(state), version: (expected ?? 0) + 1 });
      return true;
    },
  };
}
