import { sqs } from '../../shared/limits.js';
import { AwsError, serializationError } from '../aws/awsError.js';
import { type Json, requiredText } from './parameters.js';

/**
 * Does a batch's entries one after the other; what is wrong with one is told in its own place.
 *
 * @throws AwsError for a batch that is refused as a whole.
 */
export async function eachEntry(
  input: Json,
  request: string,
  work: (entry: Json) => Promise<Json> | Json,
): Promise<Json> {
  const Successful: Json[] = [];
  const Failed: Json[] = [];
  for (const entry of entriesOf(input, request)) {
    const Id = String(entry.Id);
    try {
      Successful.push({ Id, ...(await work(entry)) });
    } catch (error) {
      if (!(error instanceof AwsError) || error.status === 500) throw error;
      const Code = error.code.slice(error.code.indexOf('#') + 1);
      Failed.push({ Id, SenderFault: true, Code, Message: error.message });
    }
  }
  return { Successful, Failed };
}

/** @throws AwsError for no or too many entries, and for ids that are none or not distinct. */
export function entriesOf({ Entries: entries }: Json, request: string): readonly Json[] {
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new AwsError(
      'com.amazonaws.sqs#EmptyBatchRequest',
      `There should be at least one ${request}Entry in the request.`,
    );
  }
  if (entries.length > sqs.maxBatchEntries) {
    throw new AwsError(
      'com.amazonaws.sqs#TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${sqs.maxBatchEntries}. You have sent ${entries.length}.`,
    );
  }
  const seen = new Set<string>();
  for (const entry of entries) {
    if (entry === null || typeof entry !== 'object') throw serializationError('An entry must be a structure');
    const id = requiredText(entry as Json, 'Id');
    if (!/^[\w-]{1,80}$/.test(id)) {
      throw new AwsError(
        'com.amazonaws.sqs#InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (seen.has(id)) throw new AwsError('com.amazonaws.sqs#BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    seen.add(id);
  }
  return entries as readonly Json[];
}
