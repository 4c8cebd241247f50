import type { AuditEntry } from "../../contract/api.ts";
import type { RecordKind } from "../store.ts";
import { openForWriting } from "./database.ts";
import { appendAudit, applyRecords, getRecord, loadRecords, type RecordChange } from "./state.ts";

/** Records and audit for the command line, synchronous, on a database that a running server may hold as well; the server notices within 250 ms. */
export interface CommandRecords {
  load(kind: RecordKind): { id: string; document: unknown }[];
  get(kind: RecordKind, id: string): unknown;
  /** One transaction. `document: null` removes. */
  apply(changes: readonly RecordChange[]): void;
  appendAudit(entries: readonly Omit<AuditEntry, "id">[]): void;
  close(): void;
}

/** Opens the records of a data directory; waits up to 5 s for a lock. The directory must exist. Throws StoreError when a newer program wrote it. */
export function openRecords({ dataDir }: { dataDir: string }): CommandRecords {
  const db = openForWriting(dataDir);
  return {
    load: (kind) => loadRecords(db, kind),
    get: (kind, id) => getRecord(db, kind, id),
    apply: (changes) => applyRecords(db, changes),
    appendAudit: (entries) => appendAudit(db, entries),
    close: () => void db.close(),
  };
}
