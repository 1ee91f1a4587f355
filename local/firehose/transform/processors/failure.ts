/** Why a record goes to the error output. `errorType` is what `!{firehose:error-output-type}` stands for. */
export interface Failure {
  readonly errorType:
    | 'processing-failed'
    | 'decompression-failed'
    | 'metadata-extraction-failed'
    | 'activePartitionExceeded'
    /** AWS documents no name for it. */
    | 'delivery-failed';
  readonly code: string;
  readonly message: string;
}
