import type { AlertId } from '../ports.js';

/** Rule names hold no `#`, so that no two alerts share an id. */
export function alertId({ rule, key }: AlertId): string {
  return `alert#${rule}#${key}`;
}

/** Undefined when the id is not that of an alert. */
export function readAlertId(id: string): AlertId | undefined {
  const [, rule, key] = /^alert#([^#]+)#(.*)$/s.exec(id) ?? [];
  return rule === undefined || key === undefined ? undefined : { rule, key };
}

/** Of the route that owns a webhook. */
export function routeId(route: string): string {
  return `route#${route}`;
}

export function readRouteId(id: string): string {
  return id.slice(routeId('').length);
}
