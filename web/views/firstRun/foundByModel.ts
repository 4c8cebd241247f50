import type { ScanItem } from "../../../server/contract/agentLink.ts";

export interface FoundModel {
  /** null: it did not tell. */
  readonly model: string | null;
  readonly count: number;
  /** Of those that were polled already; null while none was. */
  readonly hashrateHs: number | null;
}

/** How many miners of each model were found, the most first. `hashrateOf` gives NaN for a miner that has not told. */
export function foundByModel(items: readonly ScanItem[], hashrateOf: (item: ScanItem) => number): FoundModel[] {
  const models = new Map<string | null, { count: number; hashrateHs: number | null }>();
  for (const item of items) {
    if (item.outcome !== "found") continue;
    const { count, hashrateHs } = models.get(item.model) ?? { count: 0, hashrateHs: null };
    const rate = hashrateOf(item);
    models.set(item.model, { count: count + 1, hashrateHs: Number.isNaN(rate) ? hashrateHs : (hashrateHs ?? 0) + rate });
  }
  return [...models].map(([model, of]) => ({ model, ...of })).sort((a, b) => b.count - a.count);
}
