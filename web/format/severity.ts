import type { Severity } from "../../server/contract/incidents.ts";

/** From the worst to the mildest, as lists and filters show them. */
export const WORST_FIRST: readonly Severity[] = ["critical", "warning", "info"];

export const SEVERITY_LABELS: Readonly<Record<Severity, string>> = { critical: "Critical", warning: "Warning", info: "Info" };

/** Above 0 where the first is the milder one: for lists with the worst on top. */
export function compareSeverity(a: Severity, b: Severity): number {
  return WORST_FIRST.indexOf(a) - WORST_FIRST.indexOf(b);
}
