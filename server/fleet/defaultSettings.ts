import type { Settings, Threshold } from "../contract/api.ts";

/** What holds for a model without a row of its own. */
export const DEFAULT_THRESHOLD: Threshold = {
  model: null,
  chipTempC: 95,
  boardTempC: 85,
  inletTempC: 45,
  lowHashrateRatio: 0.8,
  chipsBadCount: 3,
  chipsBadRatio: 0.02,
  rejectRatio: 0.05,
  hwErrorRatio: 0.02,
};

export const DEFAULT_SETTINGS: Settings = {
  pollIntervalMs: null,
  thresholds: [DEFAULT_THRESHOLD],
  siteThresholds: {},
  retention: { rawDays: 7, fiveMinutesDays: 90, hourDays: 1095, dayDays: null },
  units: { temperature: "C" },
};
