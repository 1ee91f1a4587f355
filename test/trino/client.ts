import { setTimeout } from 'node:timers/promises';

/** As Athena names it; views say so. */
export const catalog = 'awsdatacatalog';

/** What Trino answers, or why it refuses. */
export type TrinoAnswer =
  | {
      readonly columns: readonly { readonly name: string; readonly type: string }[];
      readonly rows: readonly unknown[][];
    }
  | { readonly refused: string };

interface Page {
  readonly nextUri?: string;
  readonly columns?: { name: string; type: string }[];
  readonly data?: unknown[][];
  readonly error?: { errorName: string; message: string };
  readonly stats: { readonly state: string };
}

/** A query that has been sent. */
export interface RunningQuery {
  /** Whether it reads rows by now, and is not at its end. */
  isRunning(): Promise<boolean>;
  answer(): Promise<TrinoAnswer>;
}

export async function askTrino(url: string, sql: string, schema?: string): Promise<TrinoAnswer> {
  return (await sendToTrino(url, sql, schema)).answer();
}

/** A server that says it has started may not yet know itself as a node that reads tables; nothing tells when it does. */
export async function untilItReads(url: string, table: string): Promise<void> {
  for (;;) {
    const answer = await askTrino(url, `SELECT count(*) FROM ${table}`);
    if (!('refused' in answer) || !answer.refused.startsWith('NO_NODES_AVAILABLE')) return;
    await setTimeout(500);
  }
}

/** https://trino.io/docs/current/develop/client-protocol.html */
export async function sendToTrino(url: string, sql: string, schema = 'firesplit'): Promise<RunningQuery> {
  const headers = {
    'X-Trino-User': 'firesplit',
    'X-Trino-Catalog': catalog,
    'X-Trino-Schema': schema,
    'X-Trino-Time-Zone': 'UTC',
  };
  let page: Page;
  let columns: { name: string; type: string }[] = [];
  const rows: unknown[][] = [];
  const take = async (response: Response) => {
    page = (await response.json()) as Page;
    columns = page.columns ?? columns;
    rows.push(...(page.data ?? []));
    return page;
  };
  page = await take(await fetch(`${url}/v1/statement`, { method: 'POST', body: sql, headers }));
  return {
    async isRunning() {
      if (page.nextUri !== undefined) await take(await fetch(page.nextUri));
      return page.stats.state === 'RUNNING';
    },
    async answer() {
      while (page.nextUri !== undefined) await take(await fetch(page.nextUri));
      return page.error ? { refused: `${page.error.errorName}: ${page.error.message}` } : { columns, rows };
    },
  };
}
