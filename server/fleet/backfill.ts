import { z } from "zod";
import type { RecordStore } from "../store/store.ts";
import { BackfillNews, type NewsListener } from "./backfillNews.ts";
import { RecordMirror } from "./recordMirror.ts";

/** Start and end, epoch ms, both included. */
export type BackfillSpan = [fromMs: number, toMs: number];

const StoredBackfill = z.object({ siteId: z.string(), spans: z.array(z.tuple([z.number().int(), z.number().int()])) });
type StoredBackfill = z.infer<typeof StoredBackfill>;

/** A sample on its way for longer than this, or than so many intervals, came from a backlog. */
const LATE_MS = 30_000;
const LATE_INTERVALS = 3;
/** Late samples of one agent that are no further apart than this many intervals are of one span. */
const JOINED_INTERVALS = 2;
/** Kept per agent; the oldest go first. */
const SPANS_MAX = 500;

/** Whose spans are asked for. */
export type BackfillTarget = { readonly siteIds: readonly string[] } | { readonly agentId: string } | "fleet";

/** When the samples of an agent reached the server late: it had lost its uplink, and sent what it had kept afterwards. */
export interface Backfill {
  /** Notes a sample, if it came late. On disk after `flush`. */
  note(
    origin: { readonly agentId: string; readonly siteId: string },
    sample: { readonly polledAtMs: number; readonly spacingMs: number; readonly nowMs: number },
  ): void;
  /** In order and apart, cut to the range. */
  spans(target: BackfillTarget, range: { readonly fromMs: number; readonly toMs: number }): BackfillSpan[];
  /** Writes what was noted. */
  flush(): Promise<void>;
  /** The samples that were noted before the last `flush` are on disk. */
  stored(): void;
  /** Of these spans the minutes and frames hold what was stored. */
  toldAnew(spans: readonly { readonly fromMs: number; readonly toMs: number }[], nowMs: number): void;
  /** A backlog has come in whole, and the minutes do not hold it yet: worth a turn of its own. */
  isDue(nowMs: number): boolean;
  /** Told when history that came late can be read. Returns the function that ends it. */
  onNews(listener: NewsListener): () => void;
}

/** Rejects with StoreError when a record cannot be read. */
export async function openBackfill({ records }: { records: RecordStore }): Promise<Backfill> {
  const documents = await readDocuments(records);
  const changed = new Set<string>();
  const news = new BackfillNews();
  return {
    stored: () => news.stored(),
    toldAnew: (spans, nowMs) => news.toldAnew(spans, nowMs),
    isDue: (nowMs) => news.isDue(nowMs),
    onNews: (listener) => news.subscribe(listener),
    note({ agentId, siteId }, { polledAtMs, spacingMs, nowMs }) {
      if (nowMs - polledAtMs <= Math.max(LATE_MS, LATE_INTERVALS * spacingMs)) return;
      news.note({ agentId, siteId }, { atMs: polledAtMs, nowMs });
      const held = documents.get(agentId)?.spans ?? [];
      const spans = withInstant(held, polledAtMs, JOINED_INTERVALS * spacingMs);
      if (spans === held) return;
      documents.set(agentId, { siteId, spans: spans.slice(-SPANS_MAX) });
      changed.add(agentId);
    },
    spans(target, { fromMs, toMs }) {
      const asked = [...documents].filter(([agentId, { siteId }]) => isOf(target, { agentId, siteId }));
      const within = asked.flatMap(([, { spans }]) => spans).filter(([from, to]) => to >= fromMs && from <= toMs);
      return joined(within.map(([from, to]) => [Math.max(from, fromMs), Math.min(to, toMs)]));
    },
    async flush() {
      news.flushed();
      const ids = [...changed];
      if (ids.length === 0) return;
      changed.clear();
      try {
        await records.apply(ids.map((id) => ({ kind: "backfill", id, document: documents.get(id) ?? null })));
      } catch (error) {
        for (const id of ids) changed.add(id);
        throw error;
      }
    },
  };
}

/** By the agent's id. */
async function readDocuments(records: RecordStore): Promise<Map<string, StoredBackfill>> {
  const mirror = new RecordMirror("backfill", StoredBackfill);
  const rows = await records.load("backfill");
  return new Map(rows.map(({ id, document }) => [id, mirror.read(id, document)]));
}

function isOf(target: BackfillTarget, { agentId, siteId }: { agentId: string; siteId: string }): boolean {
  if (target === "fleet") return true;
  return "agentId" in target ? target.agentId === agentId : target.siteIds.includes(siteId);
}

/** The spans with one more instant: the same array where one of them covers it. */
function withInstant(spans: BackfillSpan[], atMs: number, apartMs: number): BackfillSpan[] {
  const last = spans.at(-1);
  // A backlog comes in order: nearly always it is the last one that grows.
  if (last !== undefined && atMs > last[1] && atMs <= last[1] + apartMs) return spans.with(-1, [last[0], atMs]);
  if (spans.findLast(([from, to]) => atMs >= from && atMs <= to) !== undefined) return spans;
  return joined([...spans, [atMs, atMs]], apartMs);
}

/** In order of time, those that are no further apart as one. */
function joined(spans: readonly BackfillSpan[], apartMs = 0): BackfillSpan[] {
  const result: BackfillSpan[] = [];
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1] + apartMs) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}
