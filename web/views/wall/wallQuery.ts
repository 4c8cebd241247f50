import { parseTimeWindow, type RangeName } from "../../components/charts/timeWindow.ts";
import type { Grouping } from "../map/blocks.ts";
import type { Colouring } from "../map/colouring.ts";
import { parseMapQuery } from "../map/mapQuery.ts";
import { routeOf } from "../navigation.ts";

/** What the address says about the wall. */
export interface WallQuery {
  readonly page: "fleet" | "map";
  /** Seconds for which one view stands before the next; null: the page stays. */
  readonly rotateS: number | null;
  /** Whether the map takes its turns site by site, each as large as the screen. */
  readonly isEachSite: boolean;
  readonly range: RangeName;
  readonly by: Colouring;
  readonly grouping: Grouping;
}

/** Less cannot be read; more is no rotation. */
const ROTATE_S = { least: 10, most: 3600 };
const RANGE_NAMES: readonly RangeName[] = ["1h", "24h", "7d", "30d", "1y"];
const KNOWN = ["wall", "rotate", "each", "site", "range", "by", "group"];

/** Reads `/map?wall&rotate=30&each=site&by=temp&group=subnet&range=7d`. What is wrong is named and left out. */
export function parseWallQuery(address: string): { query: WallQuery; problems: string[] } {
  const { search } = new URL(address, "http://page.invalid");
  const params = new URLSearchParams(search);
  const problems: string[] = [];
  const page = parsePage(address, problems);
  const rotateS = parseRotate(params.get("rotate"), problems);
  const isEachSite = parseEach(params.get("each"), problems);
  for (const name of new Set(params.keys()))
    if (!KNOWN.includes(name)) problems.push(`“${name}” is not known on a wall. Known are ${KNOWN.slice(1).join(", ")}.`);
  const { window, problems: ofRange } = parseTimeWindow(partOf(params, ["range"]), RANGE_NAMES);
  const { query: map, problems: ofMap } = parseMapQuery(partOf(params, ["by", "group"]));
  const query = { page, rotateS, isEachSite, range: window.name, by: map.by, grouping: map.group };
  return { query, problems: [...problems, ...ofRange, ...ofMap] };
}

function parsePage(address: string, problems: string[]): "fleet" | "map" {
  const { page } = routeOf(address);
  if (page === "fleet" || page === "map") return page;
  problems.push("Only the fleet and the map can be shown as a wall. This is the fleet.");
  return "fleet";
}

function parseRotate(text: string | null, problems: string[]): number | null {
  if (text === null) return null;
  const seconds = Number(text);
  const { least, most } = ROTATE_S;
  if (text.trim() === "" || Number.isNaN(seconds)) {
    problems.push(`“rotate=${text}” is no number of seconds. The wall stays with one view.`);
    return null;
  }
  const taken = Math.min(most, Math.max(least, seconds));
  if (taken !== seconds) problems.push(`“rotate=${text}” is not between ${least} and ${most} seconds. Each view stands for ${taken} s.`);
  return taken;
}

function parseEach(text: string | null, problems: string[]): boolean {
  if (text !== null && text !== "site") problems.push(`“each=${text}” is not known here. Known is each=site.`);
  return text === "site";
}

function partOf(params: URLSearchParams, names: readonly string[]): string {
  return new URLSearchParams([...params].filter(([name]) => names.includes(name))).toString();
}
