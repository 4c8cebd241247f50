/** One alert: a rule about one miner, agent or server. Pure, so that a restart carries on from the stored state. */

export const ALERT_STATES = ["inactive", "pending", "firing", "resolved"] as const;
export type AlertState = (typeof ALERT_STATES)[number];
export type Verdict = "met" | "unmet" | "unknown";

export interface Alert {
  readonly state: AlertState;
  /** Since when it is in this state; of a pending alert moved on by the time that nobody could see. */
  readonly sinceMs: number;
  /** Since when nobody can see whether the condition holds; null: it can be seen. */
  readonly blindSinceMs: number | null;
  /** When the condition began to hold, the newest last; within FLAP_WINDOW_MS. */
  readonly metAtMs: readonly number[];
  /** It came and went so often that it is held as one. */
  readonly flapping: boolean;
  /** Since when the condition of a flapping alert no longer holds; null: it holds. */
  readonly calmSinceMs: number | null;
}

export const INACTIVE: Alert = { state: "inactive", sinceMs: 0, blindSinceMs: null, metAtMs: [], flapping: false, calmSinceMs: null };

/** A condition that begins this often within the window flaps; it must be calm for as long as told before the alert resolves. */
export const FLAP_COUNT = 4;
export const FLAP_WINDOW_MS = 15 * 60_000;
export const FLAP_CALM_MS = 5 * 60_000;

export interface AlertTiming {
  readonly nowMs: number;
  readonly heldMs: number; // how long the condition must hold
}

/**
 * Next state of one alert. A condition must hold for `heldMs` to fire, unless it flaps: then the alert fires at once and stays until it was calm for
 * FLAP_CALM_MS. What is unknown changes nothing, and time that nobody could see is not time held. The same object comes back where nothing changes.
 */
export function transition(alert: Alert, verdict: Verdict, timing: AlertTiming): Alert {
  if (verdict === "unknown") return alert.blindSinceMs === null && isWaiting(alert) ? { ...alert, blindSinceMs: timing.nowMs } : alert;
  const seen = withSight(alert, timing.nowMs);
  return verdict === "met" ? whenMet(seen, timing) : whenUnmet(seen, timing.nowMs);
}

/** The instant at which the alert changes by itself if the condition stays as it is; null: it does not. */
export function dueAtMs({ state, sinceMs, flapping, calmSinceMs, blindSinceMs }: Alert, heldMs: number): number | null {
  if (blindSinceMs !== null) return null;
  if (state === "pending") return sinceMs + heldMs;
  return flapping && calmSinceMs !== null ? calmSinceMs + FLAP_CALM_MS : null;
}

/** Nothing is left to remember: neither a state nor a beginning that could still count as flapping. */
export function isForgettable({ state, metAtMs }: Alert, nowMs: number): boolean {
  return (state === "inactive" || state === "resolved") && nowMs - (metAtMs.at(-1) ?? 0) > FLAP_WINDOW_MS;
}

/** Time runs for it: the hold of a pending alert, the calm of a flapping one. */
function isWaiting({ state, calmSinceMs }: Alert): boolean {
  return state === "pending" || calmSinceMs !== null;
}

function withSight(alert: Alert, nowMs: number): Alert {
  if (alert.blindSinceMs === null) return alert;
  const blindMs = nowMs - alert.blindSinceMs;
  const { sinceMs, calmSinceMs } = alert;
  const isPending = alert.state === "pending";
  return {
    ...alert,
    blindSinceMs: null,
    sinceMs: isPending ? sinceMs + blindMs : sinceMs,
    calmSinceMs: calmSinceMs === null ? null : calmSinceMs + blindMs,
  };
}

function whenMet(alert: Alert, { nowMs, heldMs }: AlertTiming): Alert {
  const begun = beginsNow(alert) ? begin(alert, nowMs) : alert;
  if (begun.state === "firing") return begun;
  const pending: Alert = begun.state === "pending" ? begun : { ...begun, state: "pending", sinceMs: nowMs };
  return pending.flapping || nowMs - pending.sinceMs >= heldMs ? { ...pending, state: "firing", sinceMs: nowMs } : pending;
}

function beginsNow({ state, calmSinceMs }: Alert): boolean {
  return state === "inactive" || state === "resolved" || calmSinceMs !== null;
}

function begin(alert: Alert, nowMs: number): Alert {
  const metAtMs = [...alert.metAtMs.filter((atMs) => nowMs - atMs <= FLAP_WINDOW_MS), nowMs];
  return { ...alert, metAtMs, calmSinceMs: null, flapping: alert.flapping || metAtMs.length >= FLAP_COUNT };
}

function whenUnmet(alert: Alert, nowMs: number): Alert {
  if (alert.state === "pending") return { ...alert, state: "inactive", sinceMs: nowMs };
  if (alert.state !== "firing") return alert;
  if (!alert.flapping) return { ...alert, state: "resolved", sinceMs: nowMs };
  if (alert.calmSinceMs === null) return { ...alert, calmSinceMs: nowMs };
  if (nowMs - alert.calmSinceMs < FLAP_CALM_MS) return alert;
  return { ...alert, state: "resolved", sinceMs: nowMs, flapping: false, calmSinceMs: null, metAtMs: [] };
}
