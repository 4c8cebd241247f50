import type { Evidence, ReportedIdentity } from "../../server/contract/identity.ts";
import { algorithmOf, modelOf } from "../models/lookup.ts";
import type { Identified } from "./identity.ts";

/** Facts about a miner that came by another way than its replies on 4028: its web API, the neighbour table. */
export type LearnedFacts = Partial<Pick<ReportedIdentity, "mac" | "serial" | "controlBoard" | "hostname" | "model" | "evidence">>;

/** Lays learned facts over what 4028 told. A model that the replies state stays; where they state none, the learned one also says what to expect. */
export function overlay({ reported, machine }: Identified, facts: LearnedFacts): Identified {
  const model = reported.model ?? facts.model ?? null;
  const isLearned = reported.model === null && model !== null;
  const catalogued = isLearned ? modelOf(model) : machine.model;
  const algorithm = isLearned && algorithmOf(model) !== "unknown" ? algorithmOf(model) : machine.algorithm;
  return {
    reported: {
      ...reported,
      make: reported.make ?? (catalogued === null ? null : "Antminer"),
      model,
      algorithm,
      mac: facts.mac ?? reported.mac,
      serial: facts.serial ?? reported.serial,
      controlBoard: facts.controlBoard ?? reported.controlBoard,
      hostname: facts.hostname ?? reported.hostname,
      evidence: mergedEvidence(reported.evidence, facts.evidence ?? []),
    },
    machine: { ...machine, model: catalogued, algorithm },
  };
}

/** One entry per kind and source, the later one wins; at most 16 travel. */
function mergedEvidence(own: readonly Evidence[], learned: readonly Evidence[]): Evidence[] {
  const byPlace = new Map([...own, ...learned].map((entry) => [`${entry.kind} ${entry.source}`, entry]));
  return [...byPlace.values()].slice(0, 16);
}
