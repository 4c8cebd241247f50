/** The sections of the page, in order; `part` stands in the address. */
export const PARTS = [
  { part: "general", label: "Polling & units" },
  { part: "thresholds", label: "Thresholds" },
  { part: "data", label: "Data" },
  { part: "notifications", label: "Notifications" },
  { part: "users", label: "Users" },
  { part: "tokens", label: "API tokens" },
  { part: "walls", label: "Wall links" },
  { part: "audit", label: "Audit log" },
] as const;

export type Part = (typeof PARTS)[number]["part"];

export function settingsAddress(part: Part): string {
  return part === "general" ? "/settings" : `/settings?part=${part}`;
}

/** The section that an address asks for; null for one that does not exist. */
export function partOf(search: string): Part | null {
  const wanted = new URLSearchParams(search).get("part") ?? "general";
  return PARTS.find(({ part }) => part === wanted)?.part ?? null;
}
