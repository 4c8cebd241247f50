import type { ReportedIdentity } from "../contract/identity.ts";
import type { SeenEvidence } from "./miner.ts";

const EVIDENCE_MAX = 64;

/** The part of a miner that says who it is. */
export interface KnownIdentity {
  readonly mac: string | null;
  readonly serial: string | null;
}

/** Does what an address reports contradict the miner that was there? MAC and serial win over the address; either one that agrees outweighs the other. */
export function isSameMachine(known: KnownIdentity, reported: KnownIdentity): boolean {
  const macs = compare(known.mac, reported.mac);
  const serials = compare(known.serial, reported.serial);
  return macs === "same" || serials === "same" || (macs !== "different" && serials !== "different");
}

function compare(a: string | null, b: string | null): "same" | "different" | "unknown" {
  if (a === null || b === null) return "unknown";
  return a === b ? "same" : "different";
}

/** What changed between what is known and what is reported, as one sentence for the operator; null when nothing did that is worth an event. A fact that is no longer reported is not a change. */
export function changesOf(known: IdentityFacts, reported: IdentityFacts): string | null {
  const facts: [string, string | null, string | null][] = [
    ["MAC", known.mac, reported.mac],
    ["serial", known.serial, reported.serial],
    ["model", known.model ?? known.modelReported, reported.model ?? reported.modelReported],
    ["control board", known.controlBoard, reported.controlBoard],
    ["firmware", firmwareText(known), firmwareText(reported)],
  ];
  const changed = facts.filter(([, before, after]) => before !== null && after !== null && before !== after);
  return changed.length === 0
    ? null
    : changed.map(([what, before, after]) => `${what} changed from ${before ?? ""} to ${after ?? ""}`).join("; ");
}
type IdentityFacts = Pick<ReportedIdentity, "mac" | "serial" | "model" | "modelReported" | "controlBoard" | "firmware">;

function firmwareText({ firmware }: IdentityFacts): string | null {
  if (firmware.family === "unknown" && firmware.version === null) return null;
  return firmware.version === null ? firmware.family : `${firmware.family} ${firmware.version}`;
}

/** Lays what is reported over what is known; what is not reported stays. */
export function mergeIdentity<T extends Omit<ReportedIdentity, "evidence">>(known: T, reported: ReportedIdentity): T {
  return {
    ...known,
    make: reported.make ?? known.make,
    model: reported.modelReported === null && reported.model === null ? known.model : reported.model,
    modelReported: reported.modelReported ?? known.modelReported,
    firmware: firmwareText(reported) === null ? known.firmware : reported.firmware,
    controlBoard: reported.controlBoard ?? known.controlBoard,
    mac: reported.mac ?? known.mac,
    serial: reported.serial ?? known.serial,
    hostname: reported.hostname ?? known.hostname,
    algorithm: reported.algorithm === "unknown" ? known.algorithm : reported.algorithm,
  };
}

/** Adds what was seen now; the same fact from the same source moves its last sighting. The oldest sightings go first when there are too many. */
export function addEvidence(known: readonly SeenEvidence[], seen: readonly Omit<SeenEvidence, "firstSeenAtMs">[]): SeenEvidence[] {
  const all = new Map(known.map((evidence) => [keyOf(evidence), evidence]));
  for (const evidence of seen) {
    const before = all.get(keyOf(evidence));
    const firstSeenAtMs = before?.firstSeenAtMs ?? evidence.lastSeenAtMs;
    all.set(keyOf(evidence), { ...evidence, firstSeenAtMs, lastSeenAtMs: Math.max(evidence.lastSeenAtMs, before?.lastSeenAtMs ?? 0) });
  }
  return [...all.values()].sort((a, b) => b.lastSeenAtMs - a.lastSeenAtMs).slice(0, EVIDENCE_MAX);
}

const keyOf = ({ kind, value, source }: Pick<SeenEvidence, "kind" | "value" | "source">): string => `${kind}\n${value}\n${source}`;
