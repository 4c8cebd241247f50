import type { Threshold } from "../../../server/contract/api.ts";

export type ThresholdKind = Exclude<keyof Threshold, "model">;

interface KindFacts {
  readonly kind: ThresholdKind;
  readonly label: string;
  /** How the number is shown: in degrees of the reader's unit, as percent, or as it is. */
  readonly as: "temperature" | "percent" | "count";
  /** Bounds of the stored number, as the contract has them. */
  readonly min: number;
  readonly max: number;
}

/** What a model is measured against, in the order of the table. */
export const THRESHOLD_KINDS: readonly KindFacts[] = [
  { kind: "chipTempC", label: "Chip", as: "temperature", min: 30, max: 150 },
  { kind: "boardTempC", label: "Board", as: "temperature", min: 30, max: 150 },
  { kind: "inletTempC", label: "Inlet", as: "temperature", min: 0, max: 100 },
  { kind: "lowHashrateRatio", label: "Low hashrate, % of rated", as: "percent", min: 0, max: 1 },
  { kind: "chipsBadCount", label: "Bad chips", as: "count", min: 1, max: 10_000 },
  { kind: "chipsBadRatio", label: "Bad chips, % of a board", as: "percent", min: 0, max: 1 },
  { kind: "rejectRatio", label: "Rejects, %", as: "percent", min: 0, max: 1 },
  { kind: "hwErrorRatio", label: "HW errors, %", as: "percent", min: 0, max: 1 },
];

/** Model names compare without the make, case and blanks, as the server compares them. */
export function plainModel(model: string | null): string | null {
  return model?.toLowerCase().replace(/antminer|[\s._-]/g, "") ?? null;
}

export function labelOfModel(model: string | null): string {
  return model ?? "Every other model";
}
