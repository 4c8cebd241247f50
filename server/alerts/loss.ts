import type { FleetWatchPort } from "../fleet/ports.ts";
import type { Incidents } from "../incidents/incidents.ts";
import { isFiring, type GatheredIncident } from "../incidents/state.ts";

const EVERY_MS = 30_000;
/** A change of less says nothing new. */
const CHANGE_MIN = 0.01;

/** Measures what open incidents cost: what their members hashed before less what they hash now. */
export class LossMeter {
  readonly #parts: {
    readonly fleet: Pick<FleetWatchPort, "miner" | "statusOf" | "values">;
    readonly incidents: Pick<Incidents, "open" | "record">;
  };
  #measuredAtMs = -Infinity;
  #openCount = 0;

  constructor(parts: { fleet: Pick<FleetWatchPort, "miner" | "statusOf" | "values">; incidents: Pick<Incidents, "open" | "record"> }) {
    this.#parts = parts;
  }

  /** Every half minute, and at once when an incident opened or closed. */
  tick(nowMs: number): void {
    const open = this.#parts.incidents.open();
    if (open.length === this.#openCount && nowMs - this.#measuredAtMs < EVERY_MS) return;
    this.#measuredAtMs = nowMs;
    this.#openCount = open.length;
    const lossHs = Object.fromEntries(open.map((incident) => [incident.id, this.#steady(incident)]));
    if (open.some((incident) => lossHs[incident.id] !== incident.lossHs))
      this.#parts.incidents.record({ type: "loss", atMs: nowMs, lossHs });
  }

  #steady(incident: GatheredIncident): number {
    const lossHs = this.#lossOf(incident);
    return Math.abs(lossHs - incident.lossHs) <= CHANGE_MIN * Math.max(lossHs, incident.lossHs) ? incident.lossHs : lossHs;
  }

  /** Of a hijack all that is hashed for somebody else; of an agent nothing, for nobody knows. */
  #lossOf({ members, family }: GatheredIncident): number {
    let sum = 0;
    for (const member of members) {
      const miner = isFiring(member) && member.subject.kind === "miner" ? this.#parts.fleet.miner(member.subject.id) : null;
      if (miner === null) continue;
      const { status } = this.#parts.fleet.statusOf(miner.row);
      if (status === "unknown") continue;
      const isHashing = status === "hashing" || status === "degraded";
      const nowHs = isHashing ? this.#parts.fleet.values.hashrateHs[miner.row] || 0 : 0;
      if (family === "hijack") sum += nowHs;
      else if (family !== "identity") sum += Math.max(0, (member.beforeHs ?? 0) - nowHs);
    }
    return sum;
  }
}
