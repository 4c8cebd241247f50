import type { ReactElement } from "react";
import { badChipsText, chipGrid, type ChipCell } from "./chipMap.ts";

const COLUMN = 22;
const LINE = 13;
const MIN_COLUMNS = 9;

/** Every chip of a board: a ring for a good one, a filled cell with a cross for a bad one. */
export function ChipMap({ chipMap }: { chipMap: string | null }): ReactElement {
  const grid = chipGrid(chipMap);
  if (grid === null) return <p className="nochips muted">no chip map reported</p>;
  const count = grid.cells.length;
  const label = `${count - grid.badCount} of ${count} chips good${grid.badCount > 0 ? `; bad: ${badChipsText(grid)}` : ""}`;
  const badColumns = new Set(grid.cells.filter((cell) => !cell.good).map((cell) => cell.column));
  const width = Math.max(grid.columnCount, MIN_COLUMNS) * COLUMN;
  return (
    <svg className="chips" viewBox={`0 0 ${width} ${grid.lineCount * LINE + 16}`} role="img" aria-label={label}>
      {grid.cells.map((cell) => (
        <Chip key={`${cell.column}/${cell.line}`} cell={cell} />
      ))}
      {grid.isByDomain &&
        Array.from({ length: grid.columnCount }, (_, column) => (
          <text key={column} x={column * COLUMN + 11} y={grid.lineCount * LINE + 12} className={badColumns.has(column) ? "bad" : ""}>
            {column + 1}
          </text>
        ))}
    </svg>
  );
}

function Chip({ cell }: { cell: ChipCell }): ReactElement {
  const x = cell.column * COLUMN + 11;
  const y = cell.line * LINE + 7;
  if (cell.good) return <circle cx={x} cy={y} r="3.1" />;
  return (
    <g className="bad">
      <rect x={x - 9} y={y - 5.5} width="18" height="11" rx="2" />
      <path d={`M${x - 3} ${y - 3}l6 6m0-6l-6 6`} />
    </g>
  );
}
