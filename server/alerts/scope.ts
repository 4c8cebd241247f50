import type { RuleScope } from "../contract/incidents.ts";
import type { Miner } from "../fleet/miner.ts";

/** Is the machine within the scope? An empty list leaves nothing out. Models and tags compare without case. */
export function isInScope(scope: RuleScope, miner: Readonly<Miner>): boolean {
  return (
    has(scope.siteIds, miner.siteId) &&
    has(scope.rackIds, miner.rackId) &&
    has(scope.agentIds, miner.agentId) &&
    hasWord(scope.models, miner.model ?? miner.modelReported) &&
    hasWord(scope.firmwares, miner.firmware.family) &&
    (scope.tags.length === 0 || miner.tags.some((tag) => hasWord(scope.tags, tag)))
  );
}

const has = (list: readonly string[], value: string | null): boolean => list.length === 0 || (value !== null && list.includes(value));

function hasWord(list: readonly string[], value: string | null): boolean {
  return list.length === 0 || (value !== null && list.some((word) => word.toLowerCase() === value.toLowerCase()));
}
