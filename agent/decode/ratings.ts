import type { AgentSample } from "../../server/contract/sample.ts";
import type { Bin, MinerModel } from "../models/catalogue.ts";
import type { Machine } from "./replies.ts";

/**
 * What the machine should do, in H/s. Stock firmware: the ideal rate that the unit reports if it fits one of the model's factory bins (it sinks
 * with a missing board), else the most common bin. Other firmware runs profiles of the operator's choice: the ideal rate it reports comes first.
 */
export function ratedHashrateHs({ family, model }: Machine, idealHs: number | null): number | null {
  const nominalHs = model?.bins[0]?.hashrateHs ?? null;
  if (idealHs === null || model === null || family !== "stock" || nominalHs === null) return idealHs ?? nominalHs;
  return fitsBins(model.bins, idealHs) ? idealHs : nominalHs;
}

function fitsBins(bins: readonly Bin[], idealHs: number): boolean {
  const rates = bins.map((bin) => bin.hashrateHs);
  return idealHs >= 0.85 * Math.min(...rates) && idealHs <= 1.15 * Math.max(...rates);
}

/** Rated power of the factory bin nearest to a rate, in W; null where the catalogue has none. */
function ratedPowerW(model: MinerModel | null, ratedHs: number | null): number | null {
  if (model === null || ratedHs === null) return null;
  let nearest: Bin | null = null;
  for (const bin of model.bins) {
    if (nearest === null || Math.abs(bin.hashrateHs - ratedHs) < Math.abs(nearest.hashrateHs - ratedHs)) nearest = bin;
  }
  return nearest?.powerW ?? null;
}

/**
 * Fills power and efficiency: what the machine reports in W, else the rating of a model that hashes on stock firmware (other firmware runs
 * profiles whose power no table knows), else nothing.
 */
export function fillPower(sample: AgentSample, reportedW: number | null, { family, model }: Machine): AgentSample {
  const isHashing = sample.hashrateHs !== null && sample.hashrateHs > 0;
  const ratedW = reportedW === null && isHashing && family === "stock" ? ratedPowerW(model, sample.ratedHashrateHs) : null;
  sample.powerW = reportedW ?? ratedW;
  sample.powerSource = reportedW !== null ? "reported" : ratedW !== null ? "rated" : null;
  sample.efficiencyJPerTh = efficiencyJPerTh(sample);
  return sample;
}

/** To a thousandth, null for a machine that does not hash. */
function efficiencyJPerTh({ powerW, hashrateHs }: AgentSample): number | null {
  return powerW === null || hashrateHs === null || hashrateHs <= 0 ? null : Math.round((powerW * 1e15) / hashrateHs) / 1000;
}
