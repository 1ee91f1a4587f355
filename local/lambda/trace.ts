/**
 * The X-Ray trace header of an invocation, made of its id (a UUID). Lambda sets it in `_X_AMZN_TRACE_ID`, the AWS SDK
 * sends it along as `X-Amzn-Trace-Id`, and so a request tells which invocation makes it.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function traceHeader(invocationId: string): string {
  const hex = invocationId.replaceAll('-', '');
  return `Root=1-${hex.slice(0, 8)}-${hex.slice(8)};Sampled=0`;
}

/** The invocation whose trace header this is; undefined for any other text. */
export function invocationOf(header: string): string | undefined {
  const [, first, second, third, fourth, fifth] = root.exec(header) ?? [];
  return first && `${first}-${second}-${third}-${fourth}-${fifth}`;
}

const root = /^Root=1-([\da-f]{8})-([\da-f]{4})([\da-f]{4})([\da-f]{4})([\da-f]{12})(?:;|$)/;
