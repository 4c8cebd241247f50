import type { z } from "zod";
import { StoreError } from "../errors.ts";
import type { RecordKind, RecordStore } from "../store/store.ts";

/** The records of one kind in memory, in the order in which they were made. Written to only by `writeThrough`. */
export class RecordMirror<T> {
  readonly kind: RecordKind;
  readonly #schema: z.ZodType<T>;
  readonly #items = new Map<string, T>();

  constructor(kind: RecordKind, schema: z.ZodType<T>) {
    this.kind = kind;
    this.#schema = schema;
  }

  get(id: string): T | null {
    return this.#items.get(id) ?? null;
  }

  values(): T[] {
    return [...this.#items.values()];
  }

  get size(): number {
    return this.#items.size;
  }

  /** Reads one document; throws StoreError when it is none of ours. */
  read(id: string, document: unknown): T {
    const read = this.#schema.safeParse(document);
    if (!read.success) throw new StoreError(`Cannot read record ${this.kind}/${id}: ${read.error.issues[0]?.message ?? "no reason given"}`);
    return read.data;
  }

  put(id: string, value: T | null): void {
    if (value === null) this.#items.delete(id);
    else this.#items.set(id, value);
  }

  /** Takes the whole kind from the store, in place of what is there. */
  async reload(records: RecordStore): Promise<void> {
    const rows = await records.load(this.kind);
    const fresh = rows.map(({ id, document }) => [id, this.read(id, document)] as const);
    this.#items.clear();
    for (const [id, value] of fresh) this.#items.set(id, value);
  }
}

export interface MirrorChange {
  readonly mirror: Pick<RecordMirror<never>, "kind"> & { put(id: string, value: unknown): void };
  readonly id: string;
  readonly document: unknown;
}

/** A change of a mirror for `writeThrough`, with the type of its document checked. */
export function mirrorChange<T>(mirror: RecordMirror<T>, id: string, document: T | null): MirrorChange {
  return { mirror, id, document };
}

/** Writes changes to the store in one transaction; memory follows when they are on disk. */
export async function writeThrough(records: RecordStore, changes: readonly MirrorChange[]): Promise<void> {
  await records.apply(changes.map(({ mirror, id, document }) => ({ kind: mirror.kind, id, document })));
  for (const { mirror, id, document } of changes) mirror.put(id, document);
}

/** Runs tasks one after the other, so that a check and the write that rests on it cannot be interleaved with another's. */
export function createSerial(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}
