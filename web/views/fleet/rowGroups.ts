import type { Fleet } from "../../live/fleet.ts";

/** A row whose identity is not there yet belongs to no group. */
export const NO_GROUP = -1;

/** The rows of the fleet by something that their identity says. */
export interface RowGroups {
  /** null: those that say nothing. */
  readonly keys: readonly (string | null)[];
  /** Position in `keys` of each row's group. */
  readonly byRow: Int32Array;
  /** What each group hashes: SHA-256d where any of its miners does, else what its first one does. */
  readonly algorithms: readonly string[];
}

/** `keyOf` gets a position in the identity table. */
export function groupRows(fleet: Fleet, keyOf: (index: number) => string | null): RowGroups {
  const identityOfRow = fleet.identityOfRow();
  const { algorithm } = fleet.identity.columns;
  const groups = new Map<string | null, number>();
  const algorithms: string[] = [];
  const byRow = Int32Array.from({ length: fleet.rowCount }, (_, row) => {
    const index = identityOfRow[row] ?? -1;
    if (index === -1) return NO_GROUP;
    const key = keyOf(index);
    const group = groups.get(key) ?? groups.size;
    groups.set(key, group);
    if (group === algorithms.length || algorithm[index] === "sha256d") algorithms[group] = algorithm[index];
    return group;
  });
  return { keys: [...groups.keys()], byRow, algorithms };
}
