import type { z } from "zod";
import type { Node, NodeBody, NodePatch, Rack, RackBody, RackPatch, Site } from "../contract/api.ts";
import { newId } from "./secrets.ts";
import { ChangeError } from "./changeError.ts";
import { SETTINGS_ID, SITE_COUNTER_ID, type DirectoryState } from "./directoryState.ts";
import { mirrorChange, type MirrorChange } from "./recordMirror.ts";

const SITE_LIMIT = 1000;
const RACK_LIMIT = 10_000;
const NODE_LIMIT = 10_000;

/** Sites, racks and nodes. Changes answer null or false where the record is not there, and reject with ChangeError where they cannot be made. */
export interface SiteChanges {
  createSite(body: { name: string }): Promise<Site>;
  changeSite(id: string, body: { name: string }): Promise<Site | null>;
  /** Rejects with ChangeError as long as the site has agents; its racks and nodes go with it. */
  removeSite(id: string): Promise<boolean>;
  rack(id: string): Rack | null;
  createRack(body: z.infer<typeof RackBody>): Promise<Rack>;
  changeRack(id: string, body: z.infer<typeof RackPatch>): Promise<Rack | null>;
  removeRack(id: string): Promise<boolean>;
  nodes(): Node[];
  node(id: string): Node | null;
  createNode(body: z.infer<typeof NodeBody>): Promise<Node>;
  changeNode(id: string, body: z.infer<typeof NodePatch>): Promise<Node | null>;
  removeNode(id: string): Promise<boolean>;
}

export function createSiteChanges(state: DirectoryState): SiteChanges {
  return { ...siteChanges(state), ...rackChanges(state), ...nodeChanges(state) };
}

/** Throws ChangeError unless the site exists. */
export function requireSite(state: DirectoryState, siteId: string): void {
  if (state.sites.get(siteId) === null) throw new ChangeError("invalid", `There is no site ${siteId}`, "siteId");
}

function requireRoom(size: number, limit: number, what: string): void {
  if (size >= limit) throw new ChangeError("conflict", `There are ${limit} ${what} already, which is the limit`);
}

function siteChanges(state: DirectoryState): Pick<SiteChanges, "createSite" | "changeSite" | "removeSite"> {
  const { sites, racks, nodes, agents, counters } = state;
  const requireFreeName = (name: string, exceptId: string | null): void => {
    if (sites.values().some((site) => site.id !== exceptId && site.name === name))
      throw new ChangeError("conflict", `There is a site ${name} already`, "name");
  };
  return {
    createSite: ({ name }) =>
      state.serial(async () => {
        requireRoom(sites.size, SITE_LIMIT, "sites");
        requireFreeName(name, null);
        const number = counters.get(SITE_COUNTER_ID)?.next ?? 1;
        const site = { id: `s${number}`, name, createdAtMs: state.clock() };
        await state.write(
          [mirrorChange(sites, site.id, site), mirrorChange(counters, SITE_COUNTER_ID, { next: number + 1 })],
          [{ kind: "site", id: site.id, removed: false }],
        );
        return site;
      }),
    changeSite: (id, { name }) =>
      state.serial(async () => {
        const site = sites.get(id);
        if (site === null) return null;
        requireFreeName(name, id);
        const changed = { ...site, name };
        await state.write([mirrorChange(sites, id, changed)], [{ kind: "site", id, removed: false }]);
        return changed;
      }),
    removeSite: (id) =>
      state.serial(async () => {
        const site = sites.get(id);
        if (site === null) return false;
        const agentCount = agents.values().filter((agent) => agent.siteId === id).length;
        if (agentCount > 0) throw new ChangeError("conflict", `Site ${site.name} still has ${agentCount} agents; delete them first`);
        const itsRacks = racks.values().filter((rack) => rack.siteId === id);
        const itsNodes = nodes.values().filter((node) => node.siteId === id);
        await state.write(
          [
            mirrorChange(sites, id, null),
            ...thresholdsWithout(state, id),
            ...itsRacks.map((rack) => mirrorChange(racks, rack.id, null)),
            ...itsNodes.map((node) => mirrorChange(nodes, node.id, null)),
          ],
          [
            ...itsRacks.map((rack) => ({ kind: "rack", id: rack.id, removed: true }) as const),
            { kind: "site", id, removed: true },
            { kind: "settings" },
          ],
        );
        return true;
      }),
  };
}

/** Thresholds of a site that is gone would make every later change of the settings unsound. */
function thresholdsWithout(state: DirectoryState, siteId: string): MirrorChange[] {
  const settings = state.settings.get(SETTINGS_ID);
  if (settings === null) return [];
  const kept = Object.fromEntries(Object.entries(settings.siteThresholds).filter(([id]) => id !== siteId));
  return [mirrorChange(state.settings, SETTINGS_ID, { ...settings, siteThresholds: kept })];
}

function rackChanges(state: DirectoryState): Pick<SiteChanges, "rack" | "createRack" | "changeRack" | "removeRack"> {
  const { racks } = state;
  const requireFreeName = (siteId: string, name: string, exceptId: string | null): void => {
    if (racks.values().some((rack) => rack.siteId === siteId && rack.id !== exceptId && rack.name === name))
      throw new ChangeError("conflict", `The site has a rack ${name} already`, "name");
  };
  return {
    rack: (id) => racks.get(id),
    createRack: (body) =>
      state.serial(async () => {
        requireRoom(racks.size, RACK_LIMIT, "racks");
        requireSite(state, body.siteId);
        requireFreeName(body.siteId, body.name, null);
        const rack = { id: newId(), ...body };
        await state.write([mirrorChange(racks, rack.id, rack)], [{ kind: "rack", id: rack.id, removed: false }]);
        return rack;
      }),
    changeRack: (id, body) =>
      state.serial(async () => {
        const rack = racks.get(id);
        if (rack === null) return null;
        const changed = { ...rack, name: body.name ?? rack.name, rows: body.rows ?? rack.rows, columns: body.columns ?? rack.columns };
        requireFreeName(rack.siteId, changed.name, id);
        await state.write([mirrorChange(racks, id, changed)], [{ kind: "rack", id, removed: false }]);
        return changed;
      }),
    removeRack: (id) =>
      state.serial(async () => {
        if (racks.get(id) === null) return false;
        await state.write([mirrorChange(racks, id, null)], [{ kind: "rack", id, removed: true }]);
        return true;
      }),
  };
}

function nodeChanges(state: DirectoryState): Pick<SiteChanges, "nodes" | "node" | "createNode" | "changeNode" | "removeNode"> {
  const { nodes } = state;
  return {
    nodes: () => nodes.values(),
    node: (id) => nodes.get(id),
    createNode: (body) =>
      state.serial(async () => {
        requireRoom(nodes.size, NODE_LIMIT, "nodes");
        requireSite(state, body.siteId);
        const node = { id: newId(), ...body };
        await state.write([mirrorChange(nodes, node.id, node)], []);
        return node;
      }),
    changeNode: (id, { kind, name, minerIds }) =>
      state.serial(async () => {
        const node = nodes.get(id);
        if (node === null) return null;
        const changed = { ...node, kind: kind ?? node.kind, name: name ?? node.name, minerIds: minerIds ?? node.minerIds };
        await state.write([mirrorChange(nodes, id, changed)], []);
        return changed;
      }),
    removeNode: (id) =>
      state.serial(async () => {
        if (nodes.get(id) === null) return false;
        await state.write([mirrorChange(nodes, id, null)], []);
        return true;
      }),
  };
}
