import { randomUUID } from "node:crypto";
import type { AgentMessage } from "../contract/agentLink.ts";
import type { Scan } from "../contract/api.ts";

const SCANS_MAX = 100;
const ITEMS_MAX = 20_000;
type Progress = Extract<AgentMessage, { type: "scanProgress" }>;

/** Scans that were asked for since the server started, the newest SCANS_MAX of them. */
export class Scans {
  readonly #scans = new Map<string, Scan>();

  start(agentId: string, nowMs: number): Scan {
    const counts = { totalCount: 0, probedCount: 0, foundCount: 0, failureCounts: {} };
    const scan: Scan = {
      id: randomUUID(),
      agentId,
      state: "running",
      detail: null,
      startedAtMs: nowMs,
      endedAtMs: null,
      ...counts,
      items: [],
    };
    this.#scans.set(scan.id, scan);
    for (const id of this.#scans.keys()) if (this.#scans.size > SCANS_MAX) this.#scans.delete(id);
    return scan;
  }

  get(scanId: string): Scan | null {
    return this.#scans.get(scanId) ?? null;
  }

  all(): readonly Scan[] {
    return [...this.#scans.values()];
  }

  /** Ends a scan that is under way at once. */
  stop(scanId: string, nowMs: number): Scan | null {
    const scan = this.#scans.get(scanId);
    if (scan === undefined) return null;
    if (scan.state !== "running") return scan;
    const stopped: Scan = { ...scan, state: "stopped", endedAtMs: nowMs };
    this.#scans.set(scanId, stopped);
    return stopped;
  }

  /** What an agent says about a scan that it was not asked for is ignored; of one that was stopped, it tells what it had found until then. */
  progress(agentId: string, message: Progress, nowMs: number): void {
    const scan = this.#scans.get(message.scanId);
    if (scan?.agentId !== agentId || (scan.state !== "running" && scan.state !== "stopped")) return;
    const { totalCount, probedCount, foundCount, failureCounts, detail } = message;
    const state = scan.state === "stopped" ? "stopped" : message.state;
    const room = ITEMS_MAX - scan.items.length;
    const items = [...scan.items, ...message.items.slice(0, Math.max(0, room))];
    const endedAtMs = state === "running" ? null : (scan.endedAtMs ?? nowMs);
    this.#scans.set(scan.id, { ...scan, totalCount, probedCount, foundCount, failureCounts, state, detail, endedAtMs, items });
  }

  agentLeft(agentId: string, nowMs: number): void {
    for (const scan of this.#scans.values()) {
      if (scan.agentId !== agentId || scan.state !== "running") continue;
      this.#scans.set(scan.id, { ...scan, state: "failed", detail: "the agent's connection was lost", endedAtMs: nowMs });
    }
  }
}
