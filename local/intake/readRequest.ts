import { gunzipSync } from 'node:zlib';
import { datadog } from '../../shared/limits.js';

/** What an intake makes of a request: the entries in it, or the answer that refuses it. */
export type ReadRequest =
  | { readonly api: Api; readonly entries: readonly unknown[] }
  | { readonly status: number; readonly message: string };

/** `http` is any server of one's own. */
type Api = 'datadog' | 'otlp' | 'http';

/** An entry that was forwarded. */
export interface TakenEntry {
  readonly api: Api;
  /** ms since the epoch. */
  readonly at: number;
  /** As it came, in JSON. */
  readonly entry: unknown;
}

/** The API that a path is of. */
function apiOf(path: string): Api {
  if (path.endsWith('/api/v2/logs')) return 'datadog';
  return path.endsWith('/v1/logs') ? 'otlp' : 'http';
}

interface GivenRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** Reads a request as Datadog, a collector of OpenTelemetry, or a server of one's own would, with their limits. */
export function readRequest({ path, headers, body }: GivenRequest): ReadRequest {
  const api = apiOf(path);
  if (api === 'datadog' && !headers['dd-api-key']) return { status: 401, message: 'Unauthorized: no dd-api-key' };
  let text: string;
  try {
    text = (headers['content-encoding'] === 'gzip' ? gunzipSync(body, unpacked) : body).toString('utf8');
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLarge ? tooLarge : { status: 400, message: 'the body is not gzip, as its content-encoding says' };
  }
  if (Buffer.byteLength(text) > datadog.maxRequestBytes) return tooLarge;
  try {
    const entries = entriesIn[api](text);
    if (entries.length > datadog.maxRequestEntries) return tooLarge;
    return { api, entries };
  } catch {
    return { status: 400, message: `the body is not what ${api} takes` };
  }
}

const unpacked = { maxOutputLength: datadog.maxRequestBytes };

const tooLarge = { status: 413, message: 'Payload too large' } as const;

const entriesIn: { readonly [A in Api]: (text: string) => readonly unknown[] } = {
  datadog: (text) => [JSON.parse(text)].flat(),
  otlp: (text) => {
    const { resourceLogs } = JSON.parse(text) as OtlpRequest;
    return resourceLogs.flatMap(({ resource, scopeLogs }) =>
      scopeLogs.flatMap(({ logRecords }) => logRecords.map((record) => ({ resource, ...record }))),
    );
  },
  http: (text) => {
    if (text.startsWith('[')) return JSON.parse(text) as unknown[];
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line): unknown => JSON.parse(line));
  },
};

interface OtlpRequest {
  readonly resourceLogs: readonly {
    readonly resource: unknown;
    readonly scopeLogs: readonly { readonly logRecords: readonly object[] }[];
  }[];
}
