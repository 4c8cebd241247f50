import type { PlacementNode, ScopeKind } from "../contract/incidents.ts";
import type { Family, TreeNode } from "./log.ts";
import type { Member } from "./state.ts";

/** Share of a node that must have changed together for the node to be the place. */
const SHARE = 0.6;
/** Fewer than this are single machines, however small their rack. */
const MEMBERS_MIN = 3;
/** Alerts that fire within this change together. */
export const TOGETHER_MS = 3 * 60_000;

/** Among nodes of equal size the first is the smaller one. */
const SMALL_FIRST: readonly ScopeKind[] = ["miner", "rack", "switch", "pdu", "subnet", "agent", "site", "server"];

/** Parts of a site that may well be all of it. */
const AREAS: ReadonlySet<ScopeKind> = new Set(["subnet", "agent"]);

export interface Counted {
  readonly node: TreeNode;
  changedCount: number;
  subjectCount: number;
}

/** How much of each node changed, by "kind id". */
export function countNodes(members: readonly Member[]): Map<string, Counted> {
  const counted = new Map<string, Counted>();
  for (const { nodes, subject } of members)
    for (const node of nodes) {
      const key = keyOf(node);
      const known = counted.get(key) ?? { node, changedCount: 0, subjectCount: 0 };
      known.changedCount += subject.minerCount;
      known.subjectCount++;
      counted.set(key, known);
    }
  return counted;
}

/**
 * The node at which most of these changed together, the smallest where several hold the same; null: each stands for itself.
 * An agent is the place only of what the agent itself did. An agent or a subnet that holds the same miners as its site is not smaller: the site stands.
 */
export function placeOf(members: readonly Member[], family: Family): TreeNode | null {
  const counts = [...countNodes(members).values()];
  const fitting = counts.filter((counted) => isPlace(counted, family));
  fitting.sort((a, b) => b.changedCount - a.changedCount || sizeOf(a) - sizeOf(b) || rank(a.node) - rank(b.node));
  const best = fitting.at(0);
  if (best === undefined) return null;
  const site = counts.find(({ node }) => node.kind === "site");
  const isWholeSite = AREAS.has(best.node.kind) && site !== undefined && sizeOf(site) === sizeOf(best) && sizeOf(best) > 0;
  return isWholeSite ? site.node : best.node;
}

function isPlace({ node, changedCount, subjectCount }: Counted, family: Family): boolean {
  if (node.kind === "miner" || node.kind === "server") return false;
  if (node.kind === "agent") return family === "agent";
  if (family === "agent") return node.kind === "site" && subjectCount >= 2 && changedCount >= SHARE * node.minerCount;
  return subjectCount >= MEMBERS_MIN && changedCount >= SHARE * node.minerCount;
}

/** What is shown beside the explanation: each node around the place, from large to small, and how much of it changed. */
export function placementOf(members: readonly Member[], place: Pick<TreeNode, "kind" | "id">): PlacementNode[] {
  const around = [...countNodes(members).values()].filter(
    ({ node }) => members.every((member) => isIn(member, node)) || isSame(node, place),
  );
  return around
    .sort((a, b) => sizeOf(b) - sizeOf(a) || rank(b.node) - rank(a.node))
    .map(({ node: { kind, id, name, minerCount }, changedCount }) => ({ kind, id, name, minerCount, changedCount }));
}

export const isIn = ({ nodes }: Member, place: Pick<TreeNode, "kind" | "id">): boolean => nodes.some((node) => isSame(node, place));
export const isSame = (a: Pick<TreeNode, "kind" | "id">, b: Pick<TreeNode, "kind" | "id">): boolean => a.kind === b.kind && a.id === b.id;

const keyOf = ({ kind, id }: TreeNode): string => `${kind} ${id}`;
const sizeOf = ({ node }: Counted): number => node.minerCount;
const rank = ({ kind }: TreeNode): number => SMALL_FIRST.indexOf(kind);
