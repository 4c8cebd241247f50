import type { IncidentRow } from "../../../server/contract/incidents.ts";
import { compareSeverity } from "../../format/severity.ts";
import type { Timeline } from "./timeline.ts";

/** A step of the timeline at which incidents have just opened. */
export interface Jump {
  readonly atMs: number;
  /** The worst first. */
  readonly incidents: readonly IncidentRow[];
}

/** Where along the timeline incidents opened, oldest first: the first step that shows what had happened. */
export function jumpsOf(rows: readonly IncidentRow[], { fromMs, toMs, stepMs }: Timeline): Jump[] {
  const byStep = new Map<number, IncidentRow[]>();
  for (const row of rows) {
    const atMs = Math.ceil(row.openedAtMs / stepMs) * stepMs;
    if (atMs < fromMs || atMs > toMs || row.mergedIntoId !== null) continue;
    byStep.set(atMs, [...(byStep.get(atMs) ?? []), row]);
  }
  return [...byStep]
    .sort(([a], [b]) => a - b)
    .map(([atMs, incidents]) => ({ atMs, incidents: incidents.sort((a, b) => compareSeverity(a.severity, b.severity)) }));
}

/** The nearest before an instant (null: now), null where there is none. */
export function previousJump(jumps: readonly Jump[], atMs: number | null): Jump | null {
  return jumps.findLast((jump) => atMs === null || jump.atMs < atMs) ?? null;
}

export function nextJump(jumps: readonly Jump[], atMs: number | null): Jump | null {
  return jumps.find((jump) => atMs !== null && jump.atMs > atMs) ?? null;
}
