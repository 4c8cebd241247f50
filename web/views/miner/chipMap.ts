export interface ChipCell {
  readonly column: number;
  readonly line: number;
  readonly good: boolean;
}

export interface ChipGrid {
  readonly cells: readonly ChipCell[];
  readonly columnCount: number;
  readonly lineCount: number;
  /** Whether the columns are the domains that the miner itself names by blanks in its map. */
  readonly isByDomain: boolean;
  readonly badCount: number;
}

/** Chips per column where the map has no blanks. */
const LINES_WITHOUT_DOMAINS = 9;

/** Places the letters of a chip map, `ooo oxo ooo`: one column per domain, from the first chip downwards. Null for a map without a chip. */
export function chipGrid(chipMap: string | null): ChipGrid | null {
  const domains = (chipMap ?? "").trim().split(/\s+/).filter(Boolean);
  if (domains.length === 0) return null;
  const columns = domains.length > 1 ? domains : (domains[0].match(new RegExp(`.{1,${LINES_WITHOUT_DOMAINS}}`, "g")) ?? []);
  const cells = columns.flatMap((letters, column) =>
    Array.from(letters, (letter, line) => ({ column, line, good: letter.toLowerCase() === "o" })),
  );
  return {
    cells,
    columnCount: columns.length,
    lineCount: Math.max(...columns.map((letters) => letters.length)),
    isByDomain: domains.length > 1,
    badCount: cells.filter((cell) => !cell.good).length,
  };
}

/** Where the bad chips are, in words: `chips 55 to 63`, `chips 3, 17`. Counted from 1 along the map. */
export function badChipsText(grid: ChipGrid): string {
  const bad = grid.cells.flatMap((cell, index) => (cell.good ? [] : [index + 1]));
  const runs: [number, number][] = [];
  for (const chip of bad) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === chip - 1) last[1] = chip;
    else runs.push([chip, chip]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from} to ${to}`)).join(", ");
}
