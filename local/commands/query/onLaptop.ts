import pc from 'picocolors';
import { counted } from '../../../shared/text/wording.js';
import { askStatus } from '../../console/status.js';
import type { Answer } from '../../query/answer.js';
import { openDatabase } from '../../query/database.js';
import { findReady } from '../../stack/readyFile.js';
import { bytes } from '../../terminal/screen.js';

export interface LaptopOptions {
  readonly data: string;
  readonly unlocked?: boolean;
}

/** @param show prints an answer and counts its rows; undefined when nobody reads them any more */
export async function onLaptop(
  sql: string,
  { data, unlocked = false }: LaptopOptions,
  signal: AbortSignal,
  show: (answer: Answer) => Promise<number | undefined>,
): Promise<void> {
  const database = await openDatabase(data, { unlocked });
  signal.addEventListener('abort', database.interrupt);
  try {
    const rows = await show(await database.ask(sql));
    if (rows === 0) console.error(pc.dim(await whyNothing(data)));
  } finally {
    signal.removeEventListener('abort', database.interrupt);
    database.close();
  }
}

/** For an answer without rows: whether some are on their way. */
async function whyNothing(data: string): Promise<string> {
  const status = await askStatus((await findReady(data))?.console);
  if (status === undefined) return `No rows, and no "firesplit up" runs on ${data}.`;
  const { queryableWithin, buffered } = status;
  if (buffered.items === 0) return 'No rows. Nothing is buffered: everything that was sent can be queried.';
  const within = counted(Math.ceil(queryableWithin / 1000) + 1, 'second');
  return `No rows. ${bytes(buffered.bytes)} are still buffered, and can be queried within ${within}.`;
}
