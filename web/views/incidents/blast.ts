import type { Incident } from "../../../server/contract/incidents.ts";
import type { Fleet } from "../../live/fleet.ts";
import type { Rect } from "../map/geometry.ts";
import type { MapLayout } from "../map/layout.ts";

/** From this share of a rack or subnet on, it is framed as one. */
const WHOLE_SHARE = 0.6;

/** Cells of the miners that the members of an incident stand for: an agent's are all that it polls. */
export function blastCells(fleet: Fleet, layout: MapLayout, { members }: Pick<Incident, "members">): number[] {
  const agents = new Set(members.filter(({ kind }) => kind === "agent").map(({ id }) => id));
  const rows = members.filter(({ kind }) => kind === "miner").map(({ id }) => fleet.rowOf(id));
  return [...rows, ...rowsOfAgents(fleet, agents)].map((row) => layout.cellOfRow[row] ?? -1).filter((cell) => cell !== -1);
}

function rowsOfAgents(fleet: Fleet, agents: ReadonlySet<string>): number[] {
  if (agents.size === 0) return [];
  const identityOfRow = fleet.identityOfRow();
  const { agentId } = fleet.identity.columns;
  return Array.from({ length: fleet.rowCount }, (_, row) => row).filter((row) => agents.has(agentId[identityOfRow[row]] ?? ""));
}

/** What to frame: racks and subnets of which most belong, and the other cells one by one. */
export function blastMarks(layout: MapLayout, cells: readonly number[]): { readonly targets: Rect[]; readonly selected: number[] } {
  const counts = new Map<number, number>();
  for (const cell of cells) counts.set(layout.blockOfCell[cell], (counts.get(layout.blockOfCell[cell]) ?? 0) + 1);
  const whole = new Set(
    [...counts].filter(([block, count]) => count > 1 && count >= WHOLE_SHARE * layout.blocks[block].cellCount).map(([block]) => block),
  );
  return {
    targets: [...whole].map((block) => layout.blocks[block]),
    selected: cells.filter((cell) => !whole.has(layout.blockOfCell[cell])),
  };
}
