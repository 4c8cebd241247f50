import type { z } from "zod";
import type { Settings, SettingsPatch, Threshold } from "../contract/api.ts";
import { ChangeError } from "./changeError.ts";
import { DEFAULT_SETTINGS } from "./defaultSettings.ts";
import { SETTINGS_ID, type DirectoryState } from "./directoryState.ts";
import type { DirectoryPort } from "./ports.ts";
import { mirrorChange } from "./recordMirror.ts";
import { thresholdOf } from "./thresholds.ts";

/** The settings. Changes reject with ChangeError where they cannot be made. */
export interface SettingChanges {
  /** What is left out stays. */
  changeSettings(patch: z.infer<typeof SettingsPatch>): Promise<Settings>;
}

export function createSettingChanges(state: DirectoryState): SettingChanges & Pick<DirectoryPort, "settings" | "threshold"> {
  const settings = (): Settings => state.settings.get(SETTINGS_ID) ?? DEFAULT_SETTINGS;
  // Asked for with every sample, so the answer is remembered until the settings change.
  const thresholds = new Map<string, Threshold>();
  state.onChange((change) => {
    if (change.kind === "settings") thresholds.clear();
  });
  return {
    settings,
    threshold(model, siteId) {
      const key = `${siteId}/${model ?? ""}`;
      const known = thresholds.get(key);
      if (known !== undefined) return known;
      const found = thresholdOf(settings(), { model, siteId });
      thresholds.set(key, found);
      return found;
    },
    changeSettings: (patch) =>
      state.serial(async () => {
        const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
        const changed: Settings = { ...settings(), ...given };
        requireSound(state, changed);
        await state.write([mirrorChange(state.settings, SETTINGS_ID, changed)], [{ kind: "settings" }]);
        return changed;
      }),
  };
}

function requireSound(state: DirectoryState, settings: Settings): void {
  if (!settings.thresholds.some((row) => row.model === null))
    throw new ChangeError("invalid", "One row of thresholds must have model null: it holds for every model without a row", "thresholds");
  for (const [siteId, rows] of [["", settings.thresholds] as const, ...Object.entries(settings.siteThresholds)]) {
    if (siteId !== "" && state.sites.get(siteId) === null)
      throw new ChangeError("invalid", `There is no site ${siteId}`, `siteThresholds.${siteId}`);
    if (new Set(rows.map((row) => row.model)).size < rows.length)
      throw new ChangeError(
        "invalid",
        "A model has two rows of thresholds; keep one",
        siteId === "" ? "thresholds" : `siteThresholds.${siteId}`,
      );
  }
}
