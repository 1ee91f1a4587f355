/** The ids of a request that crosses services, as logs carry them. */
export interface TraceIds {
  readonly trace_id: string;
  readonly span_id?: string;
}

/**
 * A propagation header, which a logger wrote whole: undefined for any other text.
 * - W3C `00-<trace>-<span>-<flags>`: https://www.w3.org/TR/trace-context/#traceparent-header
 * - X-Ray `Root=1-…;Parent=…;Sampled=1`: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 * - X-Ray's SDKs in a logger's context: `1-…@<span>`, in Java behind the header's name
 * - B3 `<trace>-<span>-<sampled>-<parent>`: https://github.com/openzipkin/b3-propagation#single-header
 * - Google Cloud `projects/<project>/traces/<trace>`: https://cloud.google.com/logging/docs/structured-logging
 */
export function parseTraceHeader(text: string): TraceIds | undefined {
  // Longer than any of these: spared the expressions.
  if (text.length > 512) return undefined;
  for (const header of headers) {
    const groups = header.exec(text)?.groups;
    if (!groups?.trace || isAbsent(groups.trace)) continue;
    const span = groups.span ?? xrayParent.exec(text)?.[1];
    return span === undefined || isAbsent(span)
      ? { trace_id: groups.trace }
      : { trace_id: groups.trace, span_id: span };
  }
  return undefined;
}

/** An id as text; undefined for prose, and for what tracers write while there is no trace: nothing, `0`, zeros. */
export function parseTraceId(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  return typeof value === 'string' && word.test(value) && !isAbsent(value) ? value : undefined;
}

function isAbsent(id: string): boolean {
  return id === '' || id === '-' || id === '<null>' || zeros.test(id);
}

const word = /^\S{1,256}$/;
const zeros = /^(?:0x)?0+$/;
const headers = [
  /^[\da-f]{2}-(?<trace>[\da-f]{32})-(?<span>[\da-f]{16})-[\da-f]{2}$/,
  /^(?:[^=;]+=[^;]*;)*Root=(?<trace>1-[\da-f]{8}-[\da-f]{24})(?:;|$)/,
  /^(?:AWS-XRAY-TRACE-ID: )?(?<trace>1-[\da-f]{8}-[\da-f]{24})(?:@(?<span>[\da-f]{16}))?$/,
  /^(?<trace>[\da-f]{32}|[\da-f]{16})-(?<span>[\da-f]{16})(?:-[01d](?:-[\da-f]{16})?)?$/,
  /^projects\/[^/]+\/traces\/(?<trace>[\da-f]{32})$/,
] as const;
const xrayParent = /;Parent=([\da-f]{16})(?:;|$)/;
