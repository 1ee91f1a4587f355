import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

/** Where the SQL of a query is: on the command line, in a file, or on standard input (`-`). */
export interface SqlSource {
  readonly argument: string | undefined;
  readonly file: string | undefined;
}

/** @throws when there is none, or two */
export async function readSql({ argument, file }: SqlSource, stdin: NodeJS.ReadableStream): Promise<string> {
  if (argument !== undefined && file !== undefined)
    throw new Error('there is SQL on the command line and a --file; name one of them');
  if (file !== undefined && file !== '-') return readFile(file, 'utf8');
  if (argument !== undefined && argument !== '-') return argument;
  if (argument === undefined && file === undefined)
    throw new Error('there is no SQL; write it behind `query`, in a file (--file FILE), or pipe it to `query -`');
  return text(stdin);
}
