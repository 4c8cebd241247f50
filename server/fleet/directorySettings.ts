import type { z } from "zod";
import type { Settings, SettingsPatch, Threshold, View, ViewBody, ViewPatch } from "../contract/api.ts";
import { ChangeError } from "./changeError.ts";
import { DEFAULT_SETTINGS } from "./defaultSettings.ts";
import { SETTINGS_ID, type DirectoryState } from "./directoryState.ts";
import { newId } from "./secrets.ts";
import type { DirectoryPort } from "./ports.ts";
import { mirrorChange } from "./recordMirror.ts";
import { thresholdOf } from "./thresholds.ts";

const VIEWS_PER_OWNER_LIMIT = 200;

/** Settings and saved views. Changes answer null or false where the record is not there, and reject with ChangeError where they cannot be made. */
export interface SettingChanges {
  /** What is left out stays. */
  changeSettings(patch: z.infer<typeof SettingsPatch>): Promise<Settings>;
  views(): View[];
  view(id: string): View | null;
  createView(owner: string, body: z.infer<typeof ViewBody>): Promise<View>;
  changeView(id: string, body: z.infer<typeof ViewPatch>): Promise<View | null>;
  removeView(id: string): Promise<boolean>;
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
    ...viewChanges(state),
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

function viewChanges(state: DirectoryState): Omit<SettingChanges, "changeSettings"> {
  const { views } = state;
  return {
    views: () => views.values(),
    view: (id) => views.get(id),
    createView: (owner, body) =>
      state.serial(async () => {
        if (views.values().filter((view) => view.owner === owner).length >= VIEWS_PER_OWNER_LIMIT)
          throw new ChangeError("conflict", `You have ${VIEWS_PER_OWNER_LIMIT} views already, which is the limit`);
        const view = { id: newId(), owner, ...body, createdAtMs: state.clock() };
        await state.write([mirrorChange(views, view.id, view)], []);
        return view;
      }),
    changeView: (id, { name, shared, query }) =>
      state.serial(async () => {
        const view = views.get(id);
        if (view === null) return null;
        const changed = { ...view, name: name ?? view.name, shared: shared ?? view.shared, query: query ?? view.query };
        await state.write([mirrorChange(views, id, changed)], []);
        return changed;
      }),
    removeView: (id) =>
      state.serial(async () => {
        if (views.get(id) === null) return false;
        await state.write([mirrorChange(views, id, null)], []);
        return true;
      }),
  };
}
