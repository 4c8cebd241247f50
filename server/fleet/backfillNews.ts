import type { LiveBackfill } from "../contract/live.ts";

export type NewsListener = (news: LiveBackfill) => void;

interface Late {
  readonly siteId: string;
  readonly fromMs: number;
  readonly toMs: number;
}
/** By agent. */
type LateOf = Map<string, Late>;

/** A backlog has come in whole when nothing late has come for so long. */
const QUIET_MS = 5000;
/** Where somebody is always a little late, minutes are told anew out of turn no more often than this. */
const REST_MS = 60_000;

/** Follows late samples on their way to the disk, and into minutes and frames, and tells when they can be read. */
export class BackfillNews {
  /** Not on disk yet: noted since the last append began, and in that append. */
  #noted: LateOf = new Map();
  #appending: LateOf = new Map();
  /** On disk, and not in the minutes yet. */
  readonly #waiting: LateOf = new Map();
  readonly #listeners = new Set<NewsListener>();
  #notedAtMs = -Infinity;
  #restsUntilMs = -Infinity;

  subscribe(listener: NewsListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  note(
    { agentId, siteId }: { readonly agentId: string; readonly siteId: string },
    { atMs, nowMs }: { readonly atMs: number; readonly nowMs: number },
  ): void {
    this.#notedAtMs = nowMs;
    widen(this.#noted, agentId, { siteId, fromMs: atMs, toMs: atMs });
  }

  /** An append begins; where the one before failed, its samples are in this one as well. */
  flushed(): void {
    for (const [agentId, late] of this.#noted) widen(this.#appending, agentId, late);
    this.#noted = new Map();
  }

  stored(): void {
    for (const [agentId, late] of this.#appending) {
      widen(this.#waiting, agentId, late);
      this.#tell({ ...late, what: "samples" });
    }
    this.#appending = new Map();
  }

  /** Samples wait for their minutes to be told anew, and no more of them are coming in. */
  isDue(nowMs: number): boolean {
    return this.#waiting.size > 0 && nowMs - this.#notedAtMs >= QUIET_MS && nowMs >= this.#restsUntilMs;
  }

  toldAnew(spans: readonly { readonly fromMs: number; readonly toMs: number }[], nowMs: number): void {
    if (this.#waiting.size === 0) return;
    for (const [agentId, late] of this.#waiting) {
      const within = spans.filter(({ fromMs, toMs }) => toMs > late.fromMs && fromMs <= late.toMs);
      if (within.length === 0) continue;
      const fromMs = Math.max(late.fromMs, Math.min(...within.map((span) => span.fromMs)));
      const toMs = Math.min(late.toMs, Math.max(...within.map((span) => span.toMs)));
      this.#tell({ siteId: late.siteId, fromMs, toMs, what: "minutes" });
      // The oldest hours are told first: what is later still waits.
      if (toMs >= late.toMs) this.#waiting.delete(agentId);
      else this.#waiting.set(agentId, { ...late, fromMs: toMs });
    }
    if (this.#waiting.size === 0 || spans.length === 0) this.#restsUntilMs = nowMs + REST_MS;
  }

  #tell(news: LiveBackfill): void {
    for (const listener of this.#listeners) listener(news);
  }
}

function widen(spans: LateOf, agentId: string, { siteId, fromMs, toMs }: Late): void {
  const held = spans.get(agentId);
  spans.set(agentId, {
    siteId,
    fromMs: Math.min(held?.fromMs ?? Infinity, fromMs),
    toMs: Math.max(held?.toMs ?? -Infinity, toMs),
  });
}
