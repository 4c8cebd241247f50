import type { MinerModel } from "../models/catalogue.ts";

const PREFIXES: ReadonlyMap<string, number> = new Map([["", 1], ["K", 1e3], ["M", 1e6], ["G", 1e9], ["T", 1e12], ["P", 1e15]]); // prettier-ignore

/** The unit that a reply names ("GH", "GH/s", "MH", "kSol/s") in H/s, null for text that names none. */
export function unitHs(text: unknown): number | null {
  if (typeof text !== "string") return null;
  const match = /^([KMGTP]?)(?:H|SOL)(?:S|\/S)?$/i.exec(text.trim());
  return match === null ? null : (PREFIXES.get(match[1].toUpperCase()) ?? null);
}

/** Units of the machine's total and of its chains, in H/s. */
export interface Units {
  readonly totalHs: number;
  readonly chainHs: number;
}

const GIGA: Units = { totalHs: 1e9, chainHs: 1e9 };

/** What decides the units: the reply's own unit, the model, and the raw figures of total and chains. */
export interface UnitEvidence {
  readonly rateUnit: unknown;
  readonly model: MinerModel | null;
  readonly total: number | null;
  readonly chainSum: number;
}

/**
 * Units of `GHS 5s` and `chain_rateN`: `rate_unit` decides where it stands, else the model, else GH/s as the field names say.
 * Where total and chains still differ by a factor near 1000, the one near the model's rating is believed, the chains where no rating is known.
 */
export function unitsOf(evidence: UnitEvidence): Units {
  const units = statedUnits(evidence);
  const { total, chainSum } = evidence;
  if (total === null || total <= 0 || chainSum <= 0) return units;
  const ratio = (total * units.totalHs) / (chainSum * units.chainHs);
  if (isThousand(ratio)) return reconcile(units, evidence, 1000);
  return isThousand(1 / ratio) ? reconcile(units, evidence, 1 / 1000) : units;
}

function statedUnits({ rateUnit, model, total, chainSum }: UnitEvidence): Units {
  const stated = unitHs(rateUnit);
  if (stated !== null) return stated === 1e9 ? GIGA : { totalHs: stated, chainHs: stated };
  if (model === null) return GIGA;
  return {
    totalHs: model.totalUnitHs ?? unitNearRating(total ?? 0, model),
    chainHs: model.chainUnitHs ?? unitNearRating(chainSum, model),
  };
}

/** The power of 1000 that brings a raw figure nearest to the model's rating. */
function unitNearRating(raw: number, model: MinerModel): number {
  const rated = model.bins.at(0)?.hashrateHs;
  if (rated === undefined || raw <= 0) return 1e9;
  return 1000 ** Math.max(0, Math.round(Math.log10(rated / raw) / 3));
}

function isThousand(ratio: number): boolean {
  return ratio > 250 && ratio < 4000;
}

/** `factor`: how many times too large the total is against the chains. */
function reconcile(units: Units, { model, total, chainSum }: UnitEvidence, factor: number): Units {
  const rated = model?.bins.at(0)?.hashrateHs;
  const off = (rateHs: number): number => Math.abs(Math.log10(rateHs / (rated ?? rateHs)));
  const isTotalRight = rated !== undefined && off((total ?? 0) * units.totalHs) < off(chainSum * units.chainHs);
  return isTotalRight
    ? { totalHs: units.totalHs, chainHs: units.chainHs * factor }
    : { totalHs: units.totalHs / factor, chainHs: units.chainHs };
}
