import type { IncidentRow } from "../../../server/contract/incidents.ts";
import type { TimeRange } from "../../components/charts/timeWindow.ts";
import { compareSeverity } from "../../format/severity.ts";

/** Room that a mark takes, so that it can be hit with a thumb's edge and told from its neighbour. */
const MARK_PX = 26;

/** Incidents that began so close together that they share a mark, the worst first. */
export interface IncidentMark {
  /** Of the plot's left edge, in CSS pixels. */
  readonly left: number;
  readonly incidents: readonly IncidentRow[];
}

/** From when to when an incident lasted; until now where it still does. */
export function spanOf({ openedAtMs, closedAtMs }: IncidentRow, nowMs: number): TimeRange {
  return { fromMs: openedAtMs, toMs: closedAtMs ?? nowMs };
}

interface Marked {
  /** Of the plot, in CSS pixels. */
  readonly width: number;
  /** The range ends now: what began after its last step is at its right edge. */
  readonly live: boolean;
}

/** A mark where each incident that touches the range begins, or at its left edge, without one lying over another. */
export function marksOf(rows: readonly IncidentRow[], { fromMs, toMs }: TimeRange, { width, live }: Marked): IncidentMark[] {
  const inRange = rows.filter(({ openedAtMs, closedAtMs }) => (live || openedAtMs <= toMs) && (closedAtMs ?? Infinity) >= fromMs);
  const placeOf = ({ openedAtMs }: IncidentRow): number => {
    const place = (Math.max(0, openedAtMs - fromMs) / Math.max(1, toMs - fromMs)) * width;
    return Math.max(0, Math.min(place, width - MARK_PX));
  };
  const marks: IncidentMark[] = [];
  for (const row of inRange.toSorted((a, b) => a.openedAtMs - b.openedAtMs)) {
    const left = placeOf(row);
    const last = marks.at(-1);
    if (last === undefined || left - last.left >= MARK_PX) marks.push({ left, incidents: [row] });
    else marks[marks.length - 1] = { left: last.left, incidents: [...last.incidents, row] };
  }
  return marks.map(({ left, incidents }) => ({ left, incidents: incidents.toSorted((a, b) => compareSeverity(a.severity, b.severity)) }));
}
