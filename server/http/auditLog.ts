import type { AuditEntry } from "../contract/api.ts";

export type NewAuditEntry = Omit<AuditEntry, "id" | "atMs">;

/** Who did what, when, from where, with what result. */
export interface AuditLog {
  /** Resolves when the entry is written; entries that come together are written together. Never rejects: what is lost goes to `onLost`. */
  record(entry: NewAuditEntry): Promise<void>;
  /** Writes what is still held back. */
  close(): Promise<void>;
}

export interface AuditLogOptions {
  readonly append: (entries: Omit<AuditEntry, "id">[]) => Promise<void>;
  readonly clock: () => number;
  /** Entries that could not be written, with the reason. */
  readonly onLost: (count: number, error: unknown) => void;
}

const REFUSALS_PER_MINUTE = 60;
const ADDRESS_LIMIT = 10_000;
const MINUTE_MS = 60_000;

/**
 * The audit log. Every change is written; of refusals the first 60 a minute and address are, and the number of the others stands in one entry
 * when the minute is over, so that a flood of junk does not fill the disk.
 */
export function openAuditLog({ append, clock, onLost }: AuditLogOptions): AuditLog {
  const refusals = new Map<string, { sinceMs: number; count: number }>();
  let queue: Omit<AuditEntry, "id">[] = [];
  let flushing: Promise<void> | null = null;

  async function flush(): Promise<void> {
    await Promise.resolve(); // what this tick still records goes along
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      await append(batch).catch((error: unknown) => onLost(batch.length, error));
    }
    flushing = null;
  }

  function write(entry: Omit<AuditEntry, "id">): Promise<void> {
    queue.push(entry);
    flushing ??= flush();
    return flushing;
  }

  function writeRest(address: string): void {
    const { count } = refusals.get(address) ?? { count: 0 };
    refusals.delete(address);
    const detail = `${count - REFUSALS_PER_MINUTE} more refusals within a minute`;
    if (count > REFUSALS_PER_MINUTE)
      void write({ atMs: clock(), actor: "", from: address, action: "refusals", target: "", result: "refused", detail });
  }

  function isWritten(address: string): boolean {
    for (const [other, { sinceMs }] of refusals) if (clock() - sinceMs >= MINUTE_MS) writeRest(other);
    const seen = refusals.get(address) ?? { sinceMs: clock(), count: 0 };
    seen.count += 1;
    if (refusals.size < ADDRESS_LIMIT || seen.count > 1) refusals.set(address, seen);
    return seen.count <= REFUSALS_PER_MINUTE;
  }

  return {
    async record(entry) {
      if (entry.result === "refused" && !isWritten(entry.from)) return;
      await write({ atMs: clock(), ...entry });
    },
    async close() {
      for (const address of refusals.keys()) writeRest(address);
      await flushing;
    },
  };
}
