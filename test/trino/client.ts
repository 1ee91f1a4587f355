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
}

/** https://trino.io/docs/current/develop/client-protocol.html */
export async function askTrino(url: string, sql: string): Promise<TrinoAnswer> {
  const headers = {
    'X-Trino-User': 'firesplit',
    'X-Trino-Catalog': 'hive',
    'X-Trino-Schema': 'firesplit',
    'X-Trino-Time-Zone': 'UTC',
  };
  let page = (await (await fetch(`${url}/v1/statement`, { method: 'POST', body: sql, headers })).json()) as Page;
  let columns: { name: string; type: string }[] = [];
  const rows: unknown[][] = [];
  for (;;) {
    columns = page.columns ?? columns;
    rows.push(...(page.data ?? []));
    if (page.error) return { refused: `${page.error.errorName}: ${page.error.message}` };
    if (page.nextUri === undefined) return { columns, rows };
    page = (await (await fetch(page.nextUri)).json()) as Page;
  }
}
