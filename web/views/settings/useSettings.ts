import { useCallback, useState } from "react";
import type { Settings } from "../../../server/contract/api.ts";
import { ApiError } from "../../api/request.ts";
import { changeSettings, getSettings } from "../../api/settings.ts";
import { setServerTemperatureUnit } from "../../components/preferences.ts";
import { temperatureUnit } from "../../format/temperature.ts";
import { useLoad } from "../useLoad.ts";
import { changedParts, draftOf, settingsOf, type Problems, type SettingsDraft } from "./settingsDraft.ts";

const NONE: Problems = new Map();
const PART_FIELDS = {
  general: ["pollIntervalMs", "units"],
  thresholds: ["thresholds", "siteThresholds"],
  data: ["retention"],
} as const satisfies Record<string, readonly (keyof Settings)[]>;

export interface SettingsForm {
  /** null while they are on their way. */
  readonly draft: SettingsDraft | null;
  readonly loadError: Error | null;
  readonly reload: () => void;
  readonly change: (part: Partial<SettingsDraft>) => void;
  readonly reset: () => void;
  readonly save: () => void;
  readonly changed: readonly (keyof typeof PART_FIELDS)[];
  readonly busy: boolean;
  readonly problems: Problems;
  /** Why the server did not take them, where that is about no field. */
  readonly error: Error | null;
  /** Local time of the last saving, null before. */
  readonly savedAtMs: number | null;
}

const unitOfReader = () => (temperatureUnit() === "°F" ? "F" : "C");

/** The settings of the server as one form over several sections: what was changed, what is wrong, and saving of what was changed alone. */
export function useSettings(): SettingsForm {
  const { data: stored, error: loadError, reload, set } = useLoad("settings", getSettings);
  const [edited, setEdited] = useState<SettingsDraft | null>(null);
  const [problems, setProblems] = useState(NONE);
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const [savedAtMs, setSavedAtMs] = useState<number | null>(null);
  const original = stored === null ? null : draftOf(stored, edited?.writtenIn ?? unitOfReader());
  const draft = edited ?? original;
  const changed = draft === null || original === null ? [] : changedParts(draft, original);
  const clear = useCallback((): void => {
    setEdited(null);
    setProblems(NONE);
    setError(null);
  }, []);
  const saved = (settings: Settings): void => {
    set(() => settings);
    setServerTemperatureUnit(settings.units.temperature);
    clear();
    setSavedAtMs(Date.now());
  };
  const refused = (problem: unknown): void => {
    const cause = problem instanceof Error ? problem : new Error(String(problem));
    if (cause instanceof ApiError && cause.field !== null) setProblems(new Map([[cause.field, cause.message]]));
    else setError(cause);
  };
  const save = (): void => {
    if (draft === null || stored === null) return;
    const read = settingsOf(draft, stored);
    setProblems(read.problems);
    setError(null);
    if (read.problems.size > 0) return;
    setBusy(true);
    const fields = changed.flatMap((part): readonly (keyof Settings)[] => PART_FIELDS[part]);
    const change = Object.fromEntries(fields.map((field) => [field, read.settings[field]]));
    changeSettings(change)
      .then(saved, refused)
      .finally(() => setBusy(false));
  };
  return {
    ...{ draft, loadError, reload, reset: clear, save, changed, busy, problems, error, savedAtMs },
    change: (part) => draft !== null && setEdited({ ...draft, ...part }),
  };
}
