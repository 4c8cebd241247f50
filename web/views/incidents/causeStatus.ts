import type { Status } from "../../../server/contract/status.ts";

const CAUSE_STATUSES: Readonly<Record<string, Status>> = {
  unreachable: "unreachable",
  apiDown: "unreachable",
  notHashing: "notHashing",
  poolDead: "notHashing",
  agentDown: "unknown",
  agentBehind: "unknown",
  clockSkew: "unknown",
};

/** The status that machines have, or nearly have, by the cause of an incident: what its mark shows. */
export function causeStatus(cause: string): Status {
  return CAUSE_STATUSES[cause] ?? "degraded";
}
