/** The six exclusive statuses and the reasons of each, in the order in which the first that fits is taken. Source of the wire codes: append only. */
export const STATUSES = ["hashing", "degraded", "notHashing", "unreachable", "paused", "unknown"] as const;
export type Status = (typeof STATUSES)[number];

export const REASONS = {
  hashing: ["ok", "tuning"],
  degraded: [
    "overTemperature",
    "fanStopped",
    "boardMissing",
    "boardDead",
    "lowHashrate",
    "chipsBad",
    "highHwErrors",
    "highRejects",
    "poolFallback",
  ],
  notHashing: ["starting", "overTemperatureStop", "poolDead", "stopped"],
  unreachable: ["timeout", "refused", "noRoute", "apiDown", "undecodable"],
  paused: ["sleeping", "curtailed", "maintenance"],
  unknown: ["agentDown", "stale", "neverPolled"],
} as const satisfies Record<Status, readonly string[]>;
export type Reason = (typeof REASONS)[Status][number];

export interface StatusReason {
  readonly status: Status;
  readonly reason: Reason;
}

/** Every pair of status and reason; the position is its one-byte code on the live stream and in the store's frames. */
export const STATUS_CODES: readonly StatusReason[] = STATUSES.flatMap((status) => REASONS[status].map((reason) => ({ status, reason })));

const codes = new Map(STATUS_CODES.map((pair, code) => [`${pair.status}/${pair.reason}`, code]));

/** One-byte code of a pair, 0 to 25. Throws RangeError on a pair that does not exist. */
export function statusCode(pair: StatusReason): number {
  const code = codes.get(`${pair.status}/${pair.reason}`);
  if (code === undefined) throw new RangeError(`No status ${pair.status} with reason ${pair.reason}`);
  return code;
}
