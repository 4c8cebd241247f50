import type { Sample } from "../contract/sample.ts";
import { hasRestarted } from "./windows.ts";

/** How far an uptime may lag behind the clock without a restart: miners count it roughly, and not in every state. */
const UPTIME_SLACK_MS = 60_000;

type Seen = Pick<Sample, "polledAtMs" | "uptimeMs" | "acceptedCount" | "rejectedCount" | "hwErrorCount">;

/**
 * Did the mining program start anew between two samples, so that it is worth an event? Where both tell their uptime, it must agree: a counter of
 * the whole miner falls as well when a hashboard and its share of the errors go missing.
 */
export function hasStartedAnew(before: Seen, after: Seen): boolean {
  if (!hasRestarted(before, after)) return false;
  if (before.uptimeMs === null || after.uptimeMs === null || after.uptimeMs < before.uptimeMs) return true;
  return after.uptimeMs - before.uptimeMs < after.polledAtMs - before.polledAtMs - UPTIME_SLACK_MS;
}
