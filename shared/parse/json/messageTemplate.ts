import type { JsonObject } from './object.js';

/**
 * `Order {OrderId}` with the event's own values. A token with a format takes the text that the logger has rendered.
 *
 * https://messagetemplates.org
 *
 * @param rendered one for each token with a format, in their order
 */
export function renderTemplate(template: string, values: JsonObject, rendered: readonly unknown[] = []): string {
  let next = 0;
  return template.replace(token, (text: string, name: string | undefined, format: string | undefined) => {
    if (name === undefined) return text.slice(1);
    const value = format === undefined ? undefined : rendered[next++];
    if (typeof value === 'string') return value;
    if (!Object.hasOwn(values, name)) return text;
    const own = values[name];
    return typeof own === 'string' ? own : JSON.stringify(own);
  });
}

/** `{{`, `}}`, or `{Name}`, `{@Name,-5:000}`. */
const token = /\{\{|\}\}|\{[@$]?(\w+)(?:,-?\d+)?(:[^{}]*)?\}/g;
