import type { ReactElement } from "react";
import { badChipsText, chipGrid } from "./chipMap.ts";

const COLUMN = 22;
const LINE = 13;
const MIN_COLUMNS = 9;
/** More domains than these side by side make cells too small to see; they go on in a band below. */
const MAX_COLUMNS = 14;
const NUMBERS = 16;
const RADIUS = 3.1;

/** Every chip of a board: a ring for a good one, a filled cell with a cross for a bad one. */
export function ChipMap({ chipMap }: { chipMap: string | null }): ReactElement {
  const grid = chipGrid(chipMap);
  if (grid === null) return <p className="nochips muted">no chip map reported</p>;
  const count = grid.cells.length;
  const label = `${count - grid.badCount} of ${count} chips good${grid.badCount > 0 ? `; bad: ${badChipsText(grid)}` : ""}`;
  const badColumns = new Set(grid.cells.filter((cell) => !cell.good).map((cell) => cell.column));
  const bandCount = Math.ceil(grid.columnCount / MAX_COLUMNS);
  const perBand = Math.ceil(grid.columnCount / bandCount);
  const bandHeight = grid.lineCount * LINE + NUMBERS;
  const left = (column: number) => (column % perBand) * COLUMN;
  const top = (column: number) => Math.floor(column / perBand) * bandHeight;
  const placed = grid.cells.map(({ column, line, good }) => ({
    good,
    x: left(column) + COLUMN / 2,
    y: top(column) + line * LINE + 7,
  }));
  return (
    <svg
      className="chips"
      viewBox={`0 0 ${Math.max(perBand, MIN_COLUMNS) * COLUMN} ${bandCount * bandHeight}`}
      role="img"
      aria-label={label}
    >
      <path
        className="good"
        d={placed
          .filter(({ good }) => good)
          .map(ringAt)
          .join("")}
      />
      {placed.map((chip, nth) => !chip.good && <BadChip key={nth} x={chip.x} y={chip.y} />)}
      {grid.isByDomain &&
        Array.from({ length: grid.columnCount }, (_, column) => (
          <text key={column} x={left(column) + COLUMN / 2} y={top(column) + bandHeight - 4} className={badColumns.has(column) ? "bad" : ""}>
            {column + 1}
          </text>
        ))}
    </svg>
  );
}

/** All good chips are one path: a board has a hundred of them. */
function ringAt({ x, y }: { x: number; y: number }): string {
  return `M${x - RADIUS} ${y}a${RADIUS} ${RADIUS} 0 1 0 ${2 * RADIUS} 0a${RADIUS} ${RADIUS} 0 1 0 ${-2 * RADIUS} 0`;
}

function BadChip({ x, y }: { x: number; y: number }): ReactElement {
  return (
    <g className="bad">
      <rect x={x - 9} y={y - 5.5} width="18" height="11" rx="2" />
      <path d={`M${x - 3} ${y - 3}l6 6m0-6l-6 6`} />
    </g>
  );
}
