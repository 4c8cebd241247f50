import type { Silence } from "../../../../server/contract/incidents.ts";

export type WindowNow =
  | { readonly kind: "off" }
  | { readonly kind: "open"; readonly untilMs: number }
  | { readonly kind: "next"; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: "over" };

/** Whether a window is open, and when it opens next, going on from what the server last told. */
export function windowNow({ enabled, startsAtMs, endsAtMs }: Silence, nowMs: number): WindowNow {
  if (!enabled) return { kind: "off" };
  if (startsAtMs === null || endsAtMs === null || nowMs >= endsAtMs) return { kind: "over" };
  return nowMs < startsAtMs ? { kind: "next", fromMs: startsAtMs, toMs: endsAtMs } : { kind: "open", untilMs: endsAtMs };
}

/** When the next of them opens or ends, so that another window is the next one from then on; null: none does. */
export function nextTurnMs(silences: readonly Silence[], nowMs: number): number | null {
  const turns = silences.flatMap(({ startsAtMs, endsAtMs }) => [startsAtMs, endsAtMs]).filter((atMs): atMs is number => atMs !== null);
  const ahead = turns.filter((atMs) => atMs > nowMs);
  return ahead.length === 0 ? null : Math.min(...ahead);
}
