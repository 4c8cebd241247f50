import { hashrateScale, type UnitScale } from "../../components/charts/scale.ts";
import { formatNumber } from "../../format/number.ts";

/** One unit for a list of losses, so that they compare: that of the largest, whole TH/s below 10 PH/s. */
export function lostScale(largestHs: number): UnitScale {
  return largestHs < 1e16 ? { unit: "TH/s", perUnit: 1e12, digits: 0 } : hashrateScale(largestHs);
}

/** What is lost but rounds to nothing is not shown as nothing. */
export function lostText(lostHs: number, { perUnit, digits }: UnitScale): string {
  const text = formatNumber(lostHs / perUnit, digits);
  return lostHs > 0 && Number(text) === 0 ? `< ${formatNumber(10 ** -digits, digits)}` : text;
}
