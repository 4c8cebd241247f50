import { figure, isReading, type Figure } from "./number.ts";

const PREFIXES = ["", "k", "M", "G", "T", "P", "E"] as const;

/** Solutions are counted where a proof is not one hash. */
function rateUnit(algorithm: string): string {
  return algorithm === "equihash" ? "Sol/s" : "H/s";
}

function prefixOf(rateHs: number): number {
  if (rateHs < 1) return 0;
  return Math.min(PREFIXES.length - 1, Math.floor(Math.log10(rateHs) / 3 + 1e-12));
}

/** Digits behind the point for a rate in 10^(3 × step): PH/s two, from 100 on one; EH/s three; else one. */
function digitsOf(step: number, scaled: number): number {
  if (step === 6) return 3;
  return step === 5 && scaled < 100 ? 2 : 1;
}

/**
 * A rate in hashes (or solutions) per second of an algorithm. SHA-256d never goes below TH/s, so that miners compare;
 * other algorithms take the prefix that fits.
 */
export function hashrateFigure(rateHs: number | null | undefined, algorithm = "sha256d"): Figure {
  if (!isReading(rateHs)) return figure(null, "");
  const step = algorithm === "sha256d" ? Math.max(4, prefixOf(rateHs)) : prefixOf(rateHs);
  const scaled = rateHs / 1000 ** step;
  return figure(scaled, `${PREFIXES[step] ?? ""}${rateUnit(algorithm)}`, digitsOf(step, scaled));
}

/** Energy per work: J/TH, and for other algorithms the unit in which the figure stays readable. */
export function efficiencyFigure(efficiencyJPerTh: number | null | undefined, algorithm = "sha256d"): Figure {
  if (!isReading(efficiencyJPerTh)) return figure(null, "");
  const work = algorithm === "equihash" ? "Sol" : "H";
  let value = efficiencyJPerTh;
  let step = 4;
  while (value >= 10_000 && step > 0) {
    value /= 1000;
    step -= 1;
  }
  return figure(value, `J/${PREFIXES[step] ?? ""}${work}`, 1);
}
