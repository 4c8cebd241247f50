import type { Settings } from "../contract/api.ts";
import { DEFAULT_THRESHOLDS } from "./thresholds.ts";

/** What holds until an operator changes it. */
export const DEFAULT_SETTINGS: Settings = {
  pollIntervalMs: null,
  thresholds: [...DEFAULT_THRESHOLDS],
  siteThresholds: {},
  retention: { rawDays: 7, fiveMinutesDays: 90, hourDays: 1095, dayDays: null },
  units: { temperature: "C" },
};
