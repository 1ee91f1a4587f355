import type { HttpSettings } from '../../config/forwardConfig.js';
import { datadog } from '../../limits.js';
import { fitted } from '../fitted.js';
import type { Form } from '../form.js';

/** Rows as they are stored, with their type and id, as lines of JSON or as one JSON array: for a server of one's own. */
export function httpForm({ body = 'ndjson' }: Pick<HttpSettings, 'body'>): Form {
  return {
    contentType: body === 'ndjson' ? 'application/x-ndjson' : 'application/json',
    entry({ type, id, columns }) {
      const json = fitted({ type, id, ...columns }, datadog.maxEntryBytes);
      // And a comma or a line feed.
      return { json, bytes: Buffer.byteLength(json) + 1 };
    },
    body(entries) {
      const rows = entries.map(({ json }) => json);
      return body === 'ndjson' ? `${rows.join('\n')}\n` : `[${rows.join(',')}]`;
    },
    overhead: 2,
  };
}
