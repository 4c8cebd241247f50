import type { RecordKind, RecordStore } from "../../../server/store/store.ts";

/** Records in memory, kept as JSON like on disk. `foreign` is what another process would see and change. */
export class MemoryRecords implements RecordStore {
  readonly documents = new Map<string, string>();
  readonly #listeners = new Set<() => void>();
  getCount = 0;

  load(kind: RecordKind) {
    const rows = [...this.documents].filter(([key]) => key.startsWith(`${kind}/`));
    return Promise.resolve(rows.map(([key, json]) => ({ id: key.slice(kind.length + 1), document: JSON.parse(json) as unknown })));
  }

  get(kind: RecordKind, id: string): Promise<unknown> {
    this.getCount += 1;
    const json = this.documents.get(`${kind}/${id}`);
    return Promise.resolve(json === undefined ? null : JSON.parse(json));
  }

  apply(changes: { kind: RecordKind; id: string; document: unknown }[]): Promise<void> {
    for (const { kind, id, document } of changes) {
      if (document === null) this.documents.delete(`${kind}/${id}`);
      else this.documents.set(`${kind}/${id}`, JSON.stringify(document));
    }
    return Promise.resolve();
  }

  onForeignChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Another process has changed something. */
  tellForeignChange(): void {
    for (const listener of this.#listeners) listener();
  }
}
