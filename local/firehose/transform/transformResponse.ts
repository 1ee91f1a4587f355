import type { PrefixKeys } from '../dates/prefix.js';
import type { Failure } from './processors/failure.js';

/** What the transform said about one record. */
export type RecordVerdict =
  | { readonly result: 'Ok'; readonly data: Buffer; readonly partitionKeys: PrefixKeys }
  | { readonly result: 'Dropped' }
  | ({ readonly result: 'failed' } & Failure);

/**
 * Reads a transform's answer as Firehose does; the codes and messages are those it writes to the error output.
 *
 * @returns one verdict for each id, in order.
 */
export function readTransformResponse(payload: string, recordIds: readonly string[]): readonly RecordVerdict[] {
  const everyRecord = (verdict: RecordVerdict) => recordIds.map(() => verdict);
  let response: unknown;
  try {
    response = JSON.parse(payload);
  } catch {
    return everyRecord(notJson);
  }
  const returned = isObject(response) && Array.isArray(response.records) ? response.records.filter(isObject) : [];
  const known = new Set(recordIds);
  const answers = new Map<string, { [key: string]: unknown }[]>();
  for (const answer of returned) {
    const id = answer.recordId;
    // Ids that were not asked for are ignored.
    if (typeof id === 'string' && known.has(id)) answers.set(id, [...(answers.get(id) ?? []), answer]);
  }
  const verdicts = recordIds.map((id) => verdictOf(answers.get(id) ?? []));
  return verdicts.includes(malformed) ? everyRecord(malformed) : verdicts;
}

function verdictOf([answer, ...more]: readonly { [key: string]: unknown }[]): RecordVerdict {
  if (answer === undefined) return missing;
  if (more.length > 0) return duplicated;
  switch (answer.result) {
    case 'Dropped':
      return { result: 'Dropped' };
    case 'ProcessingFailed':
      return {
        result: 'failed',
        errorType: 'processing-failed',
        code: 'Lambda.ProcessingFailedStatus',
        message: 'ProcessingFailed status set for record',
      };
    case 'Ok':
      return okVerdict(answer);
    default:
      return malformed;
  }
}

function okVerdict(answer: { [key: string]: unknown }): RecordVerdict {
  if (answer.data === undefined || answer.data === null) return nullData;
  if (typeof answer.data !== 'string' || !base64.test(answer.data)) return malformed;
  const metadata = isObject(answer.metadata) ? answer.metadata : {};
  const partitionKeys = isObject(metadata.partitionKeys) ? metadata.partitionKeys : {};
  return { result: 'Ok', data: Buffer.from(answer.data, 'base64'), partitionKeys };
}

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

function isObject(value: unknown): value is { [key: string]: unknown } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

const missing: RecordVerdict = {
  result: 'failed',
  errorType: 'processing-failed',
  code: 'Lambda.MissingRecordId',
  message: 'One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids.',
};

const duplicated: RecordVerdict = {
  result: 'failed',
  errorType: 'processing-failed',
  code: 'Lambda.DuplicatedRecordId',
  message:
    'Multiple records were returned with the same record ID. Ensure that the Lambda function returns unique record IDs for each record.',
};

/** Condemns the whole batch. */
const malformed: RecordVerdict = {
  result: 'failed',
  errorType: 'processing-failed',
  code: 'Lambda.FunctionError',
  message:
    'Check your function and make sure the output is in required format. In addition to that, make sure the processed records contain valid result status of Dropped, Ok, or ProcessingFailed',
};

const nullData: RecordVerdict = {
  result: 'failed',
  errorType: 'processing-failed',
  code: 'Lambda.FunctionError',
  message:
    'The data field cannot be null when the SourceType is DirectPut or KinesisStreamAsSource and processing result is Ok.',
};

const notJson: RecordVerdict = {
  result: 'failed',
  errorType: 'processing-failed',
  code: 'Lambda.JsonProcessingException',
  message: 'There was an error parsing returned records from the Lambda function. Ensure that it returns valid JSON.',
};
