import type { RecordStore } from "../store/store.ts";
import { createAgentChanges, type AgentChanges } from "./directoryAgents.ts";
import { createSettingChanges, type SettingChanges } from "./directorySettings.ts";
import { createSiteChanges, type SiteChanges } from "./directorySites.ts";
import { openDirectoryState } from "./directoryState.ts";
import { createViewChanges, type ViewChanges } from "./directoryViews.ts";
import type { DirectoryPort } from "./ports.ts";

/** Sites, racks, ranges, agents, nodes, settings and views: looked up in memory, changed through the store's records. */
export interface Directory extends DirectoryPort, SiteChanges, AgentChanges, SettingChanges, ViewChanges {}

/**
 * Opens the directory on the store's records; at the first start it makes the site "Main".
 * Rejects with StoreError when a record cannot be read.
 */
export async function openDirectory({ records, clock }: { records: RecordStore; clock: () => number }): Promise<Directory> {
  const state = await openDirectoryState(records, clock);
  const siteChanges = createSiteChanges(state);
  if (state.sites.size === 0) await siteChanges.createSite({ name: "Main" });
  return {
    sites: () => state.sites.values(),
    site: (id) => state.sites.get(id),
    racks: (siteId) => (siteId === undefined ? state.racks.values() : state.racks.values().filter((rack) => rack.siteId === siteId)),
    ...siteChanges,
    ...createAgentChanges(state),
    ...createSettingChanges(state),
    ...createViewChanges(state),
    onChange: (listener) => state.onChange(listener),
  };
}
