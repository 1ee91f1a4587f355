import { createHash } from 'node:crypto';
import type { AlertId } from '../ports.js';

/** Rule names hold no `#`, so that no two alerts share an id. */
export function alertId({ rule, key, replayed }: AlertId): string {
  return `${replayed ? 'replay' : 'alert'}#${rule}#${key}`;
}

/** Undefined when the id is not that of an alert that people are told of. */
export function readAlertId(id: string): AlertId | undefined {
  const [, rule, key] = /^alert#([^#]+)#(.*)$/s.exec(id) ?? [];
  return rule === undefined || key === undefined ? undefined : { rule, key };
}

/** @param owner the route that the endpoint was set up for. */
export function endpointId(owner: string): string {
  return `route#${owner}`;
}

export function readEndpointId(id: string): string {
  return id.slice(endpointId('').length);
}

/** @param key of the group among those of the endpoint. Route names hold no `#`. */
export function groupId(owner: string, key: string): string {
  return `group#${owner}#${key}`;
}

/** Undefined when the id is not that of a group. */
export function readGroupId(id: string): { readonly owner: string; readonly key: string } | undefined {
  const [, owner, key] = /^group#([^#]*)#(.*)$/s.exec(id) ?? [];
  return owner === undefined || key === undefined ? undefined : { owner, key };
}

/** @param id as people know the silence. */
export function silenceId(id: string): string {
  return `silence#${id}`;
}

/** Hexadecimal digits of a batch id that are remembered: 64 bits, which never collide among the batches of weeks. */
const rememberedDigits = 16;

/** What is remembered of a batch's id. */
export function shortBatch(batch: string): string {
  return batch.slice(0, rememberedDigits);
}

/** @param batch as it is remembered. */
export function batchId(batch: string): string {
  return `batch#${batch}`;
}

/** What people name an alert by: its rule and the start of its key's hash, `5xx-ratio/1a2b3c4d`. */
export function shortId({ rule, key }: Pick<AlertId, 'rule' | 'key'>): string {
  return `${rule}/${createHash('sha256').update(key).digest('hex').slice(0, 8)}`;
}
