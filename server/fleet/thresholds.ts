import type { Settings, Threshold } from "../contract/api.ts";

/** Ratios and chip counts are the same for every model; only what is too hot differs. */
const everyModel = {
  lowHashrateRatio: 0.8, // 5 min mean against rated
  chipsBadCount: 3,
  chipsBadRatio: 0.02,
  rejectRatio: 0.05, // over 1 h
  hwErrorRatio: 0.02, // over 1 h
};
const hot = (model: string | null, temperatures: { chipTempC: number; boardTempC: number; inletTempC: number }): Threshold => ({
  model,
  ...temperatures,
  ...everyModel,
});

/** A machine on air tells the inlet by the sensors at that edge of its boards, not by the air of the room: a healthy S21 reads 54 °C there. */
const AIR_INLET_C = 75;
/** Hashboards whose sensors stand on the chip run hotter by design than those of the S19 and later, which throttle in the nineties. */
const BM1387_AND_1485 = { chipTempC: 115, boardTempC: 90, inletTempC: AIR_INLET_C };
const BM1397 = { chipTempC: 105, boardTempC: 90, inletTempC: AIR_INLET_C };
/** Cooled by water: the inlet is the coolant. */
const HYDRO = { chipTempC: 95, boardTempC: 85, inletTempC: 55 };

/** The table that holds until an operator changes it: `model: null` for every model without a row of its own. */
export const DEFAULT_THRESHOLDS: readonly Threshold[] = [
  hot(null, { chipTempC: 95, boardTempC: 85, inletTempC: AIR_INLET_C }),
  ...["S9", "S9i", "S9j", "S9k", "S9 SE", "T9", "T9+", "S9 Hydro", "R4", "L3", "L3+", "L3++", "D3", "V9"].map((model) =>
    hot(model, BM1387_AND_1485),
  ),
  ...["S17", "S17 Pro", "S17+", "S17e", "T17", "T17+", "T17e", "S15", "T15"].map((model) => hot(model, BM1397)),
  ...["S19 Hyd.", "S19 Pro Hyd.", "S19 Pro+ Hyd.", "S19 XP Hyd.", "S21 Hyd.", "S21+ Hyd.", "S21 XP Hyd."].map((model) => hot(model, HYDRO)),
];

/** The row that holds for a model at a site: the site's for the model, the site's default, the model's, the default. Model names compare without "Antminer", case and blanks. */
export function thresholdOf(
  { thresholds, siteThresholds }: Pick<Settings, "thresholds" | "siteThresholds">,
  { model, siteId }: { model: string | null; siteId: string },
): Threshold {
  const site = siteThresholds[siteId] ?? [];
  const everywhere = [...thresholds, ...DEFAULT_THRESHOLDS];
  return rowFor(site, model) ?? rowFor(site, null) ?? rowFor(everywhere, model) ?? rowFor(everywhere, null) ?? DEFAULT_THRESHOLDS[0];
}

function rowFor(rows: readonly Threshold[], model: string | null): Threshold | undefined {
  const wanted = plain(model);
  return rows.find((row) => plain(row.model) === wanted);
}

const plain = (model: string | null): string | null => model?.toLowerCase().replace(/antminer|[\s._-]/g, "") ?? null;
