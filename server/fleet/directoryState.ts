import { z } from "zod";
import { Node, Rack, Range, Settings, Site, View } from "../contract/api.ts";
import type { RecordStore } from "../store/store.ts";
import type { DirectoryChange } from "./ports.ts";
import { createSerial, RecordMirror, writeThrough, type MirrorChange } from "./recordMirror.ts";

const StoredAgent = z.object({
  id: z.string(),
  siteId: z.string(),
  name: z.string(),
  embedded: z.boolean(),
  revoked: z.boolean(),
  createdAtMs: z.number().int(),
  enrolledAtMs: z.number().int().nullable(),
  codeHash: z.string().nullable(), // of the one-time code, until it is used
  codeExpiresAtMs: z.number().int().nullable(),
  keyHash: z.string().nullable(),
  hostname: z.string().nullable(),
  program: z.string().nullable(),
});
export type StoredAgent = z.infer<typeof StoredAgent>;
/** Numbers that must never be given twice: the store's history knows sites by them. */
const Counter = z.object({ next: z.number().int() });

/** What the files of the directory share: the records in memory and the one way to change them. */
export interface DirectoryState {
  readonly sites: RecordMirror<Site>;
  readonly racks: RecordMirror<Rack>;
  readonly ranges: RecordMirror<Range>;
  readonly agents: RecordMirror<StoredAgent>;
  readonly nodes: RecordMirror<Node>;
  readonly views: RecordMirror<View>;
  readonly settings: RecordMirror<Settings>;
  readonly counters: RecordMirror<z.infer<typeof Counter>>;
  readonly clock: () => number;
  /** Runs a change that rests on what is in memory; changes wait for each other. */
  readonly serial: <T>(task: () => Promise<T>) => Promise<T>;
  /** Writes, then tells the listeners. */
  write(changes: readonly MirrorChange[], events: readonly DirectoryChange[]): Promise<void>;
  onChange(listener: (change: DirectoryChange) => void): () => void;
}

export const SITE_COUNTER_ID = "siteCounter";
export const SETTINGS_ID = "settings";

/** Loads every record of the directory. Rejects with StoreError when one cannot be read. */
export async function openDirectoryState(records: RecordStore, clock: () => number): Promise<DirectoryState> {
  const state = {
    sites: new RecordMirror("site", Site),
    racks: new RecordMirror("rack", Rack),
    ranges: new RecordMirror("range", Range),
    agents: new RecordMirror("agent", StoredAgent),
    nodes: new RecordMirror("node", Node),
    views: new RecordMirror("view", View),
    settings: new RecordMirror("setting", Settings),
    counters: new RecordMirror("meta", Counter),
  };
  const { counters, ...whole } = state;
  for (const mirror of Object.values(whole)) await mirror.reload(records);
  const counter = await records.get("meta", SITE_COUNTER_ID);
  if (counter !== null && counter !== undefined) counters.put(SITE_COUNTER_ID, counters.read(SITE_COUNTER_ID, counter));

  const listeners = new Set<(change: DirectoryChange) => void>();
  return {
    ...state,
    clock,
    serial: createSerial(),
    async write(changes, events) {
      await writeThrough(records, changes);
      for (const event of events) for (const listener of listeners) listener(event);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
