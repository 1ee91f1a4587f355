import type { Catalog, CompactionStore, ListedObject } from '../../../shared/compact/ports.js';

/** A bucket in memory, as consistent as S3. */
export class MemoryStore implements CompactionStore {
  readonly objects = new Map<string, { readonly body: Uint8Array; readonly etag: string; readonly modified: number }>();
  private writes = 0;

  /** @param pageSize keys that a listing reads at a time */
  constructor(
    private readonly now: () => number = Date.now,
    private readonly pageSize = 1000,
  ) {}

  async *list(prefix: string, after = ''): AsyncIterable<ListedObject> {
    for (let page = this.page(prefix, after); page.length > 0; page = this.page(prefix, page.at(-1)?.key ?? '')) {
      yield* page;
    }
  }

  /** The keys that follow one, as they are now. */
  page(prefix: string, after: string): ListedObject[] {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    return keys.slice(0, this.pageSize).map((key) => {
      const { body, etag, modified } = this.objects.get(key) ?? { body: new Uint8Array(), etag: '', modified: 0 };
      return { key, etag, size: body.length, modified };
    });
  }

  async get(key: string, etag?: string) {
    const found = this.objects.get(key);
    return found && (etag === undefined || etag === found.etag) ? found : undefined;
  }

  async create(key: string, body: Uint8Array): Promise<boolean> {
    if (this.objects.has(key)) return false;
    this.put(key, body);
    return true;
  }

  async replace(key: string, body: Uint8Array, etag: string): Promise<string | undefined> {
    return this.objects.get(key)?.etag === etag ? this.put(key, body) : undefined;
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.objects.delete(key);
  }

  put(key: string, body: Uint8Array): string {
    const etag = `"${++this.writes}"`;
    this.objects.set(key, { body, etag, modified: this.now() });
    return etag;
  }
}

/** Views in memory. */
export class MemoryCatalog implements Catalog {
  readonly views = new Map<string, { readonly definition: string; readonly version: string }>();

  async read(type: string) {
    return this.views.get(type);
  }

  async write(type: string, definition: string, version: string | undefined): Promise<boolean> {
    const before = this.views.get(type)?.version;
    if (before !== version) return false;
    this.views.set(type, { definition, version: String(Number(before ?? 0) + 1) });
    return true;
  }
}
