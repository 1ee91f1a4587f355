import type { Prepared } from './prepared.js';

/**
 * The CloudWatchLogProcessing processor: the messages of a CloudWatch Logs record, each on a line of its own, or the
 * record as it is; a CONTROL_MESSAGE, with which CloudWatch Logs tries the destination, is dropped.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/Message_extraction.html
 */
export function extractLogMessages(data: Buffer, extractMessages: boolean): Prepared {
  const envelope = parsed(data);
  if (envelope?.messageType === 'CONTROL_MESSAGE') return { kind: 'ready', records: [] };
  if (!extractMessages) return { kind: 'ready', records: [data] };
  if (!Array.isArray(envelope?.logEvents)) return noLogs;
  const messages = envelope.logEvents.map((event: { readonly message?: unknown } | null) => event?.message);
  if (!messages.every((message) => typeof message === 'string')) return noLogs;
  return { kind: 'ready', records: [Buffer.from(messages.map((message) => `${message}\n`).join(''))] };
}

function parsed(data: Buffer): { readonly messageType?: unknown; readonly logEvents?: unknown } | undefined {
  try {
    return JSON.parse(data.toString()) ?? undefined;
  } catch {
    return undefined;
  }
}

const noLogs: Prepared = {
  kind: 'failed',
  failure: {
    errorType: 'processing-failed',
    code: 'CloudWatchLogProcessing.Failed',
    message: 'The record is no JSON of CloudWatch Logs with logEvents, so its messages could not be extracted.',
  },
};
